using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Cutler's relative strength index, <c>rsi(n,cutler)</c>: <c>100 · G / (G + L)</c>, where G and L are the sums of the gains and of the
/// losses of the last n changes from close to close. Unlike Wilder's RSI it does not depend on values before its window. Warm-up: n + 1
/// values. Range: 0 to 100. Flat market: absent.
/// </summary>
public sealed class CutlerRsi(StateLayout layout, int length) : Indicator
{
    private readonly PriceCell previous = layout.Price();
    private readonly MovingSum gains = new(layout, length);
    private readonly MovingSum losses = new(layout, length);

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        if (!previous.Replace(state, bar.Close, out var before)) return;
        var change = bar.Close - before;
        var gain = gains.Push(state, Math.Max(change, 0));
        var movement = gain + losses.Push(state, Math.Max(-change, 0));
        if (gains.IsFull(state) && movement > 0) values[0] = 100 * ((double)gain / (double)movement);
    }
}
