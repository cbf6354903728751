namespace ActorTrading.Wire.Text;

/// <summary>
/// Cells of text that a spreadsheet would take for a formula: those that begin with <c>=</c>, <c>+</c>, <c>-</c>,
/// <c>@</c>, a tab or a carriage return, or a full-width form of one. Tables are written with an apostrophe before
/// them, and before those that begin with apostrophes and then so, and read without it. A <c>-</c> alone stays: it is
/// no formula, and the name of the anonymous source. For text only, never for numbers.
/// </summary>
public static class FormulaGuard
{
    private const string Beginnings = "=+-@\t\r\uff1d\uff0b\uff0d\uff20";

    /// <summary>Whether an apostrophe is to be written before a text.</summary>
    public static bool IsNeeded(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text is "-" || char.IsAsciiLetterOrDigit(text[0])) return false;
        var first = text.TrimStart('\'');
        return !first.IsEmpty && Beginnings.Contains(first[0], StringComparison.Ordinal);
    }

    /// <summary>A text as it is written.</summary>
    public static string Guard(string text) => IsNeeded(text) ? "'" + text : text;

    /// <summary>How many bytes of a cell of UTF-8 are such an apostrophe: 1 or 0.</summary>
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
