using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Signals;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>The content of a signal, which is the same in each run.</summary>
public class SignalStoryTests
{
    private const string Crossing =
        """{"frames":["1min"],"indicators":["sma(2)"],"rules":[{"name":"up","rule":"buy when close crosses above sma(2)"}]}""";

    [Fact]
    public void Signal_TellsWhichRuleFired_OnWhichBar_ByWhichTick_AndWhatItSaw()
    {
        var tape = new Tape(Crossing);
        tape.Tick("10:00:00", 10, seq: 1);
        tape.Tick("10:01:00", 8, seq: 2);
        tape.Tick("10:02:00", 12, seq: 3);
        Assert.Empty(tape.Log.Signals);
        tape.Tick("10:04:05", 11, seq: 4);

        var signal = Assert.Single(tape.Log.Signals);
        var rule = tape.State.Plan.Settings.Rules[0];
        Assert.Equal((Tape.Symbol, 1, "up", SignalAction.Buy), (signal.Symbol, signal.Number, signal.RuleName, signal.Action));
        Assert.Equal((rule.Rule.Id(Frame.OneMinute), "buy when close crosses above sma(2) on 1min"), (signal.RuleId, signal.RuleText));
        Assert.Equal(
            (Frame.OneMinute, Tape.At("10:02:00"), 0, Tape.At("10:03:00")), (signal.Frame, signal.BarTime, signal.Ordinal, signal.Time));
        Assert.Equal(Tape.Of(12), signal.Price);
        Assert.Equal(new Trigger(Tape.IdOf(4), Tape.At("10:04:05"), Tape.Of(11)), signal.Trigger);
        Assert.False(signal.Trigger.IsClock);
        Assert.Equal([new SignalValue("close@1min", 12), new SignalValue("sma(2)@1min", 10)], signal.Values);
        Assert.Equal($"AAPL/{signal.RuleId}/1min/{Tape.At("10:02:00").Nanoseconds}/0", signal.Id);
    }

    [Fact]
    public void BarClosedByAClock_SaysThatAClockDidIt()
    {
        var tape = new Tape("""{"frames":["1min"],"rules":["alert when close > 0"]}""");
        tape.Tick("10:00:00", 10, seq: 1);
        tape.Clock("10:05:00");
        var signal = Assert.Single(tape.Log.Signals);
        Assert.Equal(new Trigger(Domain.Records.Identity.Anonymous, Tape.At("10:05:00"), 0), signal.Trigger);
        Assert.True(signal.Trigger.IsClock);
        Assert.Equal(Tape.At("10:01:00"), signal.Time);
    }

    [Fact]
    public void MadeBar_TriggersWhatItCloses()
    {
        var tape = new Tape("""{"frames":["1min"],"rules":["alert when close > 0"]}""");
        tape.Bar("10:00:00", Frame.OneMinute, 10);
        Assert.Equal((Tape.At("10:00:00"), Tape.Of(10)), (tape.Log.Signals[0].Trigger.Time, tape.Log.Signals[0].Trigger.Price));
    }

    [Fact]
    public void Numbers_CountTheSignalsOfTheSymbol_FromOne_WithoutAGap()
    {
        var tape = Busy(new Tape(Rules));
        Assert.True(tape.Log.Signals.Count > 50);
        Assert.Equal(Enumerable.Range(1, tape.Log.Signals.Count).Select(i => (long)i), tape.Log.Signals.Select(signal => signal.Number));
        Assert.Equal(tape.Log.Signals.Count, tape.State.Ohlcv.Signals);
    }

    [Fact]
    public void NoTwoSignals_HaveOneId()
    {
        var tape = Busy(new Tape(Rules));
        Assert.Contains(tape.Log.Signals, signal => signal.Ordinal > 0);
        Assert.NotEmpty(tape.Log.Late);
        Assert.Equal(tape.Log.Signals.Count, tape.Log.Signals.Select(signal => signal.Id).Distinct().Count());
    }

    [Fact]
    public void TwoRuns_TellTheSameSignals()
    {
        var (one, other) = (Busy(new Tape(Rules)), Busy(new Tape(Rules)));
        Assert.Equal(one.Log.Signals.Select(Seen.Signal), other.Log.Signals.Select(Seen.Signal));
        Assert.Equal(one.Hash, other.Hash);
    }

    [Fact]
    public void SeveralSignalsOfOneRuleAtOneTimeOfTheTickFrame_AreNumbered()
    {
        var tape = new Tape("""{"frames":["tick"],"rules":["buy when close > 10"]}""");
        foreach (var price in new[] { 9, 11, 9, 12, 13, 9, 14 }) tape.Tick("10:00:00", price);
        Assert.Equal([0, 1, 2], tape.Log.Signals.Select(signal => signal.Ordinal));
        tape.Tick("10:00:01", 9);
        tape.Tick("10:00:02", 11);
        Assert.Equal(0, tape.Log.Signals[^1].Ordinal);
    }

    [Fact]
    public void LateTicksThatFireARule_DoNotRepeatAnId()
    {
        var tape = new Tape("""{"frames":["tick","1min"],"rules":["buy when close > 10 on tick"]}""");
        foreach (var time in new[] { "10:00:10", "10:01:10", "10:00:10", "10:00:10", "10:02:10", "10:00:10", "10:02:10" })
        {
            tape.Tick(time, 11);
            tape.Tick(time, 9);
        }

        Assert.Equal(7, tape.Log.Signals.Select(signal => signal.Id).Distinct().Count());
        Assert.Equal([0, 0, 3, 4, 0, 6, 1], tape.Log.Signals.Select(signal => signal.Ordinal));
    }

    [Fact]
    public void Cooldown_KeepsARuleQuiet_ForThatMuchExchangeTime()
    {
        var tape = new Tape("""{"frames":["1min"],"rules":["buy when close > 10 cooldown 10min"]}""");
        for (var minute = 0; minute < 40; minute++) tape.Tick($"10:{minute:d2}:00", minute % 2 == 0 ? 11 : 9);
        Assert.Equal(["10:01:00", "10:11:00", "10:21:00", "10:31:00"], tape.Log.Signals.Select(signal => signal.Time.ToString()[11..19]));
    }

    [Fact]
    public void RuleFires_WhenItsConditionBecomesTrue_NotWhileItStaysSo()
    {
        var tape = new Tape("""{"frames":["1min"],"rules":["buy when close > 10"]}""");
        foreach (var (minute, price) in new[] { (0, 11), (1, 12), (2, 13), (3, 9), (4, 11), (5, 11) }) tape.Tick($"10:0{minute}:00", price);
        Assert.Equal(["10:01:00", "10:05:00"], tape.Log.Signals.Select(signal => signal.Time.ToString()[11..19]));
    }

    [Fact]
    public void RuleThatAloneNamesAnIndicator_HasIt()
    {
        var tape = new Tape("""{"frames":["1min"],"rules":["buy when ema(2)@tick > 10 and close@1min > 0"]}""");
        tape.Tick("10:00:00", 11);
        tape.Tick("10:01:00", 11);
        Assert.Equal(["ema(2)@tick", "close@1min"], Assert.Single(tape.Log.Signals).Values.Select(value => value.Name));
        Assert.Equal(Frame.Tick, tape.Log.Signals[0].Frame);
        Assert.DoesNotContain(tape.Log.Bars, bar => bar.Frame == Frame.Tick); // not listed in the plan
    }

    private const string Rules =
        """
        {
          "frames": ["1s", "1min", "5min"], "indicators": ["sma(3)", "ema(4)@tick"],
          "rules": [
            "buy when close crosses above sma(3) on 1s", "sell when close crosses below sma(3) on 1min",
            "alert when close > ema(4) on tick", "alert when close > open for 2 bars on 1s cooldown 30s"
          ]
        }
        """;

    private static Tape Busy(Tape tape)
    {
        foreach (var record in HostileMarkets.Records(seed: 11, count: 1_500, step: 200 * 1_000_000L))
        {
            if (record.Symbol.Equals(Tape.Symbol)) tape.Take(record);
        }

        foreach (var signal in tape.Log.Signals) Assert.All(signal.Values, value => Assert.False(double.IsNaN(value.Value)));
        return tape;
    }
}
