using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Simple moving average, <c>sma(n)</c>: the mean of the last n closes, from their exact sum.
/// Warm-up: n values. Unit: price. Flat market: the price.
/// </summary>
public sealed class Sma(StateLayout layout, int length) : Indicator
{
    private readonly MovingSum sum = new(layout, length);
    private readonly double divisor = length * layout.PriceOne;

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        var total = sum.Push(state, bar.Close);
        if (sum.IsFull(state)) values[0] = (double)total / divisor;
    }
}
