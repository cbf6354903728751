using ActorTrading.Connectors.Exchanges.Adapters;

namespace ActorTrading.Connectors.Exchanges.Sequences;

/// <summary>
/// Orders the items of one symbol of an exchange that provides times and names but no increasing numbers. Missing items cannot be detected.
/// After a break of the connection, the items of that time are requested, and newer items are held meanwhile. Not thread-safe.
/// </summary>
internal sealed class TimedSequence(int maxHeld)
{
    private readonly List<TimedItem> held = [];
    private readonly HashSet<string> newest = new(StringComparer.Ordinal); // names of the items with the newest time
    private long last; // the newest time that was delivered; 0 before the first
    private bool isBroken;

    /// <summary>
    /// The requested time range, both ends included: from the last item before the break to the first one after it; null if no range is
    /// requested.
    /// </summary>
    public (long From, long To)? Missing { get; private set; }

    /// <summary>Whether more items are held than the limit: the missing ones must be given up.</summary>
    public bool IsFull => held.Count > maxHeld;

    /// <summary>Notes that items may be missing from now on; the next item gives the end of the range.</summary>
    public void Break() => isBroken = last > 0;

    /// <summary>Adds an item; deliverable items are added to the list. Returns true if the time before it must be requested.</summary>
    public bool Offer(TimedItem item, List<TimedItem> ready)
    {
        var isNew = isBroken && Missing is null;
        if (isBroken) Missing = (Missing?.From ?? last, Math.Max(Missing?.To ?? last, item.Nanoseconds));
        isBroken = false;
        if (Missing is null) HandOver(item, ready);
        else held.Add(item);
        return isNew;
    }

    /// <summary>
    /// Adds the requested items, in time order, and delivers them before the held ones, without duplicates. Returns the number of items
    /// that were missing.
    /// </summary>
    public int Fill(IEnumerable<TimedItem> items, List<TimedItem> ready)
    {
        var isHeld = held.Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        var missing = items.Where(item => item.Nanoseconds >= last && !newest.Contains(item.Name) && !isHeld.Contains(item.Name)).ToList();
        foreach (var item in missing) HandOver(item, ready);
        GiveUp(ready);
        return missing.Count;
    }

    /// <summary>Delivers the held items without the missing ones.</summary>
    public void GiveUp(List<TimedItem> ready)
    {
        foreach (var item in held) HandOver(item, ready);
        held.Clear();
        Missing = null;
    }

    private void HandOver(TimedItem item, List<TimedItem> ready)
    {
        ready.Add(item);
        if (item.Nanoseconds < last) return;
        if (item.Nanoseconds > last) newest.Clear();
        last = item.Nanoseconds;
        newest.Add(item.Name);
    }
}
