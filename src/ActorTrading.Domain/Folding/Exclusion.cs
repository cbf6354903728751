using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>
/// Accepted records of a symbol that an operator has withdrawn: the symbol is folded without them. Covers records of events up to
/// <see cref="UpTo"/> only, so that later records are not lost.
/// </summary>
public sealed record Exclusion
{
    /// <summary>Number of the exclusion among the changes of plan and exclusions in the journal; 0 until it is journaled.</summary>
    public long Number { get; init; }

    /// <summary>Selects the records.</summary>
    public required RecordFilter Filter { get; init; }

    /// <summary>Sequence number of the last event whose records it may cover.</summary>
    public required long UpTo { get; init; }

    /// <summary>Number of records that it covers and that no earlier exclusion covered.</summary>
    public required long Records { get; init; }

    /// <summary>The newest sequenced record of each source among the covered records: a copy sent again is still a duplicate.</summary>
    public required IReadOnlyList<Identity> Newest { get; init; }

    /// <summary>Time of the request, by the clock of the node that received it.</summary>
    public required Timestamp Time { get; init; }

    /// <summary>Name of the requester according to the access rules; empty without access rules.</summary>
    public string By { get; init; } = "";

    /// <summary>Whether it covers a record of the event with that sequence number.</summary>
    public bool Covers(long sequenceNumber, in Record record) => sequenceNumber <= UpTo && Filter.Fits(record);
}
