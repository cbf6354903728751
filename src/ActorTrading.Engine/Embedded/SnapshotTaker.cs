using ActorTrading.Domain.Folding;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Embedded;

/// <summary>Takes snapshots of folded symbols when they are due. Not thread-safe.</summary>
internal sealed class SnapshotTaker(EmbeddedOptions options)
{
    private const int BytesAtOnce = 4 << 20;

    private readonly StateWriter writer = new();
    private readonly List<SimpleWork> taken = [];

    /// <summary>Whether a snapshot of the symbol is due.</summary>
    public bool IsDue(HostedSymbol symbol) => symbol.IsSnapshotDue(options.SnapshotEvery);

    public void Take(HostedSymbol symbol)
    {
        if (taken.Count == 0 || taken[^1].Bytes.WrittenCount > BytesAtOnce) taken.Add(new SimpleWork());
        var work = taken[^1];
        var at = work.Bytes.WrittenCount;
        symbol.WriteSnapshot(writer, work.Bytes);
        work.AddSnapshot(symbol.Id, symbol.LastFolded, EventManifests.Snapshot, at);
        symbol.NoteSnapshot();
        if (symbol.SnapshotBefore > 0)
        {
            work.Deletions.Add(new JournalDeletion(
                symbol.Id, options.DeletesEvents ? symbol.SnapshotBefore : 0, symbol.SnapshotBefore));
        }
    }

    /// <summary>Hands the snapshots to the journal.</summary>
    public void HandTo(JournalWriter journal)
    {
        foreach (var work in taken) journal.Enqueue(work);
        taken.Clear();
    }
}
