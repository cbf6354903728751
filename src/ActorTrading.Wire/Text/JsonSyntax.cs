using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Text;

/// <summary>Finds, explains and repairs the errors of lines that are not valid JSON. Not thread-safe.</summary>
internal sealed class JsonSyntax
{
    private byte[] repaired = [];

    /// <summary>The position of the first error in a line that is not a JSON object or array in UTF-8; -1 if it is valid.</summary>
    public static int FindFault(ReadOnlySpan<byte> line)
    {
        // Most invalid lines are detected without an exception: lines that are not JSON at all, and lines cut short.
        if (line[0] is not ((byte)'{' or (byte)'[')) return 0;
        if (line[^1] is not ((byte)'}' or (byte)']')) return line.Length;
        if (!Utf8.IsValid(line)) return FirstInvalidByte(line);
        var reader = new Utf8JsonReader(line);
        try
        {
            while (reader.Read())
            {
            }

            return -1;
        }
        catch (JsonException)
        {
            return (int)reader.BytesConsumed;
        }
    }

    private static int FirstInvalidByte(ReadOnlySpan<byte> line)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(line[at..], out _, out var length) == OperationStatus.Done) at += length;
        return at;
    }

    /// <summary>The rejection of a line with an error at a position.</summary>
    public static Rejection Explain(ReadOnlySpan<byte> line, int position)
    {
        var start = Math.Clamp(position, 0, line.Length);
        var text = start == line.Length ? "the line ends" : Encoding.UTF8.GetString(line[start..Math.Min(line.Length, start + 80)]);
        return new Rejection(RejectReason.Malformed, "line", $"at byte {start}: {text}") { Hint = JsonHints.OfLine(line) };
    }

    /// <summary>
    /// Puts quotes around bare NaN, Infinity and -Infinity, which many programs write although JSON does not allow them. So the rejection
    /// can contain the field and the seq of the record.
    /// </summary>
    public bool TryQuoteNotFinite(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> quoted)
    {
        quoted = default;
        if (line.IndexOf("NaN"u8) < 0 && line.IndexOf("Infinity"u8) < 0) return false;
        if (repaired.Length < line.Length * 2) repaired = new byte[line.Length * 2];
        var length = 0;
        var inText = false;
        for (var i = 0; i < line.Length; i++)
        {
            var token = inText ? default : NotFiniteAt(line[i..]);
            if (token.IsEmpty)
            {
                if (line[i] == '"') inText = !inText;
                repaired[length++] = line[i];
                if (inText && line[i] == '\\' && i + 1 < line.Length) repaired[length++] = line[++i];
                continue;
            }

            repaired[length++] = (byte)'"';
            token.CopyTo(repaired.AsSpan(length));
            length += token.Length;
            repaired[length++] = (byte)'"';
            i += token.Length - 1;
        }

        quoted = repaired.AsSpan(0, length);
        return true;
    }

    private static ReadOnlySpan<byte> NotFiniteAt(ReadOnlySpan<byte> text) => text switch
    {
        [(byte)'N', ..] when text.StartsWith("NaN"u8) => text[..3],
        [(byte)'I', ..] when text.StartsWith("Infinity"u8) => text[..8],
        [(byte)'-', (byte)'I', ..] when text.StartsWith("-Infinity"u8) => text[..9],
        _ => default,
    };
}
