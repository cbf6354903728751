using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ActorTrading.Connectors.Exchanges.Adapters;

/// <summary>Helpers to read exchange messages. Numbers keep their original text.</summary>
internal static class ExchangeJson
{
    /// <summary>The raw UTF-8 bytes of a value.</summary>
    public static byte[] Raw(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).ToArray();

    /// <summary>The bytes of an object, with members inserted before its own: <c>"symbol":"BTCUSDT"</c>.</summary>
    public static byte[] RawWith(JsonElement value, string members)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        var head = Encoding.UTF8.GetBytes($"{{{members},");
        var all = new byte[head.Length + raw.Length - 1];
        head.CopyTo(all, 0);
        raw[1..].CopyTo(all.AsSpan(head.Length));
        return all;
    }

    /// <summary>A text, or the digits of a number.</summary>
    /// <exception cref="ExchangeException">The member is missing or neither of them.</exception>
    public static string Text(JsonElement value, string name) =>
        TextOrNull(value, name) ?? throw new ExchangeException(ExchangeError.Malformed, $"a message without {name}");

    /// <summary>A text, or the digits of a number; null if the member is missing or neither of them.</summary>
    public static string? TextOrNull(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? TextOf(member) : null;

    /// <summary>A text, or the digits of a number; null for anything else.</summary>
    public static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    /// <summary>A whole number, in quotes or not.</summary>
    /// <exception cref="ExchangeException">The member is missing or not a whole number.</exception>
    public static long Whole(JsonElement value, string name) =>
        long.TryParse(TextOrNull(value, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ExchangeException(ExchangeError.Malformed, $"a message without a whole number {name}");

    /// <summary>The items of an array; empty if the member is missing.</summary>
    /// <exception cref="ExchangeException">The member is not an array.</exception>
    public static JsonElement.ArrayEnumerator Items(JsonElement value, string name)
    {
        if (!value.TryGetProperty(name, out var member)) return default;
        return member.ValueKind == JsonValueKind.Array
            ? member.EnumerateArray()
            : throw new ExchangeException(ExchangeError.Malformed, $"a message whose {name} is not an array");
    }

    /// <summary>Book levels: rows of price and size, or objects.</summary>
    /// <exception cref="ExchangeException">A level is neither of them.</exception>
    public static List<Level> Levels(JsonElement value, string name, string price = "", string size = "")
    {
        var levels = new List<Level>();
        foreach (var item in Items(value, name))
        {
            var isRow = item.ValueKind == JsonValueKind.Array && item.GetArrayLength() >= 2;
            var (at, much) = isRow ? (TextOf(item[0]), TextOf(item[1])) : (TextOrNull(item, price), TextOrNull(item, size));
            if (!IsNumber(at) || !IsNumber(much))
                throw new ExchangeException(ExchangeError.Malformed, $"a level in {name} without price and size");
            levels.Add(new Level(at!, much!));
        }

        return levels;
    }

    /// <summary>Whether the text is a number by which a book can be ordered.</summary>
    public static bool IsNumber(string? text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>A text as a JSON value.</summary>
    public static string Quoted(string text) => JsonSerializer.Serialize(text);

    /// <summary>Texts as a JSON array.</summary>
    public static string Array(IEnumerable<string> texts) => $"[{string.Join(',', texts.Select(Quoted))}]";

    /// <summary>A time as a JSON value.</summary>
    public static string Moment(DateTimeOffset at) =>
        Quoted(at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));

    /// <summary>Converts an RFC 3339 time to nanoseconds since 1970; 0 if it is not valid.</summary>
    public static long Nanoseconds(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? (at - DateTimeOffset.UnixEpoch).Ticks * 100
            : 0;

    /// <summary>The number of decimals of a price or size step: <c>0.01000000</c> has two.</summary>
    public static int Decimals(string step)
    {
        var point = step.IndexOf('.', StringComparison.Ordinal);
        return point < 0 ? 0 : step.TrimEnd('0').Length - point - 1;
    }
}
