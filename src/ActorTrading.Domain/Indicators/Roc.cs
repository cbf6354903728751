using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Rate of change, <c>roc(n)</c>: <c>100 · (close − close n steps ago) / close n steps ago</c>. Warm-up: n + 1 values. Unit: percent.
/// Range: above −100. Flat market: 0. Absent if the price n steps ago is zero or negative.
/// </summary>
public sealed class Roc(StateLayout layout, int length) : Indicator
{
    private readonly Window closes = new(layout, length);

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        if (closes.Push(state, bar.Close, out var before) && before > 0) values[0] = 100 * ((bar.Close - before) / (double)before);
    }
}
