using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Momentum, <c>momentum(n)</c>: <c>close − close n steps ago</c>. Warm-up: n + 1 values. Unit: price.
/// Flat market: 0.
/// </summary>
public sealed class Momentum(StateLayout layout, int length) : Indicator
{
    private readonly Window closes = new(layout, length);
    private readonly double one = layout.PriceOne;

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        if (closes.Push(state, bar.Close, out var before)) values[0] = (bar.Close - before) / one;
    }
}
