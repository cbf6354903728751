using System.Buffers;
using System.Text.Json;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Writes a signal as one JSON object, for files and subscribers. Prices are exact decimal numbers; values are doubles in round-trip form,
/// null if absent; times are ISO 8601 UTC.
/// </summary>
public static class SignalJson
{
    /// <summary>Writes the object, without a line end.</summary>
    public static void Write(Signal signal, IBufferWriter<byte> destination)
    {
        using var json = new Utf8JsonWriter(destination, ReadableJson.Options);
        Write(signal, json);
    }

    /// <summary>Writes the object with its position in the signal log as the first field, without a line end.</summary>
    public static void Write(long position, Signal signal, IBufferWriter<byte> destination)
    {
        using var json = new Utf8JsonWriter(destination, ReadableJson.Options);
        json.WriteStartObject();
        json.WriteNumber("position", position);
        WriteFields(signal, json);
        json.WriteEndObject();
    }

    /// <summary>Writes the object as a value.</summary>
    public static void Write(Signal signal, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteFields(signal, json);
        json.WriteEndObject();
    }

    /// <summary>Writes the fields into an object that is open.</summary>
    public static void WriteFields(Signal signal, Utf8JsonWriter json)
    {
        json.WriteString("id", signal.Id);
        json.WriteNumber("number", signal.Number);
        json.WriteString("symbol", signal.Symbol.Name);
        json.WriteString("action", signal.Action.Name());
        if (signal.Action == SignalAction.Withdrawn) json.WriteNumber("withdraws", signal.Number);
        WriteDecimal(json, "price", signal.Price, signal.PriceDecimals);
        json.WriteString("time", signal.Time.ToString());
        json.WriteString("name", signal.RuleName);
        json.WriteString("rule_id", signal.RuleId);
        json.WriteString("rule", signal.RuleText);
        json.WriteString("frame", signal.Frame.Name());
        json.WriteString("bar_time", signal.BarTime.ToString());
        json.WriteNumber("ordinal", signal.Ordinal);
        json.WriteStartObject("values");
        foreach (var (name, value) in signal.Values)
        {
            if (double.IsNaN(value)) json.WriteNull(name);
            else json.WriteNumber(name, value);
        }

        json.WriteEndObject();
        WriteTrigger(json, signal.Trigger, signal.PriceDecimals);
    }

    private static void WriteTrigger(Utf8JsonWriter json, in Trigger trigger, int decimals)
    {
        json.WriteStartObject("trigger");
        json.WriteString("kind", trigger.IsClock ? "clock" : "record");
        json.WriteString("time", trigger.Time.ToString());
        if (!trigger.IsClock)
        {
            WriteDecimal(json, "price", trigger.Price, decimals);
            json.WriteString("source", trigger.Id.Source.Name);
            json.WriteNumber("epoch", trigger.Id.Epoch);
            if (trigger.Id.Seq != Identity.None) json.WriteNumber("seq", trigger.Id.Seq);
        }

        json.WriteEndObject();
    }

    private static void WriteDecimal(Utf8JsonWriter json, string name, long units, int decimals)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(FixedPoint.Format(units, decimals), skipInputValidation: true);
    }
}
