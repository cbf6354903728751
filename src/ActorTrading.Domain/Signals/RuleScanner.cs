namespace ActorTrading.Domain.Signals;

/// <summary>Scanner over the text of a rule: words and signs, separated by any number of blanks.</summary>
internal sealed class RuleScanner(string text)
{
    private static readonly string[] Signs = ["<=", ">=", "!=", "<>", "==", "<", ">", "="];

    /// <summary>Position of the next word or sign; at the end, directly after the last one.</summary>
    public int Position { get; private set; } = SkipBlanks(text, 0);

    /// <summary>Whether the end is reached.</summary>
    public bool AtEnd => Position == text.Length;

    /// <summary>The next character, or NUL at the end.</summary>
    public char Next => AtEnd ? '\0' : text[Position];

    /// <summary>The next word (letters and digits); empty if the next token is not a word.</summary>
    public string PeekWord()
    {
        var end = Position;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_')) end++;
        return text[Position..end];
    }

    /// <summary>The next word or sign, for error messages.</summary>
    public string PeekToken()
    {
        var word = PeekWord();
        return word.Length > 0 ? word : AtEnd ? "" : text.Substring(Position, 1);
    }

    /// <summary>Consumes the next word, whatever it is.</summary>
    public string Word()
    {
        var word = PeekWord();
        MoveTo(Position + word.Length);
        return word;
    }

    /// <summary>Consumes the next word if it equals this one.</summary>
    public bool Take(string word)
    {
        if (PeekWord() != word) return false;
        MoveTo(Position + word.Length);
        return true;
    }

    /// <summary>Consumes the next character if it equals this one.</summary>
    public bool Take(char sign)
    {
        if (Next != sign) return false;
        MoveTo(Position + 1);
        return true;
    }

    /// <summary>The next comparison operator, or null.</summary>
    public string? PeekComparator() =>
        Array.Find(Signs, sign => string.CompareOrdinal(text, Position, sign, 0, sign.Length) == 0);

    /// <summary>
    /// The next number as written: digits, a point, an exponent. Letters directly after it are included, so that the error message can show
    /// them.
    /// </summary>
    public string PeekNumber()
    {
        var end = Digits(Position);
        if (end < text.Length && text[end] == '.') end = Digits(end + 1);
        if (end < text.Length && text[end] == 'e')
        {
            var sign = end + 1 < text.Length && text[end + 1] is '+' or '-' ? 1 : 0;
            var exponentEnd = Digits(end + 1 + sign);
            if (exponentEnd > end + 1 + sign) end = exponentEnd;
        }

        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '.')) end++;
        return text[Position..end];
    }

    /// <summary>Moves to that position, or to the next token after it.</summary>
    public void MoveTo(int position) => Position = SkipBlanks(text, position);

    private int Digits(int from)
    {
        while (from < text.Length && char.IsAsciiDigit(text[from])) from++;
        return from;
    }

    private static int SkipBlanks(string text, int from)
    {
        while (from < text.Length && char.IsWhiteSpace(text[from])) from++;
        return from;
    }
}
