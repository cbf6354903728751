using System.Text.Json;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Signals;
using ActorTrading.Engine.DryRuns;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web.Json;

/// <summary>Writes the result of a dry run as members of an object.</summary>
internal static class DryRunJson
{
    /// <summary>Writes the report.</summary>
    /// <param name="left">Number of symbols beyond the limit of one dry run.</param>
    public static void Write(Utf8JsonWriter json, DryRunReport report, int left)
    {
        json.WriteString("present", report.Present.ToString());
        json.WriteString("proposed", report.Proposed.ToString());
        json.WriteString("end", report.End switch
        {
            DryRunEnd.Complete => "complete",
            DryRunEnd.TimeLimit => "time_limit",
            _ => "too_many_signals",
        });
        json.WriteNumber("symbols", report.Symbols);
        json.WriteNumber("symbols_left", report.SymbolsNotReached + left);
        json.WriteNumber("symbols_from_later", report.SymbolsFromLater);
        json.WriteNumber("records", report.Records);
        if (report.Span is var (first, last))
        {
            json.WriteTime("first_time", first);
            json.WriteTime("last_time", last);
        }
        else
        {
            json.WriteNull("first_time");
            json.WriteNull("last_time");
        }

        json.WriteNumber("seconds", report.Elapsed.TotalSeconds);
        json.WriteStartObject("counts");
        Write(json, report.Counts);
        json.WriteEndObject();
        json.WriteStartArray("rules");
        foreach (var (name, counts) in report.Rules)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            Write(json, counts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("signals");
        foreach (var difference in report.Signals) Write(json, difference);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, DryCounts counts)
    {
        json.WriteNumber("present", counts.Present);
        json.WriteNumber("proposed", counts.Proposed);
        json.WriteNumber("stay", counts[SignalFate.Stays]);
        json.WriteNumber("move", counts[SignalFate.Moves]);
        json.WriteNumber("come", counts[SignalFate.Comes]);
        json.WriteNumber("go", counts[SignalFate.Goes]);
    }

    private static void Write(Utf8JsonWriter json, DryDifference difference)
    {
        var signal = difference.Signal;
        json.WriteStartObject();
        json.WriteString("fate", difference.Fate switch
        {
            SignalFate.Stays => "stays",
            SignalFate.Moves => "moves",
            SignalFate.Comes => "comes",
            _ => "goes",
        });
        json.WriteString("symbol", signal.Id.Symbol.Name);
        json.WriteString("name", signal.Rule);
        json.WriteString("action", signal.Action.Name());
        json.WriteString("frame", signal.Id.Frame.Name());
        Write(json, "present", difference.Present);
        Write(json, "proposed", difference.Proposed);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, DrySignal? given)
    {
        if (given is not { } signal)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("id", signal.Id.ToString());
        json.WriteTime("time", signal.Time);
        json.WriteUnits("price", signal.Price, signal.PriceDecimals);
        json.WriteEndObject();
    }
}
