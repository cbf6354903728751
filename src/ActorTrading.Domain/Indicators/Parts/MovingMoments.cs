using System.Runtime.CompilerServices;

namespace ActorTrading.Domain.Indicators.Parts;

/// <summary>
/// Sum and deviation of the last <c>n</c> integers, from the exact sums of the values and of their squares: no drift, no cancellation, zero
/// on a flat window. Each result is rounded only when it is converted to a double. O(1) per step.
/// </summary>
public sealed class MovingMoments
{
    private readonly WideCell sum;
    private readonly WideCell squares;
    private readonly IntegerCell squaresTop;
    private readonly Window window;
    private readonly UInt128 most;

    /// <summary>Creates moments over that many values.</summary>
    public MovingMoments(StateLayout layout, int length)
    {
        sum = layout.Wide();
        squares = layout.Wide();
        squaresTop = layout.Integer();
        window = new Window(layout, length);
        most = UInt128.MaxValue / (uint)length;
    }

    /// <summary>Whether the window is full.</summary>
    public bool IsFull(Span<long> state) => window.IsFull(state);

    /// <summary>Adds a value.</summary>
    public void Push(Span<long> state, long value)
    {
        var total = sum.Get(state) + value;
        var low = (UInt128)squares.Get(state);
        var top = squaresTop.In(state);

        var square = Square(value);
        low += square;
        if (low < square) top++;
        if (window.Push(state, value, out var oldest))
        {
            total -= oldest;
            square = Square(oldest);
            if (low < square) top--;
            low -= square;
        }

        sum.Set(state, total);
        squares.Set(state, (Int128)low);
        squaresTop.In(state) = top;
    }

    /// <summary>The exact sum of the values.</summary>
    public Int128 Sum(Span<long> state) => sum.Get(state);

    /// <summary>The population deviation of a full window: the root of the mean squared distance from the mean.</summary>
    public double PopulationDeviation(Span<long> state)
    {
        double n = window.Length;
        return Math.Sqrt(ScaledVariance(state) / (n * n));
    }

    /// <summary>The sample deviation of a full window: as above over n - 1. NaN for a window of one.</summary>
    public double SampleDeviation(Span<long> state)
    {
        double n = window.Length;
        return Math.Sqrt(ScaledVariance(state) / (n * (n - 1)));
    }

    /// <summary>n² times the population variance: n · Σx² − (Σx)², a whole number from zero up.</summary>
    private double ScaledVariance(Span<long> state)
    {
        var total = sum.Get(state);
        var magnitude = (UInt128)(total < 0 ? -total : total);
        var low = (UInt128)squares.Get(state);
        var top = (ulong)squaresTop.In(state);

        // 128 bits are enough for usual prices and returns. ((Σx)² is at most n · Σx².)
        if (top == 0 && low <= most)
        {
            var root = (ulong)magnitude;
            return (double)((low * (uint)window.Length) - Math.BigMul(root, root));
        }

        return UInt256.Difference(low, top, (uint)window.Length, magnitude);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static UInt128 Square(long value)
    {
        var magnitude = (ulong)(value < 0 ? -value : value);
        return Math.BigMul(magnitude, magnitude);
    }
}
