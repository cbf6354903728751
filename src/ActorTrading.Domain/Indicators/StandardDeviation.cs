using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Standard deviation of the last n closes, <c>stddev(n)</c>: over the population,
/// <c>√(Σ(c − mean)² / n)</c>, or with <c>stddev(n,sample)</c> over n − 1. From exact sums. Warm-up: n values.
/// Unit: price. Range: from 0 up. Flat market: exactly 0.
/// </summary>
public sealed class StandardDeviation(StateLayout layout, int length, bool sample) : Indicator
{
    private readonly MovingMoments closes = new(layout, length);
    private readonly double one = layout.PriceOne;

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        closes.Push(state, bar.Close);
        if (!closes.IsFull(state)) return;
        var deviation = sample ? closes.SampleDeviation(state) : closes.PopulationDeviation(state);
        values[0] = deviation / one;
    }
}
