using ActorTrading.Domain.Folding;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Telemetry;

namespace ActorTrading.Engine;

/// <summary>Options that every engine has. In a cluster they are the same on all nodes.</summary>
public abstract record EngineOptions
{
    /// <summary>Number of events between two snapshots of a symbol; 0: snapshots only when a symbol leaves memory or moves.</summary>
    public abstract int SnapshotEvery { get; init; }

    /// <summary>
    /// Number of signals between two snapshots of the signal log; a start reads the log from the newest snapshot on. If there are more
    /// symbols than this, a snapshot is taken only after that many signals. 0: no snapshots, except when an embedded engine drains.
    /// </summary>
    public int SignalSnapshotEvery { get; init; } = 10_000;

    /// <summary>
    /// Whether events covered by the last snapshot but one are deleted. They are needed for past states and for a change of the plan:
    /// without them, an engine with a changed plan cannot be opened. Default: kept.
    /// </summary>
    public bool DeleteCoveredEvents { get; init; }

    /// <summary>
    /// If set: events covered by the last snapshot but one are deleted when they are that many days old, by the time of writing. An
    /// embedded engine checks this when a symbol gets a new snapshot: a symbol without new events keeps its events. Not allowed together
    /// with <see cref="DeleteCoveredEvents"/>.
    /// </summary>
    public int? KeepDays { get; init; }

    /// <summary>Number of signals kept in memory for subscribers that keep up; slower subscribers read the journal.</summary>
    public int SignalTail { get; init; } = 4_096;

    /// <summary>How many events a live reader may be behind before it loses the oldest.</summary>
    public int LiveBuffer { get; init; } = 8_192;

    /// <summary>Called on the folding thread when an indicator throws.</summary>
    public Action<IndicatorFault>? OnFault { get; init; }

    /// <summary>
    /// Called with each failure to delete old events and snapshots; with null when deletion works again. In a cluster: on the node that
    /// runs retention.
    /// </summary>
    public Action<JournalException?>? OnRetention { get; init; }

    /// <summary>Commit metrics. The caller disposes it after the engine. Null: no metrics.</summary>
    public EngineMeter? Meter { get; init; }

    /// <summary>Whether old events are deleted.</summary>
    internal bool DeletesEvents => DeleteCoveredEvents || KeepDays is not null;
}
