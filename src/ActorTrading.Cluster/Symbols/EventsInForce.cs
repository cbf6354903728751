using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Which events of a symbol were written while its settings were in force. The journal tells by places among all events; Akka.Persistence hands over
/// numbers of the symbol's own.
/// </summary>
internal sealed class EventsInForce
{
    private readonly Stack<(long After, bool IsInForce)> turns = new();
    private readonly bool isFirst;

    /// <param name="symbol">As it was restored: what comes before that is not asked for.</param>
    public EventsInForce(PlanHistory plans, IJournalStore store, HostedSymbol symbol)
    {
        var settings = symbol.State.Plan.Settings.Hash;
        var all = plans.Turns(symbol.Symbol, settings).ToList();
        isFirst = all.Count == 0 ? plans.IsInForce(symbol.Symbol, settings, 0) : !all[0].IsInForce;
        for (var i = all.Count - 1; i >= 0; i--)
        {
            var after = LastBefore(store, symbol.Id, all[i].Ordering);
            turns.Push((after, all[i].IsInForce));
            if (after <= symbol.LastEvent) break;
        }
    }

    /// <summary>The last event before the settings came into force the last time; 0 where they always were, or where that is further back than what was restored.</summary>
    public long LastEarlier => turns.LastOrDefault() is { IsInForce: true } turn ? turn.After : 0;

    /// <summary>Whether an event was. Asked in the order of events.</summary>
    public bool Contains(long sequenceNumber)
    {
        var isInForce = isFirst;
        foreach (var (after, turned) in turns)
        {
            if (after >= sequenceNumber) break;
            isInForce = turned;
        }

        return isInForce;
    }

    /// <summary>The last event of an id before a place in the journal; 0 for none. Numbers and places grow together.</summary>
    private static long LastBefore(IJournalStore store, string id, long ordering)
    {
        var (low, high) = (0L, store.HighestSequenceNumber(id));
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            var place = 0L; // of an event that was deleted: before all others
            store.Read(id, middle, middle, (in JournalRow row) =>
            {
                place = row.Ordering;
                return false;
            });
            if (place < ordering) low = middle;
            else high = middle - 1;
        }

        return low;
    }
}
