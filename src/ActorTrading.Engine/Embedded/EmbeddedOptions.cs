using ActorTrading.Engine.Recovering;

namespace ActorTrading.Engine.Embedded;

/// <summary>Options of an embedded engine. The defaults suit a node.</summary>
public sealed record EmbeddedOptions : EngineOptions
{
    /// <summary>Number of partitions: single-writer loops that share the symbols. Default: one per core.</summary>
    public int Partitions { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Maximum number of records in a partition, from hand-over until folded. A larger batch is admitted when the partition is empty.
    /// </summary>
    public int QueueRecords { get; init; } = 262_144;

    /// <summary>Maximum number of records in one commit of a partition.</summary>
    public int GroupRecords { get; init; } = 131_072;

    /// <summary>
    /// Maximum time that a partition collects records after a group with many events: fewer and larger events cost less. After a group with
    /// few events it does not wait. Zero: never wait.
    /// </summary>
    public TimeSpan GatherAtMost { get; init; } = TimeSpan.FromMilliseconds(8);

    /// <summary>
    /// Idle time after which a symbol is passivated: its state leaves memory, with a snapshot if that is worthwhile. The next record reads
    /// it from the journal again. Null: never. Default: 10 minutes.
    /// </summary>
    public TimeSpan? IdleAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Maximum number of active symbols after a start, if <see cref="IdleAfter"/> is set. The other symbols are passivated until a record
    /// arrives.
    /// </summary>
    public int AwakeAtStart { get; init; } = 10_000;

    /// <summary>
    /// Number of events between two snapshots of a symbol; 0: snapshots only when draining. The snapshots of different symbols are spread,
    /// so that they do not all fall into one commit.
    /// </summary>
    public override int SnapshotEvery { get; init; } = 100;

    /// <summary>Called with the progress of recovery, from several threads.</summary>
    public IProgress<RecoveryProgress>? Progress { get; init; }

    /// <summary>The clock for waiting times of batches. Default: the system clock. It does not affect the results of the fold.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Partitions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueRecords, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(GroupRecords, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(GatherAtMost, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(GatherAtMost, TimeSpan.FromMinutes(1));
        if (IdleAfter is { } idle) ArgumentOutOfRangeException.ThrowIfLessThan(idle, TimeSpan.FromMilliseconds(1), nameof(IdleAfter));
        ArgumentOutOfRangeException.ThrowIfNegative(AwakeAtStart);
        ArgumentOutOfRangeException.ThrowIfNegative(SnapshotEvery);
        ArgumentOutOfRangeException.ThrowIfNegative(SignalSnapshotEvery);
        if (KeepDays is { } days) ArgumentOutOfRangeException.ThrowIfLessThan(days, 1, nameof(KeepDays));
        if (KeepDays is not null && DeleteCoveredEvents)
            throw new ArgumentException($"{nameof(KeepDays)} keeps what {nameof(DeleteCoveredEvents)} deletes: set only one of them.");
        ArgumentOutOfRangeException.ThrowIfLessThan(SignalTail, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LiveBuffer, 1);
    }
}
