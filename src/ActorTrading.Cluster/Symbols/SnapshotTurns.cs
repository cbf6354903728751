using ActorTrading.Engine.Symbols;

namespace ActorTrading.Cluster.Symbols;

/// <summary>When a symbol takes snapshots, one at a time, and which of them it keeps: the newest two. For one thread.</summary>
internal sealed class SnapshotTurns(NodeContext host, HostedSymbol symbol)
{
    private bool isOwed;
    private long lap = LapOf(symbol);

    /// <summary>Whether one is being saved.</summary>
    public bool IsSaving { get; private set; }

    private bool IsDue =>
        symbol.IsSnapshotDue(host.Options.SnapshotEvery)
            || (host.Options.SnapshotEvery > 0 && LapOf(symbol) != lap && symbol.LastFolded > symbol.LastSnapshot);

    /// <summary>A snapshot was restored: the next is due as if this one had just been taken.</summary>
    public void Restored() => lap = LapOf(symbol);

    /// <summary>An event is folded: a snapshot may be owed now.</summary>
    public void Folded() => isOwed |= IsDue;

    /// <summary>Before a symbol stops it owes one of all that none covers yet, where that is worth it.</summary>
    /// <param name="evenOfLittle">Whether also one of a few records is of use.</param>
    public void Owe(bool evenOfLittle) =>
        isOwed = evenOfLittle ? symbol.LastFolded > symbol.LastSnapshot && !symbol.IsGone : symbol.IsSnapshotWorthwhile;

    /// <summary>Whether one is owed and none is being saved: then it is the caller's to save it.</summary>
    public bool TryBegin()
    {
        if (!isOwed || IsSaving) return false;
        Begin();
        return true;
    }

    /// <summary>Begins one that is due whatever its worth, when none is being saved.</summary>
    public void Begin()
    {
        isOwed = false;
        IsSaving = true;
        lap = LapOf(symbol);
        symbol.NoteSnapshot();
    }

    /// <summary>It is saved, or will never be: the event before which others are not needed any more; 0 for none.</summary>
    public long End(bool isSaved)
    {
        IsSaving = false;
        if (isSaved) host.Options.Meter?.SnapshotTaken();
        return isSaved ? symbol.SnapshotBefore : 0;
    }

    /// <summary>Counts on with the records that are folded, one step for those of a snapshot; each symbol steps at another time.</summary>
    private static long LapOf(HostedSymbol symbol) =>
        (symbol.State.Sources.Applied + symbol.State.Sources.Late + symbol.Turn) / ClusterOptions.SnapshotRecords;
}
