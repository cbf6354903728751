using ActorTrading.Domain.Bars;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Volume-weighted average price of the session, <c>vwap</c>: <c>Σ(typical · volume) / Σ volume</c> since the session's first bar, with
/// typical = <c>(high + low + close) / 3</c>. Both sums are exact; a new session resets them. Warm-up: none, but absent until there is
/// volume in the session. Unit: price. Flat market: the price.
/// </summary>
public sealed class Vwap(StateLayout layout) : Indicator
{
    private readonly IntegerCell session = layout.Integer();
    private readonly WideCell turnover = layout.Wide();
    private readonly WideCell volume = layout.Wide();
    private readonly double one = layout.PriceOne;

    /// <inheritdoc/>
    /// <exception cref="OverflowException">The session's turnover is beyond 5.6e37 units of price times units of volume: with
    /// eight decimals 5.6e21 of the currency.</exception>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        ref var current = ref session.In(state);
        if (bar.Session != current)
        {
            current = bar.Session;
            turnover.Set(state, 0);
            volume.Set(state, 0);
        }

        var threeTimesTypical = (Int128)bar.High + bar.Low + bar.Close;
        var money = checked(turnover.Get(state) + (threeTimesTypical * bar.Volume));
        var traded = checked(volume.Get(state) + bar.Volume);
        turnover.Set(state, money);
        volume.Set(state, traded);
        if (traded > 0) values[0] = (double)money / (3.0 * (double)traded) / one;
    }
}
