using System.Diagnostics.CodeAnalysis;

namespace ActorTrading.Domain.Values;

/// <summary>
/// The name of a feed: 1 to 64 printable ASCII characters without quotes and backslashes, or <see cref="Anonymous"/>. Sequence numbers are
/// compared within one source.
/// </summary>
public sealed class Source : IEquatable<Source>, IComparable<Source>
{
    /// <summary>The longest name accepted, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The source of records without a source name.</summary>
    public static readonly Source Anonymous = new("-");

    private readonly int hash; // cached, since source tables are looked up for each record

    private Source(string name) => (Name, hash) = (name, name.GetHashCode(StringComparison.Ordinal));

    /// <summary>The name as written.</summary>
    public string Name { get; }

    /// <summary>Parses a source. Returns false if the text is not a source name.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Source? source)
    {
        source = null;
        if (text.IsEmpty || text.Length > MaxLength) return false;
        foreach (var c in text)
        {
            if (c is < ' ' or > '~' or '"' or '\\') return false;
        }

        source = text.SequenceEqual(Anonymous.Name) ? Anonymous : new Source(text.ToString());
        return true;
    }

    /// <summary>Parses a source.</summary>
    /// <exception cref="FormatException">The text is not a source name.</exception>
    public static Source Parse(string text) =>
        TryParse(text, out var source) ? source : throw new FormatException($"'{text}' is not a source name.");

    /// <inheritdoc/>
    public bool Equals(Source? other) => ReferenceEquals(this, other) || (other is not null && hash == other.hash && Name == other.Name);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Source);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <summary>Ordinal order by UTF-16 code units, the same on every machine.</summary>
    public int CompareTo(Source? other) => string.CompareOrdinal(Name, other?.Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
