using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>
/// Identity of a record. <paramref name="Seq"/> increases within an <paramref name="Epoch"/>, and epochs increase within a
/// <paramref name="Source"/>. A symbol accepts only records newer than the last one of the source. A record without a seq
/// (<see cref="None"/>) cannot be distinguished from its copy and is always accepted.
/// </summary>
public readonly record struct Identity(Source Source, long Epoch, long Seq)
{
    /// <summary>The seq of a record without sequence number.</summary>
    public const long None = -1;

    /// <summary>The identity of records without source and sequence number.</summary>
    public static readonly Identity Anonymous = new(Source.Anonymous, 0, None);

    /// <summary>Whether the record has a sequence number, so that its duplicates can be detected.</summary>
    public bool IsSequenced => Seq != None;

    /// <inheritdoc/>
    public override string ToString() => IsSequenced ? $"{Source}/{Epoch}/{Seq}" : Source.Name;
}
