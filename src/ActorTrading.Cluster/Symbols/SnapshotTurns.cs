using ActorTrading.Engine.Symbols;

namespace ActorTrading.Cluster.Symbols;

/// <summary>Decides when a symbol takes a snapshot, one at a time, and which to keep: the newest two. Not thread-safe.</summary>
internal sealed class SnapshotTurns(NodeContext host, HostedSymbol symbol)
{
    private bool isOwed;
    private long lap = LapOf(symbol);

    /// <summary>Whether a snapshot is being saved.</summary>
    public bool IsSaving { get; private set; }

    private bool IsDue =>
        symbol.IsSnapshotDue(host.Options.SnapshotEvery)
            || (host.Options.SnapshotEvery > 0 && LapOf(symbol) != lap && symbol.LastFolded > symbol.LastSnapshot);

    /// <summary>Called after a snapshot was restored: the next is due as if this one had just been taken.</summary>
    public void Restored() => lap = LapOf(symbol);

    /// <summary>Called after an event was folded; a snapshot may be due now.</summary>
    public void Folded() => isOwed |= IsDue;

    /// <summary>Called before a symbol stops: makes a snapshot due if it is worthwhile.</summary>
    /// <param name="evenOfLittle">Whether a snapshot of a few uncovered records is worthwhile, too.</param>
    public void Owe(bool evenOfLittle) =>
        isOwed = evenOfLittle ? symbol.LastFolded > symbol.LastSnapshot && !symbol.IsGone : symbol.IsSnapshotWorthwhile;

    /// <summary>Whether a snapshot is due and none is being saved. If true, the caller must save it.</summary>
    public bool TryBegin()
    {
        if (!isOwed || IsSaving) return false;
        Begin();
        return true;
    }

    /// <summary>Begins a snapshot whether or not it is worthwhile. Call it only if none is being saved.</summary>
    public void Begin()
    {
        isOwed = false;
        IsSaving = true;
        lap = LapOf(symbol);
        symbol.NoteSnapshot();
    }

    /// <summary>Ends a snapshot, saved or failed. Returns the event before which older snapshots are not needed; 0: none.</summary>
    public long End(bool isSaved)
    {
        IsSaving = false;
        if (isSaved) host.Options.Meter?.SnapshotTaken();
        return isSaved ? symbol.SnapshotBefore : 0;
    }

    /// <summary>Number of snapshot intervals in the folded records. An offset per symbol spreads the snapshots over time.</summary>
    private static long LapOf(HostedSymbol symbol) =>
        (symbol.State.Sources.Applied + symbol.State.Sources.Late + symbol.Turn) / ClusterOptions.SnapshotRecords;
}
