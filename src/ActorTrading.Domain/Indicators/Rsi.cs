using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Relative strength index, <c>rsi(n)</c> (J. Welles Wilder, New Concepts in Technical Trading Systems, 1978):
/// <c>100 · G / (G + L)</c>, where G and L are Wilder's averages of the gains and of the losses from close to
/// close. Seed: the simple averages of the first n changes (warm-up: n + 1 values), or with
/// <c>rsi(n,first)</c> zero at the first close (value from the first change on). Range: 0 to 100.
/// Flat market: absent, since there is neither gain nor loss.
/// </summary>
public sealed class Rsi(StateLayout layout, int length, Seed seed) : Indicator
{
    // In price units. Averages below this, after thousands of flat bars, carry no information.
    private const double Nothing = 1e-100;

    private readonly PriceCell previous = layout.Price();
    private readonly ExponentialAverage gains = ExponentialAverage.Wilder(layout, length, seed);
    private readonly ExponentialAverage losses = ExponentialAverage.Wilder(layout, length, seed);

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        var isFirst = !previous.Replace(state, bar.Close, out var last);
        var change = isFirst ? 0 : bar.Close - last;
        if (isFirst && seed == Seed.SimpleAverage) return;

        var gain = gains.Step(state, Math.Max(change, 0));
        var loss = losses.Step(state, Math.Max(-change, 0));
        if (gain + loss > Nothing) values[0] = 100 * gain / (gain + loss);
    }
}
