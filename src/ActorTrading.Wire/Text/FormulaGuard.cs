namespace ActorTrading.Wire.Text;

/// <summary>
/// Protection against formula injection in spreadsheets. A text cell is dangerous if it begins with <c>=</c>, <c>+</c>, <c>-</c>, <c>@</c>,
/// a tab or a carriage return, or a full-width form of one. Tables are written with an apostrophe before such texts, and before texts that
/// have apostrophes before such a character; it is removed on reading. A single <c>-</c> is not changed: it is not a formula, and it is the
/// name of the anonymous source. For text only, never for numbers.
/// </summary>
public static class FormulaGuard
{
    private const string Beginnings = "=+-@\t\r\uff1d\uff0b\uff0d\uff20";

    /// <summary>Whether the text needs an apostrophe.</summary>
    public static bool IsNeeded(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text is "-" || char.IsAsciiLetterOrDigit(text[0])) return false;
        var first = text.TrimStart('\'');
        return !first.IsEmpty && Beginnings.Contains(first[0], StringComparison.Ordinal);
    }

    /// <summary>The text with an apostrophe if needed.</summary>
    public static string Guard(string text) => IsNeeded(text) ? "'" + text : text;

    /// <summary>Length of such an apostrophe at the start of a UTF-8 cell: 1 or 0.</summary>
    public static int Length(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty || cell[0] != '\'') return 0;
        var first = cell.TrimStart((byte)'\'');
        return !first.IsEmpty && (first[0] is (byte)'=' or (byte)'+' or (byte)'-' or (byte)'@' or (byte)'\t' or (byte)'\r' || IsWide(first))
            ? 1
            : 0;
    }

    private static bool IsWide(ReadOnlySpan<byte> text) =>
        text.StartsWith("\uff1d"u8) || text.StartsWith("\uff0b"u8) || text.StartsWith("\uff0d"u8) || text.StartsWith("\uff20"u8);
}
