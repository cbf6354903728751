using System.Buffers;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Explaining;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Api;

/// <summary>Why a signal fired, as JSON: what <c>GET /explain</c> answers and <c>explain --json</c> prints.</summary>
internal static class ExplanationJson
{
    /// <summary>Writes the explanation as an object.</summary>
    public static void Write(SignalExplanation explanation, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteMembers(explanation, json);
        json.WriteEndObject();
    }

    /// <summary>Writes the members of that object.</summary>
    public static void WriteMembers(SignalExplanation explanation, Utf8JsonWriter json)
    {
        json.WriteString("id", explanation.Id.ToString());
        json.WriteString("outcome", Name(explanation.Outcome));
        if (explanation.Logged is { } logged) json.WriteNumber("position", logged.Position);
        json.WriteNumber("event", explanation.Event);
        json.WriteStartArray("rule");
        foreach (var line in explanation.Rule) json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteStartArray("values");
        foreach (var value in explanation.Values)
        {
            json.WriteStartObject();
            json.WriteString("value", value.Name);
            WriteDouble(json, "before", value.Before);
            WriteDouble(json, "at", value.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if ((explanation.Refolded ?? explanation.Logged?.Signal) is { } signal)
        {
            json.WritePropertyName("signal");
            SignalJson.Write(signal, json);
        }

        if (explanation.Bar is { } bar)
        {
            json.WriteStartObject("bar");
            json.WriteString("open_time", bar.Opened.ToString());
            WriteDecimal(json, "open", bar.Open);
            WriteDecimal(json, "high", bar.High);
            WriteDecimal(json, "low", bar.Low);
            WriteDecimal(json, "close", bar.Close);
            json.WritePropertyName("volume");
            json.WriteRawValue(Fixed8.Format(bar.Volume));
            json.WriteNumber("ticks", bar.Ticks);
            json.WriteEndObject();
        }

        json.WriteNumber("records_of_bar", explanation.RecordsOfBar);
        json.WriteStartArray("records");
        foreach (var record in explanation.Records) json.WriteRawValue(Canonical(record));
        json.WriteEndArray();
    }

    private static string Name(ExplanationOutcome outcome) => outcome switch
    {
        ExplanationOutcome.Same => "same",
        ExplanationOutcome.Different => "different",
        ExplanationOutcome.NotLogged => "not_logged",
        ExplanationOutcome.NotFired => "not_fired",
        ExplanationOutcome.OfAnotherPlan => "of_another_plan",
        _ => "events_deleted",
    };

    private static string Canonical(in Record record)
    {
        var line = new ArrayBufferWriter<byte>();
        RecordWriter.Write(record, Dialect.Canonical, line);
        return Encoding.UTF8.GetString(line.WrittenSpan[..^1]);
    }

    private static void WriteDecimal(Utf8JsonWriter json, string name, long units)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(Fixed8.Format(units));
    }

    private static void WriteDouble(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsNaN(value)) json.WriteNull(name);
        else json.WriteNumber(name, value);
    }
}
