namespace ActorTrading.Domain.Signals;

/// <summary>Why a text is no rule: what is wrong and what would be right, and at which character (from 0).</summary>
public sealed record RuleError(string Message, int Column)
{
    /// <summary>
    /// The error as people read it: the text, a caret under the character at fault, and the message with the
    /// column counted from 1.
    /// </summary>
    public string Render(string text)
    {
        // One character of text is one column on screen, whatever the text holds.
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).TrimEnd();
        return $"{line}\n{new string(' ', Column)}^\ncolumn {Column + 1}: {Message}";
    }
}
