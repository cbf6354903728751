namespace ActorTrading.Client.Sending;

/// <summary>The unacknowledged items of a sender, by their position from 0. Memory is bounded by the window. Not thread-safe.</summary>
internal sealed class SendWindow<T>(int size)
{
    private readonly T[] ring = new T[size];
    private readonly Queue<(long End, long At)> marks = [];

    /// <summary>The position of the first unacknowledged item.</summary>
    public long First { get; private set; }

    /// <summary>The position of the next item to add.</summary>
    public long Next { get; private set; }

    /// <summary>Number of free places.</summary>
    public int Room => size - (int)(Next - First);

    /// <summary>Adds an item. There must be a free place.</summary>
    public void Add(in T item) => ring[Next++ % size] = item;

    /// <summary>Notes the time at which the items up to here were added.</summary>
    public void Mark(long at) => marks.Enqueue((Next, at));

    /// <summary>The item at a position; the position must be within the window.</summary>
    public ref readonly T this[long position] => ref ring[position % size];

    /// <summary>Removes the items before that position.</summary>
    public void AdvanceTo(long position)
    {
        for (; First < position; First++) ring[First % size] = default!;
    }

    /// <summary>Removes the next time mark whose items are all acknowledged.</summary>
    public bool TryTakeMark(out long at)
    {
        at = 0;
        if (!marks.TryPeek(out var mark) || mark.End > First) return false;
        at = marks.Dequeue().At;
        return true;
    }
}
