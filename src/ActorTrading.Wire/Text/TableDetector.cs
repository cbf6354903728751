using System.Diagnostics.CodeAnalysis;

namespace ActorTrading.Wire.Text;

/// <summary>Detects the layout of a table from its beginning, or gives the reason in one sentence.</summary>
public static class TableDetector
{
    private const int MostLines = 1_000;
    private const int MostLinesBefore = 30;

    /// <summary>
    /// Detects the layout of a table from its beginning, or from the whole table if <paramref name="isWhole"/>. If it returns false, there
    /// is a message for the user and its line.
    /// </summary>
    public static bool TryDetect(
        ReadOnlySpan<byte> head, bool isWhole, ParserOptions options, [NotNullWhen(true)] out TableLayout? layout, out TableFault fault)
    {
        layout = null;
        var lineEnd = head.Contains((byte)'\n') || !head.Contains((byte)'\r') ? (byte)'\n' : (byte)'\r';
        var lines = TableText.Lines(head, lineEnd, isWhole, MostLines);
        var before = 0;
        byte? separator = null;
        while (before < lines.Count && IsBefore(lines[before].Text, out var said))
        {
            separator ??= said;
            before++;
        }

        // A title, an address or a comment: one cell above rows of several cells.
        var rest = lines.Skip(before).ToList();
        var sign = separator ?? TableText.SeparatorOf(rest);
        while (rest.Count > 1 && before < MostLinesBefore && TableText.Count(rest[0].Text, sign) == 1
            && rest.Skip(1).Any(line => TableText.Count(line.Text, sign) > 2))
        {
            rest.RemoveAt(0);
            before++;
        }

        if (rest.Count == 0)
        {
            fault = new TableFault(1, "holds no rows", false);
            return false;
        }

        return new TableAttempt(rest, sign, lineEnd, options).TryRun(out layout, out fault);
    }

    /// <summary>Whether a line above the header is empty, is a comment, or declares the separator as spreadsheets do.</summary>
    private static bool IsBefore(ReadOnlySpan<byte> line, out byte? separator)
    {
        separator = null;
        var text = line.Trim(" \t"u8);
        if (text.IsEmpty) return true;
        if (text.Length == 5 && text.StartsWith("sep="u8))
        {
            separator = text[4];
            return true;
        }

        // A header may begin with a comment sign: #time,symbol,price.
        return text[0] == '#' && !text[1..].ContainsAny((byte)',', (byte)';', (byte)'\t');
    }
}
