using System.Buffers;
using System.Text;

namespace ActorTrading.Domain.Values;

/// <summary>
/// Unicode normalisation to NFC. Combines a letter with the accent, vowel sign or Hangul part that follows it, orders marks, and replaces a
/// second spelling of a character (<c>\u212B</c>, the angstrom sign) by the first. Covers all scripts except compatibility ideographs,
/// which symbols cannot contain. The tables are fixed by Unicode's stability policy: the result is the same on every machine, with or
/// without globalisation data.
/// </summary>
internal static class LetterComposition
{
    private const int HangulFirst = 0xac00, HangulLast = 0xd7a3;
    private const int Lead = 0x1100, Leads = 19, Vowel = 0x1161, Vowels = 21, Trail = 0x11a7, Trails = 28;
    private const int NoMark = 0;

    private static readonly Dictionary<(int Letter, int Mark), int> Composed = [];
    private static readonly Dictionary<int, (int Letter, int Mark)> Parts = [];
    private static readonly Dictionary<int, int> Classes = [];
    private static readonly HashSet<int> Changing = []; // in a composed text they stand alone or do not occur

    static LetterComposition()
    {
        foreach (var (mark, letters) in LetterTables.Pairs)
        {
            Changing.Add(mark);
            foreach (var (letter, composed) in InPairs(letters))
            {
                Composed.Add((letter, mark), composed);
                Parts.Add(composed, (letter, mark));
            }
        }

        foreach (var (mark, letters) in LetterTables.AlwaysApart)
        {
            foreach (var (letter, whole) in InPairs(letters))
            {
                Parts.Add(whole, (letter, mark));
                Changing.Add(whole);
            }
        }

        foreach (var (twin, character) in InPairs(LetterTables.Twins))
        {
            Parts.Add(twin, (character, NoMark));
            Changing.Add(twin);
        }

        foreach (var (first, last, order) in LetterTables.Classes)
        {
            for (var c = first; c <= last; c++)
            {
                Classes.Add(c, order);
                Changing.Add(c);
            }
        }
    }

    /// <summary>Whether composition could change the text.</summary>
    public static bool IsNeeded(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x300) continue;
            var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            var c = isPair ? char.ConvertToUtf32(text[i], text[i + 1]) : text[i];
            if (IsPart(c) || Changing.Contains(c)) return true;
        }

        return false;
    }

    /// <summary>Whether the character is a mark or a part of a syllable that never stands alone in a composed name.</summary>
    public static bool IsPart(int c) => c is (>= 0x300 and <= 0x36f) or 0x3099 or 0x309a or (>= 0x1100 and <= 0x11ff);

    /// <summary>
    /// Composes the letters of the text. Marks that cannot be composed remain. Text that is not valid Unicode is returned unchanged.
    /// </summary>
    public static string Compose(ReadOnlySpan<char> text)
    {
        var letters = new List<int>(text.Length * 2);
        for (var rest = text; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done) return text.ToString();
            Decompose(rune.Value, letters);
            rest = rest[length..];
        }

        OrderMarks(letters);
        return Join(letters);
    }

    /// <summary>
    /// Composes each letter with its following marks, except marks blocked by another mark of the same or a higher class.
    /// </summary>
    private static string Join(List<int> letters)
    {
        const int None = -1;
        var composed = new List<int>(letters.Count);
        var (starter, last) = (None, None);
        foreach (var letter in letters)
        {
            var order = ClassOf(letter);
            if (starter >= 0 && (last == None || last < order) && TryCompose(composed[starter], letter, out var one))
            {
                composed[starter] = one;
                continue;
            }

            (starter, last) = order == 0 ? (composed.Count, None) : (starter, order);
            composed.Add(letter);
        }

        var text = new StringBuilder(composed.Count);
        foreach (var c in composed) text.Append(new Rune(c).ToString());
        return text.ToString();
    }

    private static void Decompose(int c, List<int> letters)
    {
        if (!Parts.TryGetValue(c, out var parts))
        {
            letters.Add(c); // also a Hangul syllable: its parts would only be composed again
            return;
        }

        Decompose(parts.Letter, letters);
        if (parts.Mark != NoMark) Decompose(parts.Mark, letters);
    }

    /// <summary>Sorts the marks behind a letter by class; marks of one class keep their order.</summary>
    private static void OrderMarks(List<int> letters)
    {
        for (var i = 1; i < letters.Count; i++)
        {
            for (var at = i; at > 0 && IsBefore(letters[at], letters[at - 1]); at--)
                (letters[at], letters[at - 1]) = (letters[at - 1], letters[at]);
        }
    }

    private static bool IsBefore(int mark, int other) => ClassOf(mark) is > 0 and var own && own < ClassOf(other);

    private static int ClassOf(int c) => c < 0x300 ? 0 : Classes.GetValueOrDefault(c);

    private static bool TryCompose(int letter, int mark, out int composed)
    {
        if (Composed.TryGetValue((letter, mark), out composed)) return true;
        if (letter is >= Lead and < Lead + Leads && mark is >= Vowel and < Vowel + Vowels)
        {
            composed = HangulFirst + ((((letter - Lead) * Vowels) + (mark - Vowel)) * Trails);
            return true;
        }

        var isOpen = letter is >= HangulFirst and <= HangulLast && (letter - HangulFirst) % Trails == 0;
        if (!isOpen || mark is <= Trail or >= Trail + Trails) return false;
        composed = letter + (mark - Trail);
        return true;
    }

    private static IEnumerable<(int First, int Second)> InPairs(string characters)
    {
        var runes = characters.EnumerateRunes().Select(rune => rune.Value).ToArray();
        for (var i = 0; i < runes.Length; i += 2) yield return (runes[i], runes[i + 1]);
    }
}
