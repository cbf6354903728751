using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Linearly weighted moving average, <c>wma(n)</c>: <c>(n · c₀ + (n − 1) · c₁ + … + 1 · cₙ₋₁) / (n (n + 1) / 2)</c>
/// where c₀ is the last close. The weighted sum W is exact: with S the plain sum before the step,
/// <c>W ← W − S + n · close</c>. Warm-up: n values. Unit: price. Flat market: the price.
/// </summary>
public sealed class Wma(StateLayout layout, int length) : Indicator
{
    private readonly WideCell sum = layout.Wide();
    private readonly WideCell weighted = layout.Wide();
    private readonly Window window = new(layout, length);
    private readonly double divisor = length * (length + 1L) / 2 * layout.PriceOne;

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        var total = sum.Get(state);
        var weightedTotal = weighted.Get(state);
        if (window.Push(state, bar.Close, out var oldest))
        {
            weightedTotal -= total;
            total -= oldest;
        }

        weightedTotal += (Int128)bar.Close * window.Count(state);
        sum.Set(state, total + bar.Close);
        weighted.Set(state, weightedTotal);
        if (window.IsFull(state)) values[0] = (double)weightedTotal / divisor;
    }
}
