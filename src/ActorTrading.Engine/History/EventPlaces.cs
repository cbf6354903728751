using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.History;

/// <summary>Maps event numbers of an id to journal positions. Numbers and positions increase together.</summary>
internal static class EventPlaces
{
    /// <summary>The last event of an id before a position in the journal; 0 for none.</summary>
    public static long LastBefore(IJournalStore store, string id, long ordering)
    {
        var (low, high) = (0L, store.HighestSequenceNumber(id));
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            var place = 0L; // of a deleted event: before all others
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

    /// <summary>The first existing event of an id; if there is none, the number after the last event that ever existed.</summary>
    public static long First(IJournalStore store, string id)
    {
        var first = store.HighestSequenceNumber(id) + 1;
        store.Read(id, 1, long.MaxValue, (in JournalRow row) =>
        {
            first = row.SequenceNumber;
            return false;
        });
        return first;
    }

    /// <summary>
    /// Whether the past of an id can be folded from the start: its first event exists, or its events start with the deletion of the symbol,
    /// which makes the earlier ones void.
    /// </summary>
    public static bool IsFirstThere(IJournalStore store, string id)
    {
        var isThere = false;
        store.Read(id, 1, long.MaxValue, (in JournalRow row) =>
        {
            isThere = row.SequenceNumber == 1 || row.Manifest == EventManifests.SymbolDeleted;
            return false;
        });
        return isThere;
    }

    /// <summary>The event that deleted a symbol, if the symbol's events start with it; 0 otherwise.</summary>
    public static long DeletionOf(IJournalStore store, string id)
    {
        var number = 0L;
        store.Read(id, 1, long.MaxValue, (in JournalRow row) =>
        {
            if (row.Manifest == EventManifests.SymbolDeleted) number = row.SequenceNumber;
            return false;
        });
        return number;
    }
}
