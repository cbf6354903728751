using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Cluster.Retention;

/// <summary>A range of sequence numbers of a symbol whose events can be deleted.</summary>
internal sealed record DeletableEvents(Symbol Symbol, long First, long Last)
{
    private const int MostOfOne = 10_000; // the next pass finds more

    /// <summary>
    /// Finds the events that the second newest usable snapshot of their symbol covers and that were written before a time. A snapshot
    /// is usable if it is valid and of the current plan. Blocks.
    /// </summary>
    /// <param name="before">In UTC ticks; <see cref="long.MaxValue"/>: all.</param>
    public static IReadOnlyList<DeletableEvents> Find(IJournalStore store, Func<Symbol, SymbolPlan> planOf, long before) =>
        [.. store.Heads().Select(head => PersistenceIds.SymbolOf(head.PersistenceId)).OfType<Symbol>()
            .Select(symbol => Of(store, symbol, planOf, before)).OfType<DeletableEvents>()];

    private static DeletableEvents? Of(IJournalStore store, Symbol symbol, Func<Symbol, SymbolPlan> planOf, long before)
    {
        var id = PersistenceIds.Of(symbol);
        var (first, isOld) = (0L, false);
        store.Read(id, 1, long.MaxValue, (in JournalRow row) =>
        {
            (first, isOld) = (row.SequenceNumber, row.CreatedTicks < before);
            return false;
        });
        if (!isOld || SnapshotBefore(store, id, SnapshotBefore(store, id, long.MaxValue)) < first) return null;
        var hosted = new HostedSymbol(new SymbolState(symbol, planOf(symbol)));
        var snapshots = new SnapshotHistory(store, hosted);
        if (!snapshots.TryRestoreAtMost(long.MaxValue) || !snapshots.TryRestoreAtMost(hosted.LastEvent - 1)
            || hosted.LastEvent < first) return null;
        var last = hosted.LastEvent;
        if (before < long.MaxValue) last = LastBefore(store, id, before, Math.Min(last, first + MostOfOne - 1));
        return new DeletableEvents(symbol, first, last);
    }

    /// <summary>The event that the newest snapshot before a sequence number covers; 0: none.</summary>
    private static long SnapshotBefore(IJournalStore store, string id, long number)
    {
        var found = 0L;
        if (number > 1) store.ReadSnapshot(id, number - 1, (in JournalRow row) => (found = row.SequenceNumber) < 0);
        return found;
    }

    private static long LastBefore(IJournalStore store, string id, long before, long last)
    {
        var found = 0L;
        store.Read(id, 1, last, (in JournalRow row) =>
        {
            if (row.CreatedTicks >= before) return false;
            found = row.SequenceNumber;
            return true;
        });
        return found;
    }
}
