using ActorTrading.Domain.Bars;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// One indicator on one frame of one plan. The object has no state of its own: it allocates cells in the layout when it is created, and
/// reads and writes them in the words of the symbol passed to it. One step function serves live trading, backtest and replay.
/// </summary>
public abstract class Indicator
{
    /// <summary>The value of an output without a value: the only NaN that is ever stored.</summary>
    public static readonly double Absent = BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0000);

    /// <summary>
    /// Processes the next closed bar (on the tick frame: the next price). Writes its outputs to <paramref name="values"/>, which are
    /// initially <see cref="Absent"/> and stay so until the warm-up is complete. No clock, no randomness, no allocation. An exception makes
    /// its own slot faulty permanently and affects no other.
    /// </summary>
    public abstract void Step(in Bar bar, Span<long> state, Span<double> values);
}
