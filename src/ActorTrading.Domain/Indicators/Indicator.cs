using ActorTrading.Domain.Bars;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// One indicator on one frame of one plan. It holds no state of its own: it asks the layout for cells when it
/// is made and finds them, for whatever symbol, in the words it is given. One step function serves live
/// trading, backtest and replay alike.
/// </summary>
public abstract class Indicator
{
    /// <summary>The value of an output that has none (yet): the one NaN that is ever stored.</summary>
    public static readonly double Absent = BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0000);

    /// <summary>
    /// Takes the next closed bar (on the tick frame: the next price). Writes its outputs to
    /// <paramref name="values"/>, which come in as <see cref="Absent"/> and stay so until the warm-up is
    /// complete. No clock, no randomness, no allocation; what it throws makes its own slot faulty for good
    /// and touches no other.
    /// </summary>
    public abstract void Step(in Bar bar, Span<long> state, Span<double> values);
}
