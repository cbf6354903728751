using System.Text;

namespace ActorTrading.Wire.Text;

/// <summary>Splits the first lines of a table into cells, for the detection of its layout.</summary>
internal static class TableText
{
    /// <summary>The complete lines of a text, with their numbers from 1; the last line only if the text is complete.</summary>
    public static List<(int Number, byte[] Text)> Lines(ReadOnlySpan<byte> head, byte lineEnd, bool isWhole, int most)
    {
        var lines = new List<(int, byte[])>();
        for (var number = 1; lines.Count < most && !head.IsEmpty; number++)
        {
            var end = head.IndexOf(lineEnd);
            if (end < 0 && !isWhole && lines.Count > 0) break;
            var line = end < 0 ? head : head[..end];
            head = end < 0 ? default : head[(end + 1)..];
            if (!line.IsEmpty && line[^1] == '\r') line = line[..^1];
            lines.Add((number, line.ToArray()));
        }

        return lines;
    }

    /// <summary>The cells of a line, without quotes and outer blanks.</summary>
    public static List<string> Cells(ReadOnlySpan<byte> line, byte separator)
    {
        var cells = new List<string>();
        var cell = new List<byte>();
        var isQuoted = false;
        foreach (var c in line)
        {
            if (c == '"') isQuoted = !isQuoted;
            else if (c == separator && !isQuoted) Take();
            else cell.Add(c);
        }

        Take();
        return cells;

        void Take()
        {
            cells.Add(Encoding.UTF8.GetString([.. cell]).Trim());
            cell.Clear();
        }
    }

    /// <summary>Number of cells of a line.</summary>
    public static int Count(ReadOnlySpan<byte> line, byte separator)
    {
        var count = 1;
        var isQuoted = false;
        foreach (var c in line)
        {
            if (c == '"') isQuoted = !isQuoted;
            else if (c == separator && !isQuoted) count++;
        }

        return count;
    }

    /// <summary>
    /// The separator: the character that splits most of the lines into the same number of cells, and into the most cells.
    /// </summary>
    public static byte SeparatorOf(IReadOnlyList<(int Number, byte[] Text)> lines)
    {
        var best = ((byte)',', Score: 0.0);
        foreach (var candidate in ",;\t|"u8)
        {
            var counts = lines.Select(line => Count(line.Text, candidate)).Where(count => count > 1).ToList();
            if (counts.Count == 0) continue;
            var usual = counts.GroupBy(count => count).MaxBy(group => (group.Count(), group.Key))!;
            var score = ((double)usual.Count() / lines.Count * 100) + usual.Key;
            if (score > best.Score) best = (candidate, score);
        }

        return best.Item1;
    }

    /// <summary>Whether a cell is a plain number.</summary>
    public static bool IsNumber(string cell) => cell.Length > 0 && TimeNumber.TryParse(Encoding.UTF8.GetBytes(cell), out _);

    /// <summary>Whether a cell is a date, a time or both, in any format; plain numbers are not.</summary>
    public static bool IsSpelledTime(string cell)
    {
        if (cell.Length < 6 || IsNumber(cell)) return false;
        var bytes = Encoding.UTF8.GetBytes(cell);
        var spelled = new SpelledTime(InputZone.Utc) { Order = DateOrder.DayFirst };
        if (spelled.TryParse(bytes, out _) == Domain.Admission.RejectReason.None) return true;
        spelled.Order = DateOrder.MonthFirst;
        return spelled.TryParse(bytes, out _) == Domain.Admission.RejectReason.None;
    }

    /// <summary>The beginning of a line, for a message.</summary>
    public static string Printable(ReadOnlySpan<byte> line) => string.Concat(
        Encoding.UTF8.GetString(line[..Math.Min(line.Length, 60)]).Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
