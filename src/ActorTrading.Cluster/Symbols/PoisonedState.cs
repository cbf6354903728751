using ActorTrading.Domain.Folding;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Past;

namespace ActorTrading.Cluster.Symbols;

/// <summary>Brings a symbol that threw in the middle of a record back to where it was before that record.</summary>
internal static class PoisonedState
{
    /// <param name="sequenceNumber">The event that the record is in.</param>
    /// <param name="records">How many records of the event come before it.</param>
    public static void GoBack(IJournalStore store, HostedSymbol symbol, long sequenceNumber, int records)
    {
        var snapshots = new PastSnapshots(store, symbol);
        if (!snapshots.TryRestoreAtMost(sequenceNumber - 1)) snapshots.Forget();
        var replay = new EventReplay(NoOutput.Instance);
        store.Read(symbol.Id, symbol.LastEvent + 1, sequenceNumber, (in JournalRow row) =>
        {
            replay.Fold(
                symbol, row.SequenceNumber, row.Manifest, row.SerializerId, row.Payload, row.SequenceNumber == sequenceNumber ? records : int.MaxValue);
            return true;
        });
    }
}
