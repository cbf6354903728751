using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using ActorTrading.Domain.Records;

namespace ActorTrading.Domain.Values;

/// <summary>
/// The name of an instrument, such as <c>AAPL</c>, <c>BTC/USD</c>, <c>BRK B</c> or <c>币安人生USDT</c>. 1 to 128 bytes of UTF-8: printable
/// characters of any script without quotes, commas and backslashes; blanks only inside. Case matters. Letters are composed (Unicode NFC),
/// so that one name has one spelling; otherwise the name is kept as written. Not accepted: an accent, a Japanese voicing mark or a part of
/// a Hangul syllable that cannot be composed with a letter; compatibility ideographs, which are second spellings of other characters;
/// <c>.</c> and <c>..</c>, since no path can contain them. Stores its own hashes, so that routing a tick costs one reference comparison.
/// </summary>
public sealed class Symbol : IEquatable<Symbol>, IComparable<Symbol>
{
    /// <summary>Maximum length of a name, in bytes of UTF-8.</summary>
    public const int MaxLength = 128;

    /// <summary>
    /// Maximum length of the text to parse, in characters or bytes. A name with separate accents is longer than its composed form.
    /// </summary>
    public const int LongestSpelling = 4 * MaxLength;

    /// <summary>
    /// Symbol of records without a symbol (<see cref="RecordKind.EconomicIndicator"/>): the economy is folded like any other symbol. No
    /// input can contain this name.
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
    /// A hash of the name (32-bit FNV-1a with mixed bits) that is equal in every process. For distribution by symbol, such as sharding.
    /// </summary>
    public uint StableHash { get; }

    /// <summary>
    /// A mark that admission sets on a known symbol to avoid a lookup for each record; null if not set. Not part of the value: equality,
    /// hashes and order ignore it. Thread-safe.
    /// </summary>
    public object? Mark { get; set; }

    /// <summary>Parses a symbol. Returns false if the text is not a symbol.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = null;
        if (IsSpelledOtherwise(text)) text = LetterComposition.Compose(text);
        if (!IsName(text)) return false;
        symbol = new Symbol(text.ToString());
        return true;
    }

    /// <summary>Parses a symbol.</summary>
    /// <exception cref="FormatException">The text is not a symbol.</exception>
    public static Symbol Parse(string text) =>
        TryParse(text, out var symbol) ? symbol : throw new FormatException($"'{text}' is not a symbol.");

    /// <summary>Converts a name, or the beginning of one, to the composed spelling of symbols.</summary>
    public static string Respell(string text) => IsSpelledOtherwise(text) ? LetterComposition.Compose(text) : text;

    private static bool IsSpelledOtherwise(ReadOnlySpan<char> text) => text.Length <= LongestSpelling && LetterComposition.IsNeeded(text);

    /// <summary>Whether the text is a valid name without a change, that is, with composed letters.</summary>
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

    /// <summary>Whether the character, a Unicode scalar value, is allowed inside a symbol.</summary>
    public static bool IsNameCharacter(int c) => c < 0x80
        ? c is >= ' ' and < 0x7f and not '"' and not '\\' and not ',' and not '\''
        : !LetterComposition.IsPart(c) && !IsCompatibilityIdeograph(c)
            && Rune.GetUnicodeCategory(new Rune(c)) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>
    /// Whether the character is a compatibility ideograph: a second spelling of a Chinese character. Twelve characters of the block are not
    /// second spellings.
    /// </summary>
    private static bool IsCompatibilityIdeograph(int c) => c is (>= 0x2f800 and <= 0x2fa1f) or (>= 0xf900 and <= 0xfaff)
        && c is not (0xfa0e or 0xfa0f or 0xfa11 or 0xfa13 or 0xfa14 or 0xfa1f or 0xfa21 or 0xfa23 or 0xfa24 or (>= 0xfa27 and <= 0xfa29));

    /// <summary>Restores a symbol, including the economy's, from a name in a snapshot or a journal.</summary>
    /// <exception cref="FormatException">The text is neither a symbol nor the name of the economy.</exception>
    public static Symbol Restore(string name) => name == Economy.Name ? Economy : Parse(name);

    /// <inheritdoc/>
    public bool Equals(Symbol? other) =>
        ReferenceEquals(this, other) || (other is not null && hash == other.hash && Name == other.Name);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Symbol);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <summary>Ordinal order by UTF-16 code units, the same on every machine.</summary>
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
