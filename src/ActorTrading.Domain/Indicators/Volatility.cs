using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Moving volatility, <c>volatility(n)</c>: the sample deviation (over n − 1) of the last n simple returns <c>close / previous − 1</c>, or
/// with <c>volatility(n,log)</c> of the log returns <c>ln(close / previous)</c>. Per step of its frame, not annualised. Warm-up: n + 1
/// values. Unit: one (0.01 = 1 %). Flat market: 0. Returns are stored in units of 2^-58 (3.5e-18), so the deviation is exact. Absent while
/// the window contains a return of 32 (3,200 %) or more, which does not fit, or a return from a price that is not positive (for log returns
/// also one to such a price).
/// </summary>
public sealed class Volatility : Indicator
{
    private const double UnitsPerOne = 1L << 58;
    private const double Range = 32;

    private readonly int length;
    private readonly bool log;
    private readonly PriceCell previous;
    private readonly IntegerCell stepsBeyondRange;
    private readonly MovingMoments returns;

    /// <summary>Creates a volatility over that many returns.</summary>
    public Volatility(StateLayout layout, int length, bool log)
    {
        this.length = length;
        this.log = log;
        previous = layout.Price();
        stepsBeyondRange = layout.Integer();
        returns = new MovingMoments(layout, length);
    }

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        if (!previous.Replace(state, bar.Close, out var before)) return;
        var hasReturn = before > 0 && (!log || bar.Close > 0);
        var change = hasReturn ? (bar.Close - before) / (double)before : Range;
        if (log && hasReturn) change = DeterministicMath.LogOnePlus(change);

        ref var beyond = ref stepsBeyondRange.In(state);
        if (Math.Abs(change) < Range)
        {
            returns.Push(state, (long)Math.Round(change * UnitsPerOne));
            if (beyond > 0) beyond--;
        }
        else
        {
            returns.Push(state, 0);
            beyond = length;
        }

        if (returns.IsFull(state) && beyond == 0) values[0] = returns.SampleDeviation(state) / UnitsPerOne;
    }
}
