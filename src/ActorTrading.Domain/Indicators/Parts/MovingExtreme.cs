namespace ActorTrading.Domain.Indicators.Parts;

/// <summary>
/// The highest (or lowest) of the last <c>n</c> integers. Beside the window it keeps the candidates in order of arrival: each value that no
/// later value exceeds. The first candidate is the extreme. Each value enters and leaves the candidates once, so a step is O(1) on average.
/// 2n + 3 words.
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

    /// <summary>Creates a maximum over that many values.</summary>
    public static MovingExtreme Highest(StateLayout layout, int length) => new(layout, length, 1);

    /// <summary>Creates a minimum over that many values.</summary>
    public static MovingExtreme Lowest(StateLayout layout, int length) => new(layout, length, -1);

    /// <summary>Whether the window is full.</summary>
    public bool IsFull(Span<long> state) => window.IsFull(state);

    /// <summary>The extreme of the window. The window must not be empty.</summary>
    public long Value(Span<long> state) => sign * state[candidates + (int)head.In(state)];

    /// <summary>Adds a value.</summary>
    public void Push(Span<long> state, long value)
    {
        var ring = state.Slice(candidates, window.Length);
        ref var first = ref head.In(state);
        ref var size = ref count.In(state);
        var signed = sign * value;

        // The value that leaves is either the first candidate, or it was exceeded earlier and is less than the first candidate.
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
