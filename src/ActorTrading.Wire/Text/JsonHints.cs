using System.Text.Json;

namespace ActorTrading.Wire.Text;

/// <summary>Advice for common JSON that cannot be read; null if there is none.</summary>
internal static class JsonHints
{
    private const string Python = "this is a printed Python dict, not JSON: write json.dumps(record)";
    private const string Pair =
        "a time and a value without a field name: write {\"ts\":..,\"symbol\":..,\"price\":..} for each";
    private const string Level =
        "write one order book level per record: "
        + "{\"kind\":\"book\",\"symbol\":..,\"ts\":..,\"side\":\"bid\",\"price\":..,\"quantity\":..}";

    /// <summary>Advice for a line that is not JSON.</summary>
    public static string? OfLine(ReadOnlySpan<byte> line) => line.TrimStart("[{ "u8).StartsWith("'"u8) ? Python : null;

    /// <summary>Advice for an array item that is not a record.</summary>
    public static string? OfItem(ReadOnlySpan<byte> item, TimeNames times)
    {
        var reader = new Utf8JsonReader(item);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) return null;
        if (!reader.Read() || reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String)) return null;
        var isTime = times.IsTime(reader.ValueSpan);
        if (!reader.Read() || reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String)) return null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray) return null;
        return isTime ? Pair : Level;
    }
}
