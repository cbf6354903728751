using System.Buffers;
using System.Text.Json;
using ActorTrading.Engine.Explaining;
using ActorTrading.Engine;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web.Json;

/// <summary>Writes the explanation of a signal as members of an object; values that were not recomputed are null.</summary>
internal static class ExplanationJson
{
    /// <summary>Writes the explanation.</summary>
    public static void Write(Utf8JsonWriter json, SignalExplanation explanation)
    {
        json.WriteString("outcome", OutcomeName(explanation.Outcome));
        if (explanation.Logged is { } logged)
        {
            json.WritePropertyName("logged");
            LoggedSignalJson.Write(json, logged);
        }
        else
        {
            json.WriteNull("logged");
        }

        if (explanation.WithdrawnAt > 0) json.WriteNumber("withdrawn_at", explanation.WithdrawnAt);
        if (explanation.Refolded is { } refolded)
        {
            json.WritePropertyName("refolded");
            SignalJson.Write(refolded, json);
        }
        else
        {
            json.WriteNull("refolded");
        }

        json.WriteTexts("rule", explanation.Rule);
        WriteValues(json, explanation);
        if (explanation.Bar is { } bar)
        {
            json.WriteStartObject("bar");
            BarJson.Write(json, bar, explanation.Units);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("bar");
        }

        json.WriteNumber("event", explanation.Event);
        WriteRecords(json, explanation);
        json.WriteNumber("records_of_bar", explanation.RecordsOfBar);
    }

    private static void WriteValues(Utf8JsonWriter json, SignalExplanation explanation)
    {
        json.WriteStartArray("values");
        foreach (var value in explanation.Values)
        {
            json.WriteStartObject();
            json.WriteString("name", value.Name);
            json.WriteValue("before", value.Before);
            json.WriteValue("at", value.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRecords(Utf8JsonWriter json, SignalExplanation explanation)
    {
        var line = new ArrayBufferWriter<byte>();
        json.WriteStartArray("records");
        foreach (var record in explanation.Records)
        {
            line.ResetWrittenCount();
            RecordWriter.Write(record, Dialect.Canonical, line);
            json.WriteRawValue(line.WrittenSpan.TrimEnd((byte)'\n'), skipInputValidation: true);
        }

        json.WriteEndArray();
    }

    private static string OutcomeName(ExplanationOutcome outcome) => outcome switch
    {
        ExplanationOutcome.Same => "same",
        ExplanationOutcome.Different => "different",
        ExplanationOutcome.NotLogged => "not_logged",
        ExplanationOutcome.NotFired => "not_fired",
        ExplanationOutcome.OfAnotherPlan => "of_another_plan",
        ExplanationOutcome.EventsDeleted => "events_deleted",
        ExplanationOutcome.Withdrawn => "withdrawn",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
