using System.Text.Json;
using ActorTrading.Engine;

namespace ActorTrading.Host.Web.Json;

/// <summary>Writes a shard as one object.</summary>
internal static class ShardJson
{
    /// <summary>Writes the object as a JSON value.</summary>
    public static void Write(Utf8JsonWriter json, string region, ShardStatus shard)
    {
        json.WriteStartObject();
        json.WriteString("region", region);
        json.WriteNumber("shard", shard.Number);
        json.WriteString("owner", shard.Owner);
        json.WriteNumber("symbols", shard.Symbols);
        json.WriteNumber("records", shard.Records);
        json.WriteNumber("rate", Math.Round(shard.Rate, 1));
        json.WriteNumber("waiting", shard.Waiting);
        json.WriteNumber("lag_seconds", shard.Lag.TotalSeconds);
        json.WritePropertyName("last_event");
        if (shard.Last is { } last)
        {
            json.WriteStartObject();
            json.WriteString("symbol", last.Symbol.Name);
            json.WriteNumber("event", last.Number);
            json.WriteString("time", last.Time.ToString());
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteNumber("moves", shard.Moves);
        json.WriteEndObject();
    }
}
