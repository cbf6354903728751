using System.Text.Json;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Signals;
using ActorTrading.Engine.Excluding;

namespace ActorTrading.Host.Web.Json;

/// <summary>Writes exclusions, and the outcomes of requests to exclude.</summary>
internal static class ExclusionJson
{
    /// <summary>Maximum number of signals listed of each kind.</summary>
    private const int MaxListed = 100;

    /// <summary>Writes an exclusion as a JSON value.</summary>
    public static void Write(Utf8JsonWriter json, Exclusion exclusion)
    {
        var filter = exclusion.Filter;
        json.WriteStartObject();
        json.WriteNumber("number", exclusion.Number);
        if (filter.Source is { } source) json.WriteString("source", source.Name);
        if (filter.Epoch is { } epoch) json.WriteNumber("epoch", epoch);
        if (filter.Seq is { } seq) json.WriteNumber("seq", seq);
        if (filter.From is { } from) json.WriteString("from", from.ToString());
        if (filter.To is { } to) json.WriteString("to", to.ToString());
        json.WriteNumber("records", exclusion.Records);
        json.WriteNumber("up_to_event", exclusion.UpTo);
        json.WriteString("time", exclusion.Time.ToString());
        if (exclusion.By.Length > 0) json.WriteString("by", exclusion.By);
        json.WriteEndObject();
    }

    /// <summary>Writes an outcome as members of an object.</summary>
    public static void Write(Utf8JsonWriter json, ExclusionOutcome outcome)
    {
        json.WriteString("symbol", outcome.Symbol.Name);
        json.WriteBoolean("changed", outcome.IsChanged);
        json.WritePropertyName("exclusion");
        Write(json, outcome.Exclusion);
        json.WriteNumber("withdrawn_count", outcome.Signals.Withdrawn.Count);
        Write(json, "withdrawn", outcome.Signals.Withdrawn, isLogged: true);
        json.WriteNumber("anew_count", outcome.Signals.Anew.Count);
        Write(json, "anew", outcome.Signals.Anew, isLogged: false);
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<Signal> signals, bool isLogged)
    {
        json.WriteStartArray(name);
        foreach (var signal in signals.Take(MaxListed))
        {
            json.WriteStartObject();
            if (isLogged) json.WriteNumber("position", signal.Number);
            json.WriteString("id", signal.Id);
            json.WriteString("time", signal.Time.ToString());
            json.WriteString("name", signal.RuleName);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
