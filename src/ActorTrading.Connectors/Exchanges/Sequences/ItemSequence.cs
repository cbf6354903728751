using ActorTrading.Connectors.Exchanges.Adapters;

namespace ActorTrading.Connectors.Exchanges.Sequences;

/// <summary>State of an item within the sequence of its symbol.</summary>
internal enum SequenceVerdict
{
    /// <summary>It is the next item.</summary>
    Next,

    /// <summary>It, or a later item, was already delivered.</summary>
    Repeat,

    /// <summary>Items before it are missing: it is held.</summary>
    Held,

    /// <summary>It was missing and has arrived out of order.</summary>
    Reordered,
}

/// <summary>
/// Orders the items of one symbol and channel by their numbers. An item that arrives too early is held until the missing ones arrive or are
/// given up: a symbol of the engine accepts only newer records, so the missing ones would otherwise be dropped. Memory is bounded by the
/// held items. Not thread-safe.
/// </summary>
/// <param name="step">The difference of consecutive numbers; 0 if numbers can be left out, so that no item counts as missing.</param>
internal sealed class ItemSequence(long step, int maxHeld)
{
    private readonly SortedDictionary<long, NumberedItem> held = [];
    private long? last;
    private long lastNanoseconds;
    private long gapEnd; // the last missing number, if greater than the last number delivered
    private long highest; // the highest number held

    /// <summary>The number of the last item delivered; null before the first.</summary>
    public long? Last => last;

    /// <summary>Time of the last item delivered; 0 if unknown.</summary>
    public long LastNanoseconds => lastNanoseconds;

    /// <summary>Number of held items.</summary>
    public int Held => held.Count;

    /// <summary>Whether more items are held than the limit: the missing ones must be given up.</summary>
    public bool IsFull => held.Count > maxHeld;

    /// <summary>
    /// The first and the last missing number; null if none is missing. Items between them may be held. Includes a newest number that the
    /// exchange reported without its item.
    /// </summary>
    public (long From, long To)? Missing => last is { } before && gapEnd > before ? (before + step, gapEnd) : null;

    /// <summary>Number of missing numbers.</summary>
    public long MissingCount => Missing is null ? 0 : ((Math.Max(gapEnd, held.Count > 0 ? highest : 0) - last!.Value) / step) - held.Count;

    /// <summary>Sets the last item delivered by an earlier process.</summary>
    public void Begin(long number, long nanoseconds = 0)
    {
        if (last is null || number > last) (last, lastNanoseconds) = (number, nanoseconds);
    }

    /// <summary>Adds an item; deliverable items are added to the list, in order.</summary>
    public SequenceVerdict Offer(NumberedItem item, List<NumberedItem> ready)
    {
        if (last is { } before && item.Number <= before) return SequenceVerdict.Repeat;
        if (last is null || step == 0 || item.Number <= last + step)
        {
            var wasMissing = Missing is not null;
            HandOver(item, ready);
            Drain(ready);
            return wasMissing ? SequenceVerdict.Reordered : SequenceVerdict.Next;
        }

        var isReordered = item.Number <= gapEnd;
        if (!Hold(item)) return SequenceVerdict.Repeat;
        return isReordered ? SequenceVerdict.Reordered : SequenceVerdict.Held;
    }

    /// <summary>Notes the newest existing number, without its item.</summary>
    public void Expect(long number)
    {
        if (last is null || step == 0 || number <= last || (held.Count > 0 && number <= highest)) return;
        gapEnd = Math.Max(gapEnd, number);
    }

    /// <summary>
    /// Adds the requested items. Up to <paramref name="coveredTo"/> the list is complete: numbers without an item do not exist. Returns the
    /// number of missing items that were added.
    /// </summary>
    public int Fill(IReadOnlyList<NumberedItem> items, long coveredTo, List<NumberedItem> ready)
    {
        var came = 0;
        foreach (var item in items)
        {
            if (item.Number > last && Hold(item)) came++;
        }

        if (last is not null && coveredTo > last) HandOverTo(coveredTo, ready);
        Drain(ready);
        return came;
    }

    /// <summary>Gives up the missing items and delivers the held ones. Returns the number of items given up.</summary>
    public long GiveUp(List<NumberedItem> ready)
    {
        if (last is not { } before || step == 0) return 0;
        var end = Math.Max(Math.Max(gapEnd, before), held.Count > 0 ? highest : before);
        var left = MissingCount;
        HandOverTo(end, ready);
        last = end;
        return left;
    }

    private void HandOverTo(long number, List<NumberedItem> ready)
    {
        while (held.Count > 0 && held.First() is { Key: var key, Value: var item } && key <= number)
        {
            held.Remove(key);
            HandOver(item, ready);
        }

        // Numbers that do not exist are skipped.
        if (last < number && number <= gapEnd) last = number;
    }

    /// <summary>Holds an item. Returns false if it is already held.</summary>
    private bool Hold(NumberedItem item)
    {
        var top = held.Count > 0 ? highest : last!.Value;
        if (!held.TryAdd(item.Number, item)) return false;
        if (item.Number > top + step) gapEnd = Math.Max(gapEnd, item.Number - step);
        highest = Math.Max(item.Number, held.Count == 1 ? item.Number : highest);
        return true;
    }

    private void Drain(List<NumberedItem> ready)
    {
        while (held.Count > 0 && held.First() is { Key: var key, Value: var item } && key <= last + step)
        {
            held.Remove(key);
            HandOver(item, ready);
        }
    }

    private void HandOver(NumberedItem item, List<NumberedItem> ready)
    {
        ready.Add(item);
        (last, lastNanoseconds) = (item.Number, item.Nanoseconds);
    }
}
