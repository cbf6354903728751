using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Average true range, <c>atr(n)</c> (J. Welles Wilder, 1978): Wilder's average of the true range. Seed: the simple average of the first n
/// true ranges, starting with that of the second bar (warm-up: n + 1 values); with <c>atr(n,first)</c> the high − low of the first bar (no
/// warm-up). Unit: price. Range: from 0 up. Flat market: 0.
/// </summary>
public sealed class Atr(StateLayout layout, int length, Seed seed) : Indicator
{
    private readonly TrueRange trueRange = new(layout, seed);
    private readonly double one = layout.PriceOne;
    private readonly ExponentialAverage average = ExponentialAverage.Wilder(layout, length, seed);

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        if (!trueRange.TryStep(bar, state, out var range)) return;
        var atr = average.Step(state, range);
        if (!double.IsNaN(atr)) values[0] = atr / one;
    }
}
