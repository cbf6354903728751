using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>
/// Which record of which sender: <paramref name="Seq"/> increases within an <paramref name="Epoch"/>, epochs
/// increase within a <paramref name="Source"/>. A symbol takes only what is newer than what it has; a record
/// without a seq (<see cref="None"/>) cannot be told from its copy and is always taken.
/// </summary>
public readonly record struct Identity(Source Source, long Epoch, long Seq)
{
    /// <summary>The seq of a record that carries none.</summary>
    public const long None = -1;

    /// <summary>The identity of input that says nothing about itself.</summary>
    public static readonly Identity Anonymous = new(Source.Anonymous, 0, None);

    /// <summary>Whether a copy of the record can be recognised.</summary>
    public bool IsSequenced => Seq != None;

    /// <inheritdoc/>
    public override string ToString() => IsSequenced ? $"{Source}/{Epoch}/{Seq}" : Source.Name;
}
