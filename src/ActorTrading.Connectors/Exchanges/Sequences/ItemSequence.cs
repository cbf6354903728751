using ActorTrading.Connectors.Exchanges.Adapters;

namespace ActorTrading.Connectors.Exchanges.Sequences;

/// <summary>What an item is in the sequence of its symbol.</summary>
internal enum SequenceVerdict
{
    /// <summary>It is the next one.</summary>
    Next,

    /// <summary>It, or a later one, was handed over before.</summary>
    Repeat,

    /// <summary>Others are missing before it: it is held.</summary>
    Held,

    /// <summary>It was missing, and has come by itself.</summary>
    Reordered,
}

/// <summary>
/// The items of one symbol and channel in the order of their numbers. An item that comes too early is held until the missing ones are
/// there, or given up: a symbol of the engine takes only what is newer, so they would be dropped behind it. Memory is that of what is
/// held. Not safe for several threads.
/// </summary>
/// <param name="step">How far apart the numbers are; 0 where some are left out, so that nothing is ever missing.</param>
internal sealed class ItemSequence(long step, int maxHeld)
{
    private readonly SortedDictionary<long, NumberedItem> held = [];
    private long? last;
    private long lastNanoseconds;
    private long gapEnd; // the last number that is missing, where it is beyond the last one handed over
    private long highest; // of those held

    /// <summary>The number of the last item handed over; null before the first.</summary>
    public long? Last => last;

    /// <summary>When the last item handed over was; 0 where that is not known.</summary>
    public long LastNanoseconds => lastNanoseconds;

    /// <summary>How many items are held.</summary>
    public int Held => held.Count;

    /// <summary>Whether more are held than may be: what is missing is to be given up.</summary>
    public bool IsFull => held.Count > maxHeld;

    /// <summary>
    /// The first and the last missing number; null where none is missing. Items between them may be held. A newest number that the
    /// exchange told without its item counts.
    /// </summary>
    public (long From, long To)? Missing => last is { } before && gapEnd > before ? (before + step, gapEnd) : null;

    /// <summary>How many numbers are missing.</summary>
    public long MissingCount => Missing is null ? 0 : ((Math.Max(gapEnd, held.Count > 0 ? highest : 0) - last!.Value) / step) - held.Count;

    /// <summary>Says what was handed over in an earlier life.</summary>
    public void Begin(long number, long nanoseconds = 0)
    {
        if (last is null || number > last) (last, lastNanoseconds) = (number, nanoseconds);
    }

    /// <summary>Takes an item; what can be handed over is added to the list, in order.</summary>
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

    /// <summary>Hears of the newest number there is, without its item.</summary>
    public void Expect(long number)
    {
        if (last is null || step == 0 || number <= last || (held.Count > 0 && number <= highest)) return;
        gapEnd = Math.Max(gapEnd, number);
    }

    /// <summary>
    /// Takes what was asked for. Up to <paramref name="coveredTo"/> there is nothing else: numbers without an item do not exist. Returns
    /// how many of those that were missing came.
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

    /// <summary>Gives up what is missing, and hands over what is held. Returns how many numbers are left out.</summary>
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

        // Numbers that do not exist are passed over.
        if (last < number && number <= gapEnd) last = number;
    }

    /// <summary>Holds an item; false where it is held already.</summary>
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
