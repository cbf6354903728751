using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Moving average convergence and divergence, <c>macd(fast,slow,signal)</c> (Gerald Appel, 1979): <c>.line</c> is the fast EMA of closes
/// minus the slow one, <c>.signal</c> the EMA of the line, <c>.histogram</c> the line minus the signal. Each of the three EMAs has its own
/// seed, the simple average of its first values. Warm-up: for the line as many values as the longer of fast and slow; for the other two
/// signal − 1 more. Unit: price. Flat market: 0.
/// </summary>
public sealed class Macd(StateLayout layout, int fast, int slow, int signal) : Indicator
{
    private readonly double one = layout.PriceOne;
    private readonly ExponentialAverage fastAverage = ExponentialAverage.Ema(layout, fast);
    private readonly ExponentialAverage slowAverage = ExponentialAverage.Ema(layout, slow);
    private readonly ExponentialAverage lineAverage = ExponentialAverage.Ema(layout, signal);

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        var close = bar.Close / one;
        var line = fastAverage.Step(state, close) - slowAverage.Step(state, close);
        if (double.IsNaN(line)) return;

        values[0] = line;
        var average = lineAverage.Step(state, line);
        if (double.IsNaN(average)) return;

        values[1] = average;
        values[2] = line - average;
    }
}
