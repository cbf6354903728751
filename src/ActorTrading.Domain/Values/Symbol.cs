using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using ActorTrading.Domain.Records;

namespace ActorTrading.Domain.Values;

/// <summary>
/// The name under which an instrument is traded, such as <c>AAPL</c>, <c>BTC/USD</c>, <c>BRK B</c> or <c>币安人生USDT</c>: 1 to 128
/// bytes of UTF-8, printable characters of any script without quotes, commas and backslashes, blanks only inside, kept as written
/// (case matters) but for one thing: letters are composed (Unicode's NFC), so that one name has one spelling. An accent, a
/// Japanese voicing mark or a part of a Hangul syllable that no letter takes is refused, and so are compatibility ideographs,
/// which are second spellings of others. <c>.</c> and <c>..</c> are none, since no path can carry them. It carries its own
/// hashes, so that routing a tick costs one reference comparison.
/// </summary>
public sealed class Symbol : IEquatable<Symbol>, IComparable<Symbol>
{
    /// <summary>The longest name accepted, in bytes of UTF-8.</summary>
    public const int MaxLength = 128;

    /// <summary>
    /// The longest text that is looked at, in characters or bytes: a name whose accents stand apart is longer than in
    /// the end.
    /// </summary>
    public const int LongestSpelling = 4 * MaxLength;

    /// <summary>
    /// Stands in for the symbol of records that have none (<see cref="RecordKind.EconomicIndicator"/>):
    /// the economy is folded like any other symbol. No input can spell this name.
    /// </summary>
    public static readonly Symbol Economy = new("\"economy\"");

    private readonly int hash;

    private Symbol(string name)
    {
        Name = name;
        hash = name.GetHashCode(StringComparison.Ordinal);
        StableHash = HashOf(name);
    }

    /// <summary>The name as written.</summary>
    public string Name { get; }

    /// <summary>
    /// A hash of the name (32-bit FNV-1a, its bits mixed) that is the same in every process: for whatever is shared out by it.
    /// </summary>
    public uint StableHash { get; }

    /// <summary>
    /// A note of whoever admits symbols that it knows this one, so that it need not look it up for each record; null where there is none.
    /// No part of the value: equality, hashes and order do not cover it. Safe for any number of threads.
    /// </summary>
    public object? Mark { get; set; }

    /// <summary>Builds a symbol from text; false when the text is no symbol.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = null;
        if (IsSpelledOtherwise(text)) text = LetterComposition.Compose(text);
        if (!IsName(text)) return false;
        symbol = new Symbol(text.ToString());
        return true;
    }

    /// <summary>Builds a symbol from text.</summary>
    /// <exception cref="FormatException">The text is no symbol.</exception>
    public static Symbol Parse(string text) =>
        TryParse(text, out var symbol) ? symbol : throw new FormatException($"'{text}' is not a symbol.");

    /// <summary>A name, or the beginning of one, in the one spelling that symbols have.</summary>
    public static string Respell(string text) => IsSpelledOtherwise(text) ? LetterComposition.Compose(text) : text;

    private static bool IsSpelledOtherwise(ReadOnlySpan<char> text) => text.Length <= LongestSpelling && LetterComposition.IsNeeded(text);

    /// <summary>Whether the text can name a symbol, as it is: with its letters composed.</summary>
    public static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > MaxLength || text[0] == ' ' || text[^1] == ' ' || text is "." or "..") return false;
        var bytes = 0;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done
                || !IsNameCharacter(rune.Value)) return false;
            bytes += rune.Utf8SequenceLength;
            text = text[length..];
        }

        return bytes <= MaxLength;
    }

    /// <summary>Whether the character, a Unicode scalar value, may stand inside a symbol.</summary>
    public static bool IsNameCharacter(int c) => c < 0x80
        ? c is >= ' ' and < 0x7f and not '"' and not '\\' and not ',' and not '\''
        : !LetterComposition.IsPart(c) && !IsCompatibilityIdeograph(c)
            && Rune.GetUnicodeCategory(new Rune(c)) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>Second spellings of Chinese characters; twelve in their block are characters of their own.</summary>
    private static bool IsCompatibilityIdeograph(int c) => c is (>= 0x2f800 and <= 0x2fa1f) or (>= 0xf900 and <= 0xfaff)
        && c is not (0xfa0e or 0xfa0f or 0xfa11 or 0xfa13 or 0xfa14 or 0xfa1f or 0xfa21 or 0xfa23 or 0xfa24 or (>= 0xfa27 and <= 0xfa29));

    /// <summary>
    /// The symbol for a name that a snapshot or a journal holds, the economy's included.
    /// </summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static Symbol Restore(string name) => name == Economy.Name ? Economy : Parse(name);

    /// <inheritdoc/>
    public bool Equals(Symbol? other) =>
        ReferenceEquals(this, other) || (other is not null && hash == other.hash && Name == other.Name);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Symbol);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <summary>Orders by the characters' codes, the same on every machine.</summary>
    public int CompareTo(Symbol? other) => string.CompareOrdinal(Name, other?.Name);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static uint HashOf(string name)
    {
        var hash = 2_166_136_261u;
        foreach (var c in name) hash = (hash ^ c) * 16_777_619u;
        hash ^= hash >> 16;
        hash *= 0x85eb_ca6bu;
        return hash ^ (hash >> 13);
    }
}
