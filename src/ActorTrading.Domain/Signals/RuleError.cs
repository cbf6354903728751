namespace ActorTrading.Domain.Signals;

/// <summary>Why a text is no rule: what is wrong and what would be right, and at which character (from 0).</summary>
public sealed record RuleError(string Message, int Column)
{
    private const int MaxShown = 120;

    /// <summary>
    /// The error as people read it: the text (of a long one the part around the fault), a caret under the character at
    /// fault, and the message with the column counted from 1.
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

        // One character of text is one column on screen, whatever the text holds.
        var line = string.Concat(part.Select(c => char.IsControl(c) ? ' ' : c)).TrimEnd();
        var before = from > 0 ? "…" : "";
        var after = from + part.Length < text.Length ? "…" : "";
        return (before + line + after, new string(' ', Column - from + before.Length) + "^");
    }
}
