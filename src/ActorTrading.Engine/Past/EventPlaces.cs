using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Past;

/// <summary>Where events of an id stand among all events of the journal. Numbers and places grow together.</summary>
internal static class EventPlaces
{
    /// <summary>The last event of an id before a place in the journal; 0 for none.</summary>
    public static long LastBefore(IJournalStore store, string id, long ordering)
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

    /// <summary>The first event of an id that is there; one more than the last there ever was where none is.</summary>
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
    /// Whether the first event of an id is there, or the deletion of a symbol that made those before it void, so that
    /// its past can be folded anew.
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

    /// <summary>The event that deleted a symbol, where its events begin with that; 0 for none.</summary>
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
