using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>
/// Accepted records of a symbol that an operator has taken back: the symbol is folded as if they had never come. Covers records
/// of its events up to <see cref="UpTo"/> only, so that nothing which comes later is lost by it.
/// </summary>
public sealed record Exclusion
{
    /// <summary>Its number among the changes of plan and exclusions in the journal; 0 before it is there.</summary>
    public long Number { get; init; }

    /// <summary>Which records.</summary>
    public required RecordFilter Filter { get; init; }

    /// <summary>The last event whose records it may cover.</summary>
    public required long UpTo { get; init; }

    /// <summary>How many records it covers that no earlier one covered.</summary>
    public required long Records { get; init; }

    /// <summary>Of each source the newest sequenced record among them: one that is sent again is still a duplicate.</summary>
    public required IReadOnlyList<Identity> Newest { get; init; }

    /// <summary>When it was asked for, by the clock of the node that was asked.</summary>
    public required Timestamp Time { get; init; }

    /// <summary>The name by which the access rules know who asked for it; empty where there are none.</summary>
    public string By { get; init; } = "";

    /// <summary>Whether it covers a record of an event.</summary>
    public bool Covers(long sequenceNumber, in Record record) => sequenceNumber <= UpTo && Filter.Fits(record);
}
