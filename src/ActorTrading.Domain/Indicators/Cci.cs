using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Commodity channel index, <c>cci(n)</c> (Donald Lambert, Commodities, October 1980): <c>(typical − mean) / (0.015 · mean deviation)</c>,
/// with typical = <c>(high + low + close) / 3</c>. The mean is that of the last n typical prices; the mean deviation is the mean of their
/// distances from it. Warm-up: n values. Unit: none. Range: unbounded, mostly −100 to 100. Flat market: absent, since the deviation is
/// zero.
/// </summary>
public sealed class Cci(StateLayout layout, int length) : Indicator
{
    private const double Scale = 0.015;

    private readonly MovingSum typicals = new(layout, length);

    /// <inheritdoc/>
    /// <exception cref="OverflowException">The bar's prices add up to more than 9.2e18 units: with eight decimals 92 billion.</exception>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        // Three times the typical price, and all values below times n, so that all of them are whole numbers.
        var typical = checked(bar.High + bar.Low + bar.Close);
        var sum = typicals.Push(state, typical);
        if (!typicals.IsFull(state)) return;

        var deviations = Deviations(typicals.Values(state), sum);
        if (deviations == 0) return;
        var distance = (double)(((Int128)typical * length) - sum);
        values[0] = distance / (Scale * ((double)deviations / length));
    }

    /// <summary>
    /// The sum of <c>|n · x − Σx|</c>. The total distance of the values above the mean equals that of the values below it, so only the
    /// values above the mean are summed.
    /// </summary>
    private Int128 Deviations(ReadOnlySpan<long> values, Int128 sum)
    {
        var mean = (long)(sum / length); // rounded down: a whole number is greater than it exactly if it is above the mean
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
