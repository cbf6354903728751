namespace ActorTrading.Domain.Signals;

/// <summary>Walks over the text of a rule: words and signs, with any number of blanks between them.</summary>
internal sealed class RuleScanner(string text)
{
    private static readonly string[] Signs = ["<=", ">=", "!=", "<>", "==", "<", ">", "="];

    /// <summary>Where the next word or sign begins; at the end, just behind the last one.</summary>
    public int Position { get; private set; } = SkipBlanks(text, 0);

    /// <summary>Whether nothing is left.</summary>
    public bool AtEnd => Position == text.Length;

    /// <summary>The next character, or NUL at the end.</summary>
    public char Next => AtEnd ? '\0' : text[Position];

    /// <summary>The letters and digits that come next; empty when something else does.</summary>
    public string PeekWord()
    {
        var end = Position;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_')) end++;
        return text[Position..end];
    }

    /// <summary>What an error message quotes: the next word or sign.</summary>
    public string PeekToken()
    {
        var word = PeekWord();
        return word.Length > 0 ? word : AtEnd ? "" : text.Substring(Position, 1);
    }

    /// <summary>Takes the word that comes next, whichever it is.</summary>
    public string Word()
    {
        var word = PeekWord();
        MoveTo(Position + word.Length);
        return word;
    }

    /// <summary>Takes the next word if it is this one.</summary>
    public bool Take(string word)
    {
        if (PeekWord() != word) return false;
        MoveTo(Position + word.Length);
        return true;
    }

    /// <summary>Takes the next character if it is this one.</summary>
    public bool Take(char sign)
    {
        if (Next != sign) return false;
        MoveTo(Position + 1);
        return true;
    }

    /// <summary>The sign of comparison that comes next, or null.</summary>
    public string? PeekComparator() =>
        Array.Find(Signs, sign => string.CompareOrdinal(text, Position, sign, 0, sign.Length) == 0);

    /// <summary>
    /// The number that comes next as it is written: digits, a point, an exponent. Letters that stick to it are
    /// part of what is returned, so that they can be complained about.
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

    /// <summary>Goes on at that position, or at the next thing behind it.</summary>
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
