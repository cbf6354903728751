using System.Diagnostics.CodeAnalysis;
using ActorTrading.Domain.Records;

namespace ActorTrading.Domain.Values;

/// <summary>
/// The name under which an instrument is traded, such as <c>AAPL</c>, <c>BTC/USD</c> or <c>ES=F</c>:
/// 1 to 48 printable ASCII characters without blanks, quotes, commas or backslashes, kept as written
/// (case matters). It carries its own hashes, so that routing a tick costs one reference comparison.
/// </summary>
public sealed class Symbol : IEquatable<Symbol>, IComparable<Symbol>
{
    /// <summary>The longest name accepted, in characters.</summary>
    public const int MaxLength = 48;

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

    /// <summary>A hash of the name (32-bit FNV-1a, its bits mixed) that is the same in every process: for whatever is shared out by it.</summary>
    public uint StableHash { get; }

    /// <summary>Builds a symbol from text; false when the text is no symbol.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = IsName(text) ? new Symbol(text.ToString()) : null;
        return symbol is not null;
    }

    /// <summary>Builds a symbol from text.</summary>
    /// <exception cref="FormatException">The text is no symbol.</exception>
    public static Symbol Parse(string text) =>
        TryParse(text, out var symbol) ? symbol : throw new FormatException($"'{text}' is not a symbol.");

    /// <summary>Whether the text can name a symbol.</summary>
    public static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > MaxLength) return false;
        foreach (var c in text)
        {
            if (!IsNameCharacter(c)) return false;
        }

        return true;
    }

    /// <summary>Whether the character may stand in a symbol.</summary>
    public static bool IsNameCharacter(int c) => c is > ' ' and < 0x7f and not '"' and not '\\' and not ',' and not '\'';

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
