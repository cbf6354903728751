using System.Runtime.CompilerServices;

namespace ActorTrading.Domain.Indicators.Parts;

/// <summary>The sum of the last <c>n</c> integers. Exact: it always equals the recomputed sum. O(1) per step.</summary>
public sealed class MovingSum
{
    private readonly WideCell sum;
    private readonly Window window;

    /// <summary>Creates a sum over that many values.</summary>
    public MovingSum(StateLayout layout, int length)
    {
        sum = layout.Wide();
        window = new Window(layout, length);
    }

    /// <summary>Capacity of the window.</summary>
    public int Length => window.Length;

    /// <summary>Whether <see cref="Length"/> values were added.</summary>
    public bool IsFull(Span<long> state) => window.IsFull(state);

    /// <summary>The values of a full window, in no particular order.</summary>
    public Span<long> Values(Span<long> state) => window.Values(state);

    /// <summary>Adds a value; returns the sum of the window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Int128 Push(Span<long> state, long value)
    {
        var total = sum.Get(state) + value;
        if (window.Push(state, value, out var oldest)) total -= oldest;
        sum.Set(state, total);
        return total;
    }
}
