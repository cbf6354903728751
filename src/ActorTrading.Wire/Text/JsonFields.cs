using System.Text.Json;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>JSON members in the common format of all responses.</summary>
public static class JsonFields
{
    /// <summary>Writes a number in units of that many decimals as an exact decimal; null if there is none.</summary>
    public static void WriteUnits(this Utf8JsonWriter json, string name, Int128? units, int decimals = Fixed8.Decimals)
    {
        if (units is not { } there)
        {
            json.WriteNull(name);
            return;
        }

        json.WritePropertyName(name);
        if (there == (long)there) json.WriteUnitsValue((long)there, decimals);
        else json.WriteRawValue(FixedPoint.Format(there, decimals), skipInputValidation: true);
    }

    /// <summary>Writes such a number as a value, without allocation.</summary>
    public static void WriteUnitsValue(this Utf8JsonWriter json, long units, int decimals)
    {
        Span<byte> text = stackalloc byte[FixedPoint.MaxFormattedLength];
        json.WriteRawValue(text[..FixedPoint.Format(units, decimals, text)], skipInputValidation: true);
    }

    /// <summary>Writes a time in ISO 8601; null if it is not set.</summary>
    public static void WriteTime(this Utf8JsonWriter json, string name, Timestamp time)
    {
        if (time.Nanoseconds == long.MinValue) json.WriteNull(name);
        else json.WriteString(name, time.ToString());
    }

    /// <summary>Writes an indicator value; null if absent.</summary>
    public static void WriteValue(this Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }

    /// <summary>Writes an array of strings.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
