using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Stochastic oscillator, <c>stochastic(n,k,d)</c> (George Lane, 1950s): the position of the close between the lowest low and the highest
/// high of the last n bars, <c>100 · (close − LL) / (HH − LL)</c>. <c>.k</c> is the SMA of the last k of these values (k = 1: the fast
/// oscillator), <c>.d</c> the SMA of the last d values of .k. Warm-up: n + k − 1 values for .k, d − 1 more for .d. Range: 0 to 100. Flat
/// market: absent, as long as a window of n bars without any range is part of the averages.
/// </summary>
public sealed class Stochastic(StateLayout layout, int length, int smoothing, int signal) : Indicator
{
    private readonly MovingExtreme highest = MovingExtreme.Highest(layout, length);
    private readonly MovingExtreme lowest = MovingExtreme.Lowest(layout, length);
    private readonly MovingPercentage slow = new(layout, smoothing);
    private readonly MovingPercentage slower = new(layout, signal);

    /// <inheritdoc/>
    public override void Step(in Bar bar, Span<long> state, Span<double> values)
    {
        highest.Push(state, bar.High);
        lowest.Push(state, bar.Low);
        if (!highest.IsFull(state)) return;

        var low = lowest.Value(state);
        var range = highest.Value(state) - low;
        values[0] = slow.Step(state, range == 0 ? Absent : 100 * ((bar.Close - low) / (double)range));
        if (slow.IsFull(state)) values[1] = slower.Step(state, values[0]);
    }
}
