using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Bollinger bands, <c>bollinger(n,k)</c> (John Bollinger, Bollinger on Bollinger Bands, 2001): <c>.middle</c> is
/// the SMA of the last n closes, <c>.upper</c> and <c>.lower</c> lie k population deviations above and below.
/// Warm-up: n values. Unit: price. Flat market: all three are the price.
/// </summary>
public sealed class Bollinger(StateLayout layout, int length, double width) : Indicator
{
    private readonly MovingMoments closes = new(layout, length);
    private readonly double divisor = length * layout.PriceOne;
    private readonly double one = layout.PriceOne;

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        closes.Push(state, bar.Close);
        if (!closes.IsFull(state)) return;
        var middle = (double)closes.Sum(state) / divisor;
        var distance = width * (closes.PopulationDeviation(state) / one);
        values[0] = middle + distance;
        values[1] = middle;
        values[2] = middle - distance;
    }
}
