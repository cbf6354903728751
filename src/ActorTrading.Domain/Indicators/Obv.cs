using ActorTrading.Domain.Bars;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// On-balance volume, <c>obv</c> (Joseph Granville, 1963): the volume of all bars with a higher close than the bar before, minus the volume
/// of all bars with a lower close. Exact. Starts at 0 with the first bar, whose own volume does not count. Warm-up: none. Unit: quantity.
/// Flat market: unchanged.
/// </summary>
public sealed class Obv(StateLayout layout) : Indicator
{
    private readonly PriceCell previous = layout.Price();
    private readonly WideCell balance = layout.Wide();
    private readonly double one = layout.SizeOne;

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        var total = balance.Get(state);
        if (previous.Replace(state, bar.Close, out var last))
        {
            if (bar.Close > last) total = checked(total + bar.Volume);
            if (bar.Close < last) total = checked(total - bar.Volume);
        }

        balance.Set(state, total);
        values[0] = (double)total / one;
    }
}
