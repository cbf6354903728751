using System.Text.Json;
using ActorTrading.Domain.Calendars;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Backtesting;

/// <summary>Writes the detected formats of inputs as JSON.</summary>
internal static class InputJson
{
    /// <summary>Writes the array <c>inputs</c>.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<InputTaken> inputs)
    {
        json.WriteStartArray("inputs");
        foreach (var input in inputs)
        {
            json.WriteStartObject();
            Write(json, input);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes one input as members of an object.</summary>
    public static void Write(Utf8JsonWriter json, InputTaken input)
    {
        json.WriteString("name", input.Name);
        if (input.Skipped is { } skipped)
        {
            json.WriteString("skipped", skipped);
            return;
        }

        json.WriteString("format", input.Format.Name());
        json.WriteStartArray("kinds");
        foreach (var kind in input.Kinds) json.WriteStringValue(kind);
        json.WriteEndArray();
        if (input.Frame is { } frame) json.WriteString("frame", frame.Name());
        if (input.Used.Count > 0)
        {
            json.WriteStartObject("columns");
            foreach (var (column, field) in input.Used) json.WriteString(column, field);
            json.WriteEndObject();
            json.WriteStartArray("columns_not_read");
            foreach (var column in input.Unused) json.WriteStringValue(column);
            json.WriteEndArray();
        }

        if (input.Unit is { } unit) json.WriteString("time_unit", unit.Name());
        if (input.Zone is { } zone) json.WriteString("zone", zone);
        json.WriteString("order", input.Order switch
        {
            TimeOrder.OldestFirst => "oldest_first",
            TimeOrder.NewestFirst => "newest_first",
            TimeOrder.Mixed => "mixed",
            _ => "unknown",
        });
        json.WriteStartArray("notes");
        foreach (var note in input.Notes) json.WriteStringValue(note);
        json.WriteEndArray();
    }
}
