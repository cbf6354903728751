namespace ActorTrading.Client.Sending;

/// <summary>
/// The items that a sender has taken and the server has not acknowledged, by their position from 0. Memory is that of the
/// window. Not safe for several threads.
/// </summary>
internal sealed class SendWindow<T>(int size)
{
    private readonly T[] ring = new T[size];
    private readonly Queue<(long End, long At)> marks = [];

    /// <summary>The position of the first item not acknowledged.</summary>
    public long First { get; private set; }

    /// <summary>The position of the next item taken.</summary>
    public long Next { get; private set; }

    /// <summary>How many more it can hold.</summary>
    public int Room => size - (int)(Next - First);

    /// <summary>Takes an item. There must be room.</summary>
    public void Add(in T item) => ring[Next++ % size] = item;

    /// <summary>Remembers that what was taken up to here was handed over at that moment.</summary>
    public void Mark(long at) => marks.Enqueue((Next, at));

    /// <summary>The item at a position that is within the window.</summary>
    public ref readonly T this[long position] => ref ring[position % size];

    /// <summary>Lets go of what lies before that position.</summary>
    public void AdvanceTo(long position)
    {
        for (; First < position; First++) ring[First % size] = default!;
    }

    /// <summary>The next moment whose items are all acknowledged.</summary>
    public bool TryTakeMark(out long at)
    {
        at = 0;
        if (!marks.TryPeek(out var mark) || mark.End > First) return false;
        at = marks.Dequeue().At;
        return true;
    }
}
