using System.Text.Json;
using ActorTrading.Engine;

namespace ActorTrading.Host.Web.Json;

/// <summary>Writes a ledger as members of an object.</summary>
internal static class LedgerJson
{
    /// <summary>Writes the members: the sources, their total, and whether all of them balance.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<LedgerLine> lines)
    {
        json.WriteStartArray("sources");
        foreach (var line in lines)
        {
            json.WriteStartObject();
            json.WriteString("source", line.Source.Name);
            Write(json, line);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("total");
        var all = new Ledger();
        all.Add(lines);
        Write(json, all.Total());
        json.WriteEndObject();
        json.WriteBoolean("balanced", lines.All(line => line.IsBalanced));
    }

    private static void Write(Utf8JsonWriter json, LedgerLine line)
    {
        json.WriteNumber("received", line.Received);
        json.WriteNumber("applied", line.Applied);
        json.WriteNumber("late", line.Late);
        json.WriteNumber("duplicate", line.Duplicate);
        json.WriteNumber("rejected", line.Rejected);
        json.WriteNumber("rounded", line.Rounded);
    }
}
