using System.Text.Json;
using ActorTrading.Connectors.Outbound;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>
/// The fields of a symbol's hash that a result sets. A bar: <c>FRAME.NAME</c> for each of its values and indicators, and <c>last</c>, its
/// close. A signal: <c>signal</c> and <c>signal.RULE</c>. An absent value has no field. The texts of numbers are those of the result.
/// </summary>
internal static class LatestFields
{
    // Values that the names of the hash and its fields already contain.
    private static readonly HashSet<string> Names = new(["symbol", "frame", "stock_id", "time_frame", "ISIN"], StringComparer.Ordinal);

    /// <summary>Adds the name and text of each field; an empty text deletes the field.</summary>
    public static void Add(ResultMessage message, ResultKind kind, List<RedisValue> fields)
    {
        if (kind == ResultKind.Signals)
        {
            fields.AddRange(["signal", message.Value, $"signal.{message.Topic}", message.Value]);
            return;
        }

        using var json = JsonDocument.Parse(message.Value);
        AddObject(json.RootElement, message.Topic, fields);
        if (json.RootElement.TryGetProperty("close", out var close)) fields.AddRange(["last", TextOf(close)]);
    }

    private static void AddObject(JsonElement from, string prefix, List<RedisValue> fields)
    {
        foreach (var member in from.EnumerateObject())
        {
            if (Names.Contains(member.Name)) continue;
            if (member.Value.ValueKind == JsonValueKind.Object) AddObject(member.Value, prefix, fields);
            else fields.AddRange([$"{prefix}.{member.Name}", TextOf(member.Value)]);
        }
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };
}
