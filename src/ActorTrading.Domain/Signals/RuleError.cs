namespace ActorTrading.Domain.Signals;

/// <summary>An error in a rule: the problem and the correction, and the position of the character (from 0).</summary>
public sealed record RuleError(string Message, int Column)
{
    private const int MaxShown = 120;

    /// <summary>
    /// The error for display: the text (of a long text the part around the error), a caret under the wrong character, and the message with
    /// the column counted from 1.
    /// </summary>
    public string Render(string text)
    {
        var (line, caret) = PointAt(text);
        return $"{line}\n{caret}\ncolumn {Column + 1}: {Message}";
    }

    internal (string Line, string Caret) PointAt(string text)
    {
        var from = text.Length <= MaxShown ? 0 : Math.Clamp(Column - (MaxShown / 2), 0, text.Length - MaxShown);
        var part = text.Substring(from, Math.Min(MaxShown, text.Length - from));

        // One character of text must be one column on screen, so control characters are replaced by blanks.
        var line = string.Concat(part.Select(c => char.IsControl(c) ? ' ' : c)).TrimEnd();
        var before = from > 0 ? "…" : "";
        var after = from + part.Length < text.Length ? "…" : "";
        return (before + line + after, new string(' ', Column - from + before.Length) + "^");
    }
}
