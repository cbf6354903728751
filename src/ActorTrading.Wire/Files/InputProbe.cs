using ActorTrading.Wire.Binary;

namespace ActorTrading.Wire.Files;

/// <summary>Tells what a file holds by its first bytes; its name does not matter.</summary>
internal static class InputProbe
{
    /// <summary>How many bytes it takes.</summary>
    public const int Length = 4096;

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Bytes at the beginning that are no text: those of a UTF-8 byte order mark.</summary>
    public static int MarkLength(ReadOnlySpan<byte> first) => first.StartsWith(Utf8Mark) ? Utf8Mark.Length : 0;

    /// <summary>Whether the text is UTF-16 or UTF-32, which is not read.</summary>
    public static bool IsWide(ReadOnlySpan<byte> first) => first.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || first.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);

    /// <summary>Whether a first JSON object ends within these bytes.</summary>
    public static bool EndsAnObject(ReadOnlySpan<byte> text)
    {
        var depth = 0;
        var isInText = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\') i++;
            else if (c == '"') isInText = !isInText;
            else if (isInText) continue;
            else if (c == '{') depth++;
            else if (c == '}' && --depth == 0) return true;
            else if (c == ']' && depth == 0) return true;
        }

        return false;
    }

    /// <summary>The format.</summary>
    public static InputFormat FormatOf(ReadOnlySpan<byte> first)
    {
        if (first.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) return InputFormat.Gzip;
        if (first.StartsWith("PK\x03\x04"u8) || first.StartsWith("PK\x05\x06"u8)) return InputFormat.Zip;
        if (first.StartsWith(BinaryFormat.Magic)) return InputFormat.Binary;
        var text = first[MarkLength(first)..].TrimStart(" \t\r\n"u8);
        if (text.IsEmpty) return InputFormat.Empty;
        if (text[0] == '[') return InputFormat.Json;
        if (text[0] != '{') return InputFormat.Csv;

        // An object whose first line is nothing but its brace goes on over the next lines.
        var end = text.IndexOf((byte)'\n');
        return end > 0 && text[1..end].Trim(" \t\r"u8).IsEmpty ? InputFormat.Json : InputFormat.Ndjson;
    }
}
