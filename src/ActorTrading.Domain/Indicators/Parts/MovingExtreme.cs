namespace ActorTrading.Domain.Indicators.Parts;

/// <summary>
/// The highest (or lowest) of the last <c>n</c> integers. Besides the window it keeps the candidates, in the order
/// in which they came: each value that no later one surpasses. The first of them is the extreme. Each value becomes
/// a candidate once and ceases to be one once, so a step is O(1) on average. 2n + 3 words.
/// </summary>
public sealed class MovingExtreme
{
    private readonly long sign; // the lowest value is the highest of the negated ones
    private readonly Window window;
    private readonly IntegerCell head;
    private readonly IntegerCell count;
    private readonly int candidates;

    private MovingExtreme(StateLayout layout, int length, long sign)
    {
        this.sign = sign;
        window = new Window(layout, length);
        head = layout.Integer();
        count = layout.Integer();
        candidates = layout.Run(length);
    }

    /// <summary>The highest of that many values.</summary>
    public static MovingExtreme Highest(StateLayout layout, int length) => new(layout, length, 1);

    /// <summary>The lowest of that many values.</summary>
    public static MovingExtreme Lowest(StateLayout layout, int length) => new(layout, length, -1);

    /// <summary>Whether all of the window's values have come.</summary>
    public bool IsFull(Span<long> state) => window.IsFull(state);

    /// <summary>The extreme of what the window holds, which is not nothing.</summary>
    public long Value(Span<long> state) => sign * state[candidates + (int)head.In(state)];

    /// <summary>Takes a value.</summary>
    public void Push(Span<long> state, long value)
    {
        var ring = state.Slice(candidates, window.Length);
        ref var first = ref head.In(state);
        ref var size = ref count.In(state);
        var signed = sign * value;

        // The value that leaves is either the first candidate or was surpassed, and then is less than it.
        if (window.Push(state, signed, out var oldest) && ring[(int)first] == oldest)
        {
            first = Position(first, 1);
            size--;
        }

        while (size > 0 && ring[Position(first, size - 1)] < signed) size--;
        ring[Position(first, size)] = signed;
        size++;
    }

    private int Position(long first, long offset)
    {
        var position = (int)(first + offset);
        return position < window.Length ? position : position - window.Length;
    }
}
