using ActorTrading.Domain.Folding;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Telemetry;

namespace ActorTrading.Engine.Embedded;

/// <summary>Options of an embedded engine. The defaults suit a node.</summary>
public sealed record EmbeddedOptions
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
    public int SnapshotEvery { get; init; } = 100;

    /// <summary>
    /// Number of signals between two snapshots of the signal log; a start reads the log from the newest snapshot on. If there are more
    /// symbols than this, a snapshot is taken only after that many signals. 0: snapshots only when draining.
    /// </summary>
    public int SignalSnapshotEvery { get; init; } = 10_000;

    /// <summary>
    /// Whether events covered by the last snapshot but one are deleted. They are needed for past states and for a change of the plan:
    /// without them, an engine with a changed plan cannot be opened. Default: kept.
    /// </summary>
    public bool DeleteCoveredEvents { get; init; }

    /// <summary>
    /// If set: events covered by the last snapshot but one are deleted when they are that many days old, by the time of writing. Checked
    /// when a symbol gets a new snapshot: a symbol without new events keeps its events. Not allowed together with
    /// <see cref="DeleteCoveredEvents"/>.
    /// </summary>
    public int? KeepDays { get; init; }

    /// <summary>Whether old events are deleted.</summary>
    internal bool DeletesEvents => DeleteCoveredEvents || KeepDays is not null;

    /// <summary>Number of signals kept in memory for subscribers that keep up; slower subscribers read the journal.</summary>
    public int SignalTail { get; init; } = 4_096;

    /// <summary>How many events a live reader may be behind before it loses the oldest.</summary>
    public int LiveBuffer { get; init; } = 8_192;

    /// <summary>Called with the progress of recovery, from several threads.</summary>
    public IProgress<RecoveryProgress>? Progress { get; init; }

    /// <summary>Called on the folding thread when an indicator throws.</summary>
    public Action<IndicatorFault>? OnFault { get; init; }

    /// <summary>
    /// Called on the journal's thread with each failure to delete old events and snapshots; with null when deletion works again.
    /// </summary>
    public Action<JournalException?>? OnRetention { get; init; }

    /// <summary>Commit metrics. The caller disposes it after the engine. Null: no metrics.</summary>
    public EngineMeter? Meter { get; init; }

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
            throw new ArgumentException($"{nameof(KeepDays)} keeps what {nameof(DeleteCoveredEvents)} deletes: give one of them.");
        ArgumentOutOfRangeException.ThrowIfLessThan(SignalTail, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LiveBuffer, 1);
    }
}
