using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Commodity channel index, <c>cci(n)</c> (Donald Lambert, Commodities, October 1980):
/// <c>(typical − mean) / (0.015 · mean deviation)</c>, where typical is <c>(high + low + close) / 3</c>, the mean is
/// that of the last n of them and the mean deviation that of their distances from this mean. Warm-up: n values.
/// Unit: none. Range: unbounded, mostly −100 to 100. Flat market: absent, since nothing deviates.
/// </summary>
public sealed class Cci(StateLayout layout, int length) : Indicator
{
    private const double Scale = 0.015;

    private readonly MovingSum typicals = new(layout, length);

    /// <inheritdoc/>
    /// <exception cref="OverflowException">The bar's prices add up to more than 9.2e18 units: with eight decimals 92 billion.</exception>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        // Three times the typical price, and everything below times n: so all of it is whole.
        var typical = checked(bar.High + bar.Low + bar.Close);
        var sum = typicals.Push(state, typical);
        if (!typicals.IsFull(state)) return;

        var deviations = Deviations(typicals.Values(state), sum);
        if (deviations == 0) return;
        var distance = (double)(((Int128)typical * length) - sum);
        values[0] = distance / (Scale * ((double)deviations / length));
    }

    /// <summary>
    /// The sum of <c>|n · x − Σx|</c>. What lies above the mean lies as far from it, in total, as what lies below;
    /// so the values above it are enough.
    /// </summary>
    private Int128 Deviations(ReadOnlySpan<long> values, Int128 sum)
    {
        var mean = (long)(sum / length); // rounded down: a whole number is above it exactly when above the mean
        Int128 above = 0;
        long count = 0;
        foreach (var value in values)
        {
            if (value <= mean) continue;
            above += value;
            count++;
        }

        return 2 * ((above * length) - (sum * count));
    }
}
