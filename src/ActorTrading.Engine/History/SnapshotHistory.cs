using ActorTrading.Domain.Folding;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.History;

/// <summary>Finds the snapshots of a symbol that belong to its current plan. Not thread-safe.</summary>
internal sealed class SnapshotHistory(IJournalStore store, HostedSymbol hosted)
{
    /// <summary>Restores the newest usable snapshot that covers no event after that one; false if there is none.</summary>
    /// <param name="above">Considers only snapshots that cover a later event than this.</param>
    public bool TryRestoreAtMost(long sequenceNumber, long above = 0)
    {
        for (var before = sequenceNumber; before > above;)
        {
            var found = 0L;
            var isUsed = false;
            var isThere = store.ReadSnapshot(hosted.Id, before, (in JournalRow row) =>
            {
                found = row.SequenceNumber;
                isUsed = found > above && TryRestore(row);
                return false;
            });
            if (!isThere || isUsed) return isUsed;
            before = found - 1;
        }

        return false;
    }

    /// <summary>Resets the symbol to its beginning.</summary>
    public void Forget()
    {
        hosted.State = new SymbolState(hosted.Symbol, hosted.State.Plan);
        hosted.LastEvent = hosted.LastFolded = 0;
    }

    private bool TryRestore(in JournalRow row) =>
        row.SerializerId == EventManifests.SerializerId
            && SymbolSnapshot.TryRestore(hosted, row.SequenceNumber, row.Manifest, row.Payload, out _);
}
