using ActorTrading.Domain.Folding;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Telemetry;

namespace ActorTrading.Engine.Embedded;

/// <summary>How an embedded engine works; the defaults are right for a node.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>Single-writer loops that share the symbols. Default: one per core.</summary>
    public int Partitions { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Records that a partition holds at most, from hand-over to folded. A larger batch gets in when the partition is empty.
    /// </summary>
    public int QueueRecords { get; init; } = 262_144;

    /// <summary>Records that a partition puts into one commit at most.</summary>
    public int GroupRecords { get; init; } = 131_072;

    /// <summary>
    /// How long a partition gathers records, at most, from one group of many events to the next: fewer and larger events cost less. After a
    /// group of few it does not wait. Zero: never.
    /// </summary>
    public TimeSpan GatherAtMost { get; init; } = TimeSpan.FromMilliseconds(8);

    /// <summary>
    /// How long no record comes for a symbol before its state leaves memory, with a snapshot where that is worth it.
    /// The next record reads it from the journal again. Null: never. Default: 10 minutes.
    /// </summary>
    public TimeSpan? IdleAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many symbols are in memory after a start, at most, where <see cref="IdleAfter"/> is set; the others sleep
    /// until a record comes.
    /// </summary>
    public int AwakeAtStart { get; init; } = 10_000;

    /// <summary>
    /// Events of a symbol between two snapshots of it; 0 for none but those of a drain. Symbols take turns, so that they do not
    /// all fall into one commit.
    /// </summary>
    public int SnapshotEvery { get; init; } = 100;

    /// <summary>
    /// Signals between two snapshots of the signal log, which a start then reads from there on; fewer are not worth it where
    /// there are more symbols than that. 0 for none but those of a drain.
    /// </summary>
    public int SignalSnapshotEvery { get; init; } = 10_000;

    /// <summary>
    /// Whether events are deleted that the last snapshot but one covers. They are needed for states of the past, and when the plan changes:
    /// with them gone, a changed plan cannot be opened. Default: kept.
    /// </summary>
    public bool DeleteCoveredEvents { get; init; }

    /// <summary>
    /// When set: events that the last snapshot but one covers are deleted once they are so many days old, by the time of their writing.
    /// Looked at when a symbol has a new snapshot: one that gets no more events keeps what it has. Not beside
    /// <see cref="DeleteCoveredEvents"/>.
    /// </summary>
    public int? KeepDays { get; init; }

    /// <summary>Whether old events are deleted.</summary>
    internal bool DeletesEvents => DeleteCoveredEvents || KeepDays is not null;

    /// <summary>Signals kept in memory for subscribers that keep up; the others read the journal.</summary>
    public int SignalTail { get; init; } = 4_096;

    /// <summary>Events that a live reader may be behind before it loses the oldest.</summary>
    public int LiveBuffer { get; init; } = 8_192;

    /// <summary>Told how recovery goes on, from several threads.</summary>
    public IProgress<RecoveryProgress>? Progress { get; init; }

    /// <summary>Told of indicators that threw, on the thread that folds.</summary>
    public Action<IndicatorFault>? OnFault { get; init; }

    /// <summary>
    /// Told on the journal's thread why old events and snapshots could not be deleted, each time; null when it works again.
    /// </summary>
    public Action<JournalException?>? OnRetention { get; init; }

    /// <summary>Told how commits go; its owner's, who takes it down after the engine. Null: nothing is measured.</summary>
    public EngineMeter? Meter { get; init; }

    /// <summary>Tells how long batches wait. Default: the system's clock. Nothing that is folded depends on it.</summary>
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
