using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Donchian channel, <c>donchian(n)</c> (Richard Donchian, 1960s): <c>.upper</c> is the highest high and <c>.lower</c> the lowest low of
/// the n bars before the current one, so that a close can break out of the channel (warm-up: n + 1 values). With <c>donchian(n,current)</c>
/// the current bar is the last of the n bars (warm-up: n values). Unit: price. Flat market: both are the price.
/// </summary>
public sealed class Donchian(StateLayout layout, int length, bool withCurrent) : Indicator
{
    private readonly MovingExtreme highest = MovingExtreme.Highest(layout, length);
    private readonly MovingExtreme lowest = MovingExtreme.Lowest(layout, length);
    private readonly double one = layout.PriceOne;

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        if (!withCurrent) Write(state, values);
        highest.Push(state, bar.High);
        lowest.Push(state, bar.Low);
        if (withCurrent) Write(state, values);
    }

    private void Write(Span<long> state, Span<double> values)
    {
        if (!highest.IsFull(state)) return;
        values[0] = highest.Value(state) / one;
        values[1] = lowest.Value(state) / one;
    }
}
