using System.Diagnostics.CodeAnalysis;

namespace ActorTrading.Domain.Values;

/// <summary>
/// Who sent a record: the name of a feed, 1 to 64 printable ASCII characters without quotes and
/// backslashes, or <see cref="Anonymous"/>. Sequence numbers are compared within one source.
/// </summary>
public sealed class Source : IEquatable<Source>, IComparable<Source>
{
    /// <summary>The longest name accepted, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The source of input that names none.</summary>
    public static readonly Source Anonymous = new("-");

    private readonly int hash; // kept, since tables of sources are looked up for each record

    private Source(string name) => (Name, hash) = (name, name.GetHashCode(StringComparison.Ordinal));

    /// <summary>The name as written.</summary>
    public string Name { get; }

    /// <summary>Builds a source from text; false when the text is no source name.</summary>
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

    /// <summary>Builds a source from text.</summary>
    /// <exception cref="FormatException">The text is no source name.</exception>
    public static Source Parse(string text) =>
        TryParse(text, out var source) ? source : throw new FormatException($"'{text}' is not a source name.");

    /// <inheritdoc/>
    public bool Equals(Source? other) => ReferenceEquals(this, other) || (other is not null && hash == other.hash && Name == other.Name);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Source);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <summary>Orders by the characters' codes, the same on every machine.</summary>
    public int CompareTo(Source? other) => string.CompareOrdinal(Name, other?.Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
