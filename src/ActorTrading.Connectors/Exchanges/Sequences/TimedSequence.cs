using ActorTrading.Connectors.Exchanges.Adapters;

namespace ActorTrading.Connectors.Exchanges.Sequences;

/// <summary>
/// The items of one symbol whose exchange gives them times and names, and no numbers that grow. What is missing cannot be noticed; but
/// after a break of the connection the time without one is asked for, and newer items are held meanwhile. Not safe for several threads.
/// </summary>
internal sealed class TimedSequence(int maxHeld)
{
    private readonly List<TimedItem> held = [];
    private readonly HashSet<string> newest = new(StringComparer.Ordinal); // names of the items of the newest moment
    private long last; // the newest moment that was handed over; 0 before the first
    private bool isBroken;

    /// <summary>
    /// The time that is asked for, both ends included: from the last item before the break to the first one after it; null where none
    /// is.
    /// </summary>
    public (long From, long To)? Missing { get; private set; }

    /// <summary>Whether more are held than may be: what is missing is to be given up.</summary>
    public bool IsFull => held.Count > maxHeld;

    /// <summary>Says that items may have been missed from now on: the next one tells until when.</summary>
    public void Break() => isBroken = last > 0;

    /// <summary>Takes an item; what can be handed over is added to the list. True where the time before it is to be asked for.</summary>
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
    /// Takes what was asked for, in the order of its times, and hands it over before what is held; none of it twice. Returns how many
    /// came that were missing.
    /// </summary>
    public int Fill(IEnumerable<TimedItem> items, List<TimedItem> ready)
    {
        var isHeld = held.Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        var missing = items.Where(item => item.Nanoseconds >= last && !newest.Contains(item.Name) && !isHeld.Contains(item.Name)).ToList();
        foreach (var item in missing) HandOver(item, ready);
        GiveUp(ready);
        return missing.Count;
    }

    /// <summary>Hands over what is held, without what is missing.</summary>
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
