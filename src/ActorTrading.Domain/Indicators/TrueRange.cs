using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// True range, <c>truerange</c> (J. Welles Wilder, 1978): the range of the price since the previous close, <c>max(high, previous close) −
/// min(low, previous close)</c>. Warm-up: 2 values, since the first bar has no previous close; with <c>truerange(first)</c> the first value
/// is its high − low. Unit: price. Range: from 0 up. Flat market: 0.
/// </summary>
public sealed class TrueRange(StateLayout layout, Seed seed) : Indicator
{
    private readonly PriceCell previous = layout.Price();
    private readonly double one = layout.PriceOne;

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        if (TryStep(bar, state, out var range)) values[0] = range / one;
    }

    /// <summary>The range in price units, for indicators built on it; false if there is none.</summary>
    internal bool TryStep(in Bar bar, Span<long> state, out long range)
    {
        if (!previous.Replace(state, bar.Close, out var before))
        {
            range = bar.High - bar.Low;
            return seed == Seed.FirstValue;
        }

        range = Math.Max(bar.High, before) - Math.Min(bar.Low, before);
        return true;
    }
}
