using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Exponential moving average of closes, <c>ema(n)</c>: <c>a ← a + 2 / (n + 1) · (close − a)</c>. Seed: the SMA of
/// the first n closes (warm-up: n values), or with <c>ema(n,first)</c> the first close (no warm-up).
/// Unit: price. Flat market: the price.
/// </summary>
public sealed class Ema(StateLayout layout, int length, Seed seed) : Indicator
{
    private readonly double one = layout.PriceOne;
    private readonly ExponentialAverage average = ExponentialAverage.Ema(layout, length, seed);

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values) =>
        values[0] = average.Step(state, bar.Close / one);
}
