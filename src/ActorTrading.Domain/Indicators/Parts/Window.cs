using System.Runtime.CompilerServices;

namespace ActorTrading.Domain.Indicators.Parts;

/// <summary>Ring buffer of the last <c>n</c> integers. O(1) per step, n + 1 words.</summary>
public sealed class Window
{
    private readonly int first;
    private readonly int length;
    private readonly IntegerCell pushed;

    /// <summary>Creates a window over that many values.</summary>
    public Window(StateLayout layout, int length)
    {
        this.length = length;
        pushed = layout.Integer();
        first = layout.Run(length);
        layout.Windows.Add(this);
    }

    /// <summary>Capacity of the window.</summary>
    public int Length => length;

    /// <summary>Whether it holds <see cref="Length"/> values.</summary>
    public bool IsFull(Span<long> state) => pushed.In(state) >= length;

    /// <summary>Number of values in the window.</summary>
    public int Count(Span<long> state) => (int)Math.Min(pushed.In(state), length);

    /// <summary>Adds a value. Returns true if it replaced the oldest one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Push(Span<long> state, long value, out long oldest)
    {
        // The count runs to n, then between n and 2n - 1, so that it also gives the position.
        ref var count = ref pushed.In(state);
        var full = count >= length;
        ref var slot = ref state[Next(count)];
        oldest = slot;
        slot = value;
        count = count + 1 == 2L * length ? length : count + 1;
        return full;
    }

    /// <summary>Offset of the next value to write.</summary>
    internal int Next(Span<long> state) => Next(pushed.In(state));

    /// <summary>The value pushed <paramref name="age"/> steps before the last one (0 = the last one).</summary>
    public long At(Span<long> state, int age)
    {
        var position = Next(state) - 1 - age;
        return state[position < first ? position + length : position];
    }

    /// <summary>The words that hold the values, in no particular order; those not yet filled are zero.</summary>
    public Span<long> Values(Span<long> state) => state.Slice(first, length);

    private int Next(long count) => first + (int)(count >= length ? count - length : count);
}
