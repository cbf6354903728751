using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>
/// Indicators that throw: vwap if the turnover of a session exceeds 128 bits, cci if the sum of a bar's prices exceeds 64 bits.
/// </summary>
public class FaultStoryTests
{
    private const string Siblings = "\"ema(3)\", \"rsi(3)\", \"sma(2)\", \"atr(2)\", \"stddev(3)\", \"macd(2,3,2)\"";
    private static readonly string With =
        $$"""{"frames":["tick","1min","5min"],"indicators":["ema(2)","vwap",{{Siblings}},"cci(2)"],"rules":["alert when close > ema(3) on 1min","buy when vwap > 0 on 1min"]}""";
    private static readonly string Without =
        $$"""{"frames":["tick","1min","5min"],"indicators":["ema(2)",{{Siblings}}],"rules":["alert when close > ema(3) on 1min"]}""";

    [Fact]
    public void IndicatorThatFails_LeavesItsSiblingsAsTheyWouldBeWithoutIt_BitForBit()
    {
        var (with, without) = (new Tape(With), new Tape(Without));
        for (var i = 0; i < 400; i++)
        {
            foreach (var tape in new[] { with, without }) Trade(tape, i);
            foreach (var frame in new[] { Frame.Tick, Frame.OneMinute, Frame.FiveMinutes })
            {
                foreach (var sibling in (string[])["ema(2)", "ema(3)", "rsi(3)", "sma(2)", "atr(2)", "stddev(3)", "macd(2,3,2).line",
                    "macd(2,3,2).histogram"])
                {
                    Assert.Equal(
                        BitConverter.DoubleToInt64Bits(without.Value(sibling, frame)),
                        BitConverter.DoubleToInt64Bits(with.Value(sibling, frame)));
                }
            }
        }

        Assert.Empty(without.Log.Faults);
        Assert.Equal(5, with.Log.Faults.Count); // each once: cci on three frames, vwap on two (not over five minutes)
        Assert.Equal(without.Log.Bars, with.Log.Bars);
        Assert.Equal(
            without.Log.Signals.Select(signal => signal.Id),
            with.Log.Signals.Where(signal => signal.RuleText.StartsWith("alert", StringComparison.Ordinal)).Select(signal => signal.Id));
    }

    [Fact]
    public void Failure_IsToldOnce_AndItsValueStaysAbsent_EvenAfterASnapshot()
    {
        var tape = new Tape(With);
        for (var i = 0; i < 5; i++) Trade(tape, i);
        Assert.Equal(10.5, tape.Value("vwap", Frame.OneMinute), 1.0);
        Assert.Empty(tape.Log.Faults);
        for (var i = 5; i < 9; i++) Trade(tape, i);
        var fault = Assert.Single(tape.Log.Faults, fault => fault is { Indicator: "vwap", Frame: Frame.OneMinute });
        Assert.Equal((Tape.Symbol, Tape.At("10:05:00")), (fault.Symbol, fault.Time));
        Assert.NotEmpty(fault.Message);

        tape.Restart();
        var told = tape.Log.Faults.Count;
        for (var i = 9; i < 100; i++) Trade(tape, i);
        Assert.True(double.IsNaN(tape.Value("vwap", Frame.OneMinute)));
        Assert.True(double.IsNaN(tape.Value("vwap", Frame.Tick)));
        Assert.DoesNotContain(tape.Log.Faults.Skip(told), fault => fault.Frame != Frame.FiveMinutes); // whose bar was still open
        Assert.DoesNotContain(tape.Log.Signals, signal => signal.Values.Any(value => double.IsNaN(value.Value)));
    }

    [Fact]
    public void RunWithAFailure_HasTheSameHash_WhereverItWasCut()
    {
        var (whole, cut) = (new Tape(With), new Tape(With));
        for (var i = 0; i < 60; i++)
        {
            Trade(whole, i);
            Trade(cut, i);
            cut.Restart();
        }

        Assert.Equal(whole.Hash, cut.Hash);
        Assert.Equal(whole.Log.Lines, cut.Log.Lines);
    }

    /// <summary>A calm market with a giant trade in its sixth minute.</summary>
    private static void Trade(Tape tape, int i)
    {
        var time = new Timestamp(Tape.At("10:00:00").Nanoseconds + (i * Timestamp.Minute));
        var record = i == 5
            ? Domain.Records.Record.OfTick(Tape.Symbol, Tape.IdOf(-1), time, long.MaxValue, long.MaxValue)
            : Tape.TickAt("10:00:00", 10 + (i * 7 % 5 * 0.25), 3).At(time);
        Assert.Equal("applied", tape.Take(record));
    }
}
