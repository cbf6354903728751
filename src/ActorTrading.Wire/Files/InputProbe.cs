using System.Text;
using ActorTrading.Wire.Binary;

namespace ActorTrading.Wire.Files;

/// <summary>Detects the format of a file from its first bytes; the file name is not used.</summary>
internal static class InputProbe
{
    /// <summary>Number of bytes examined.</summary>
    public const int Length = 4096;

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Length of the UTF-8 byte order mark at the beginning, or 0.</summary>
    public static int MarkLength(ReadOnlySpan<byte> first) => first.StartsWith(Utf8Mark) ? Utf8Mark.Length : 0;

    /// <summary>Whether the text is UTF-16 or UTF-32, which is not supported.</summary>
    public static bool IsWide(ReadOnlySpan<byte> first) =>
        first.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || first.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);

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

    /// <summary>The name of an unsupported format that the first bytes identify; otherwise null.</summary>
    public static string? ForeignName(ReadOnlySpan<byte> first)
    {
        if (first.StartsWith("PAR1"u8)) return "a Parquet file; backtest and feed read Parquet only from a separate file";
        if (first.StartsWith("ARROW1"u8)) return "an Arrow file; save it as CSV";
        if (first.StartsWith("SQLite format 3"u8)) return "a SQLite database; export its table as CSV";
        if (first.StartsWith("%PDF-"u8)) return "a PDF document";
        if (first.StartsWith("BZh"u8)) return "packed by bzip2; unpack it, or pack it by gzip";
        if (first.StartsWith("Rar!"u8)) return "packed by rar; unpack it, or pack it by gzip or zip";
        if (first.Length > 5 && first[0] == 0xFD && first[1..].StartsWith("7zXZ"u8)) return "packed by xz; unpack it, or pack it by gzip";
        if (first.Length > 3 && first.StartsWith("7z"u8) && first[2] == 0xBC)
            return "packed by 7-Zip; unpack it, or pack it by gzip or zip";
        if (first.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])) return "packed by zstd; unpack it, or pack it by gzip";
        if (first.Length > 262 && first.Slice(257, 5).SequenceEqual("ustar"u8)) return "a tar archive; unpack it";
        if (first.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0])) return "an old Excel workbook; save it as CSV";
        var text = first[MarkLength(first)..].TrimStart(" \t\r\n"u8);
        return Begins(text, "<!doctype html"u8) || Begins(text, "<html"u8)
            ? "a web page (HTML), not market data"
            : null;
    }

    private static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.Length >= word.Length && Ascii.EqualsIgnoreCase(text[..word.Length], word);

    /// <summary>Whether an array begins with a value: then it is a row or a message, and others follow on their own lines.</summary>
    private static bool IsRow(ReadOnlySpan<byte> text) =>
        text[1..].TrimStart(" \t"u8) is [(>= (byte)'0' and <= (byte)'9') or (byte)'"' or (byte)'-', ..];

    /// <summary>Detects the format.</summary>
    public static InputFormat FormatOf(ReadOnlySpan<byte> first)
    {
        if (first.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) return InputFormat.Gzip;
        if (first.StartsWith("PK\x03\x04"u8) || first.StartsWith("PK\x05\x06"u8)) return InputFormat.Zip;
        if (first.StartsWith(BinaryFormat.Magic)) return InputFormat.Binary;
        var text = first[MarkLength(first)..].TrimStart(" \t\r\n"u8);
        if (text.IsEmpty) return InputFormat.Empty;
        if (text[0] == '[') return IsRow(text) ? InputFormat.Ndjson : InputFormat.Json;
        if (text[0] != '{') return InputFormat.Csv;

        // An object whose first line ends in the middle of it, behind a brace, a bracket, a comma or a colon, continues on the next lines.
        var end = text.IndexOf((byte)'\n');
        if (end < 0 || EndsAnObject(text[..end])) return InputFormat.Ndjson;
        return text[..end].TrimEnd(" \t\r"u8)[^1] is (byte)'{' or (byte)'[' or (byte)',' or (byte)':'
            ? InputFormat.Json
            : InputFormat.Ndjson;
    }
}
