using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Average directional index, <c>adx(n)</c> (J. Welles Wilder, 1978): the strength of a trend, independent of its direction. The
/// directional movement of a bar is the distance by which it exceeds the range of the bar before, upwards or downwards, whichever is
/// larger. With P and M as Wilder's averages of the upward and downward movements, the directional index is <c>100 · |P − M| / (P + M)</c>
/// (the average true range, by which Wilder divides both, cancels out), and the ADX is Wilder's average of it. Warm-up: 2n values. Range: 0
/// to 100. Flat market: 0, no trend.
/// </summary>
public sealed class Adx(StateLayout layout, int length) : Indicator
{
    // In price units. Averages below this, after thousands of flat bars, carry no information.
    private const double Nothing = 1e-100;

    private readonly PriceCell previousHigh = layout.Price();
    private readonly PriceCell previousLow = layout.Price();
    private readonly ExponentialAverage ups = ExponentialAverage.Wilder(layout, length);
    private readonly ExponentialAverage downs = ExponentialAverage.Wilder(layout, length);
    private readonly ExponentialAverage directional = ExponentialAverage.Wilder(layout, length);

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        var hasPrevious = previousHigh.Replace(state, bar.High, out var high);
        previousLow.Replace(state, bar.Low, out var low);
        if (!hasPrevious) return;
        var up = bar.High - high;
        var down = low - bar.Low;

        var plus = ups.Step(state, up > down && up > 0 ? up : 0);
        var minus = downs.Step(state, down > up && down > 0 ? down : 0);
        if (double.IsNaN(plus)) return;

        var movement = plus + minus;
        values[0] = directional.Step(state, movement > Nothing ? 100 * Math.Abs(plus - minus) / movement : 0);
    }
}
