using System.Runtime.CompilerServices;

namespace ActorTrading.Domain.Indicators.Parts;

/// <summary>Seed of an exponential average.</summary>
public enum Seed
{
    /// <summary>The simple average of the first n values; absent before.</summary>
    SimpleAverage,

    /// <summary>The first value; present from the first step on.</summary>
    FirstValue,
}

/// <summary>
/// Exponential average: <c>a ← a + w · (x − a)</c>. With w = 2 / (n + 1) the EMA, with w = 1 / n Wilder's
/// smoothing. O(1) per step; the average is kept as raw bits. Equal values make an average of exactly that value.
/// </summary>
public sealed class ExponentialAverage
{
    // An average that decays below this is set to zero: the rest is negligible, and processors are slow with numbers that small.
    private const double Vanishing = 1e-200;

    private readonly int length;
    private readonly double weight;
    private readonly Seed seed;
    private readonly RealCell average;
    private readonly IntegerCell count;

    private ExponentialAverage(StateLayout layout, int length, double weight, Seed seed)
    {
        this.length = length;
        this.weight = weight;
        this.seed = seed;
        average = layout.Real();
        count = layout.Integer();
    }

    /// <summary>The EMA of n values: w = 2 / (n + 1).</summary>
    public static ExponentialAverage Ema(StateLayout layout, int length, Seed seed = Seed.SimpleAverage) =>
        new(layout, length, 2.0 / (length + 1), seed);

    /// <summary>Wilder's smoothing of n values: w = 1 / n.</summary>
    public static ExponentialAverage Wilder(StateLayout layout, int length, Seed seed = Seed.SimpleAverage) =>
        new(layout, length, 1.0 / length, seed);

    /// <summary>Adds a value; returns the average, or <see cref="Indicator.Absent"/> during the warm-up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Step(Span<long> state, double value)
    {
        ref var current = ref average.In(state);
        ref var seen = ref count.In(state);
        if (seen >= length)
        {
            current += weight * (value - current);
            if (Math.Abs(current) < Vanishing) current = 0;
            return current;
        }

        return Start(ref current, ref seen, value);
    }

    private double Start(ref double current, ref long seen, double value)
    {
        if (seed == Seed.FirstValue)
        {
            current = seen == 0 ? value : current + (weight * (value - current));
            seen++;
            return current;
        }

        current += (value - current) / ++seen; // the mean so far, which for equal values has no rounding
        return seen < length ? Indicator.Absent : current;
    }
}
