using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>How prices build bars.</summary>
public class BarStoryTests
{
    private const string Minutes = """{"frames":["1min"]}""";
    private const string EveryFrame = """{"frames":["1s","1min","5min","15min","1hour","1day"]}""";

    [Fact]
    public void TickAtTheFullMinute_OpensTheNextBar()
    {
        var tape = new Tape(Minutes);
        tape.Tick("10:00:59.9999999", 10);
        Assert.Empty(tape.Log.Bars);
        tape.Tick("10:01:00", 11);
        Assert.Equal(["10:00:00 10 10 10 10 (1)"], tape.Bars(Frame.OneMinute));
        Assert.Equal("10:01:00 11 11 11 11 (1)", tape.Open(Frame.OneMinute));
    }

    [Fact]
    public void Bar_IsStampedAtTheStartOfItsBucket_AndHoldsAllOfIt()
    {
        var tape = new Tape(Minutes);
        tape.Tick("10:00:17", 10, 1);
        tape.Tick("10:00:18", 13, 2);
        tape.Tick("10:00:30", 8, 3);
        tape.Tick("10:00:31", 9, 4);
        Assert.Equal("10:00:00 10 13 8 9 (10)", tape.Open(Frame.OneMinute));
        Assert.Equal(4, tape.State.Ohlcv.OpenBar(Frame.OneMinute)!.Value.Ticks);
        Assert.Null(tape.Last(Frame.OneMinute));
    }

    [Fact]
    public void BarSoFar_HoldsWhatIsOpenInTheSmallerFrames()
    {
        var tape = new Tape(EveryFrame);
        Assert.Null(tape.State.Ohlcv.BarSoFar(Frame.FiveMinutes));
        tape.Tick("10:00:01", 10, 1);
        Assert.Equal("10:00:00 10 10 10 10 (1)", tape.SoFar(Frame.FiveMinutes)); // none of its bars has closed: its start is the calendar's
        tape.Tick("10:03:01", 13, 2);
        tape.Tick("10:03:02", 8, 4);
        Assert.Equal("10:00:00 10 10 10 10 (1)", tape.Open(Frame.FiveMinutes));
        Assert.Equal("10:03:00 13 13 8 8 (6)", tape.SoFar(Frame.OneMinute));
        Assert.Equal("10:00:00 10 13 8 8 (7)", tape.SoFar(Frame.FiveMinutes));
        Assert.Equal("00:00:00 10 13 8 8 (7)", tape.SoFar(Frame.OneDay));
        tape.Tick("10:05:00", 9, 1);
        Assert.Equal("10:05:00 9 9 9 9 (1)", tape.SoFar(Frame.FiveMinutes));
        Assert.Equal("10:00:00 10 13 8 9 (8)", tape.SoFar(Frame.OneHour));
        Assert.Null(new Tape(Minutes).State.Ohlcv.BarSoFar(Frame.OneDay));
    }

    [Fact]
    public void EmptyMinutes_MakeNoBars()
    {
        var tape = new Tape(Minutes);
        tape.Tick("10:00:10", 10);
        tape.Tick("10:07:10", 11);
        tape.Tick("10:09:10", 12);
        Assert.Equal(["10:00:00 10 10 10 10 (1)", "10:07:00 11 11 11 11 (1)"], tape.Bars(Frame.OneMinute));
    }

    [Fact]
    public void LateTick_DoesNotChangeAClosedBar_IsReportedAndCounted_AndStillMovesTheTickSeries()
    {
        var tape = new Tape("""{"frames":["tick","1min"],"indicators":["sma(3)@tick"]}""");
        tape.Tick("10:00:10", 10);
        tape.Tick("10:01:10", 11);
        var closed = tape.Last(Frame.OneMinute);
        var open = tape.Open(Frame.OneMinute);

        Assert.Equal("late", tape.Tick("10:00:50", 99, 5));
        Assert.Equal(closed, tape.Last(Frame.OneMinute));
        Assert.Equal(open, tape.Open(Frame.OneMinute));
        Assert.Equal(Tape.At("10:00:50"), Assert.Single(tape.Log.Late).Time);
        Assert.Equal((2, 1), (tape.Anonymous.Applied, tape.Anonymous.Late));
        Assert.Equal(40, tape.Value("sma(3)", Frame.Tick));
        Assert.Equal(3, tape.Bars(Frame.Tick).Count());
        Assert.Equal("10:00:50 99 99 99 99 (5)", tape.Last(Frame.Tick));
    }

    [Fact]
    public void LateTick_IsNotTheLastPrice()
    {
        var tape = new Tape(Minutes);
        tape.Tick("10:01:10", 11);
        tape.Tick("10:00:50", 99);
        Assert.Equal((Tape.Of(11), Tape.At("10:01:10")), (tape.State.Ohlcv.LastPrice, tape.State.Ohlcv.LastTime));
        tape.Tick("10:01:10", 12);
        Assert.Equal(Tape.Of(12), tape.State.Ohlcv.LastPrice);
    }

    [Fact]
    public void TickForAMinuteWithoutABar_IsLateOnceThatMinuteIsOver()
    {
        var tape = new Tape(Minutes);
        tape.Tick("10:00:10", 10);
        tape.Tick("10:05:00", 11);
        Assert.Equal("late", tape.Tick("10:03:00", 12));
        Assert.Equal(["10:00:00 10 10 10 10 (1)"], tape.Bars(Frame.OneMinute));
    }

    [Fact]
    public void TickOutOfOrderWithinTheOpenBar_IsNotLate()
    {
        var tape = new Tape(Minutes);
        tape.Tick("10:00:30", 10);
        Assert.Equal("applied", tape.Tick("10:00:05", 12));
        Assert.Equal("10:00:00 10 12 10 12 (2)", tape.Open(Frame.OneMinute)); // open and close follow the order of acceptance
    }

    [Fact]
    public void EqualStamps_KeepTheOrderOfAcceptance()
    {
        var tape = new Tape(Minutes);
        foreach (var price in new[] { 10, 14, 7, 12 }) Assert.Equal("applied", tape.Tick("10:00:30", price));
        Assert.Equal("10:00:00 10 14 7 12 (4)", tape.Open(Frame.OneMinute));
    }

    [Fact]
    public void StampsBefore1970_AreNotLate()
    {
        var tape = new Tape("""{"frames":["1min","1day"]}""");
        Assert.Equal("applied", tape.Tick("1962-01-02T10:00:30", 10));
        Assert.Equal("applied", tape.Tick("1962-01-02T10:01:30", 11));
        Assert.Equal("late", tape.Tick("1962-01-02T10:00:31", 11));
        Assert.Equal("applied", tape.Bar("1969-12-30", Frame.OneDay, 12));
        Assert.Equal("applied", tape.Bar("1969-12-31", Frame.OneDay, 13)); // ends at the zero of all timestamps
        Assert.Equal("applied", tape.Bar("1970-01-02", Frame.OneDay, 14));
        Assert.Equal(4, tape.Bars(Frame.OneDay).Count());
    }

    [Fact]
    public void LargerFrames_AreTheSmallerOnesTogether()
    {
        var tape = new Tape(EveryFrame);
        var random = new Random(5);
        var time = Tape.At("10:00:00").Nanoseconds;
        for (var i = 0; i < 5_000; i++)
        {
            time += random.NextInt64(40 * Timestamp.Second);
            tape.Take(Tape.TickAt("10:00:00", random.Next(1, 100), random.Next(0, 50))
                .At(new(time - (random.Next(10) == 0 ? Timestamp.Minute : 0))));
        }

        tape.Clock(new Timestamp(time + Timestamp.Day));
        Assert.NotEmpty(tape.Log.Late);
        var small = tape.Log.Bars.Where(bar => bar.Frame == Frame.OneSecond).Select(bar => bar.Bar).ToList();
        foreach (var frame in new[] { Frame.OneMinute, Frame.FiveMinutes, Frame.FifteenMinutes, Frame.OneHour, Frame.OneDay })
        {
            var length = frame == Frame.OneDay ? Timestamp.Day : frame.Length();
            var expected = small.GroupBy(bar => bar.OpenTime / length * length).Select(group =>
                $"{new Timestamp(group.Key)} {group.First().Open} {group.Max(bar => bar.High)} {group.Min(bar => bar.Low)} "
                + $"{group.Last().Close} {group.Sum(bar => (long)bar.Volume)} {group.Sum(bar => bar.Ticks)}");
            var actual = tape.Log.Bars.Where(bar => bar.Frame == frame).Select(bar => bar.Bar).Select(bar =>
                $"{bar.Opened} {bar.Open} {bar.High} {bar.Low} {bar.Close} {(long)bar.Volume} {bar.Ticks}");
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void OpenLargerBar_HoldsWhatHasClosedInTheSmallerOnes()
    {
        var tape = new Tape("""{"frames":["1min","5min"]}""");
        tape.Tick("10:00:10", 10);
        Assert.Null(tape.Open(Frame.FiveMinutes));
        tape.Tick("10:01:10", 20);
        Assert.Equal("10:00:00 10 10 10 10 (1)", tape.Open(Frame.FiveMinutes));
    }

    [Fact]
    public void FramesThatEndTogether_CloseTogether_BeforeAnyRuleIsLookedAt()
    {
        var tape = new Tape(
            """{"frames":["1min","5min","15min"],"rules":["alert when close@1min > 0 and close@15min > 0 and close@5min > 0"]}""");
        tape.Tick("10:14:10", 10);
        tape.Tick("10:15:00", 11);
        Assert.Equal(
            ["AAPL bar 1min", "AAPL bar 5min", "AAPL bar 15min", "AAPL signal 1"],
            tape.Log.Lines.Select(line => string.Join(' ', line.Split(' ').Take(3))));
        Assert.Equal(Tape.At("10:15:00"), tape.Log.Signals[0].Time);
    }

    [Fact]
    public void AcrossAGap_NoRuleSeesAValueFromAfterItsMoment()
    {
        var tape = new Tape(
            """{"frames":["1min","1hour"],"rules":["alert when close@1min > 0 and close@1hour > 0","buy when close > 0 on 1hour","sell when close > 0 on 1min"]}""");
        tape.Tick("10:00:10", 10);
        tape.Tick("12:00:00", 20); // the minute ended at 10:01, the hour at 11:00
        tape.Tick("12:01:00", 20);

        // At 10:01 there was no hour bar yet; it exists when the next minute closes.
        Assert.Equal(
            ["sell 10:01:00", "buy 11:00:00", "alert 12:01:00"],
            tape.Log.Signals.Select(signal => $"{signal.RuleText.Split(' ')[0]} {signal.Time.ToString()[11..19]}"));
        Assert.Equal(Tape.At("12:00:00"), tape.Log.Signals[0].Trigger.Time);
    }

    [Fact]
    public void Clock_ClosesTheBarOfASilentSymbol()
    {
        var tape = new Tape(Minutes);
        tape.Tick("10:00:10", 10);
        tape.Clock("10:00:59");
        Assert.Empty(tape.Log.Bars);
        tape.Clock("10:01:00");
        Assert.Equal(["10:00:00 10 10 10 10 (1)"], tape.Bars(Frame.OneMinute));
        Assert.Equal("late", tape.Tick("10:00:59", 11));
        Assert.Equal("applied", tape.Tick("10:01:00", 12));
    }

    [Fact]
    public void Clock_WithinTheOpenBar_LeavesItOpenForAllOfItsBucket()
    {
        var tape = new Tape(Minutes);
        tape.Tick("10:00:40", 10);
        tape.Clock("10:00:50");
        Assert.Equal("applied", tape.Tick("10:00:01", 11));
        tape.Clock("10:00:20"); // a clock that goes back has no effect
        Assert.Equal("10:00:00 10 11 10 11 (2)", tape.Open(Frame.OneMinute));
    }

    [Fact]
    public void ClockInSteps_IsTheClockInOneJump()
    {
        var (steps, jump) = (new Tape(EveryFrame), new Tape(EveryFrame));
        foreach (var tape in new[] { steps, jump })
        {
            tape.Tick("10:00:10", 10);
            tape.Tick("10:16:10", 11);
        }

        for (var minute = 16; minute < 60; minute++) steps.Clock($"10:{minute}:30");
        foreach (var time in new[] { "11:00:00", "13:30:00", "2024-07-10", "2024-07-10T05:00:00" }) steps.Clock(time);
        jump.Clock("2024-07-10T05:00:00");
        Assert.Equal(jump.Log.Lines, steps.Log.Lines);
        Assert.Equal(jump.Hash, steps.Hash);
        Assert.Single(jump.Bars(Frame.OneDay));
    }

    [Theory]
    [InlineData("24h")]
    [InlineData("us-equities")]
    public void ClockAtTheEndOfTime_ClosesEverything_AndComesBack(string calendar)
    {
        var tape = new Tape($$"""{"calendar":"{{calendar}}","frames":["1s","1min","1day"]}""");
        tape.Clock(new Timestamp(long.MinValue));
        tape.Tick("14:00:10", 10);
        tape.Clock(new Timestamp(long.MaxValue));
        tape.Clock(new Timestamp(long.MaxValue));
        Assert.Equal([Frame.OneSecond, Frame.OneMinute, Frame.OneDay], tape.Log.Bars.Select(bar => bar.Frame));
    }

    [Fact]
    public void ClockOnASymbolWithoutBars_OnlySaysWhatIsOver()
    {
        var tape = new Tape(Minutes);
        tape.Clock("10:05:30");
        Assert.Empty(tape.Log.Lines);
        Assert.Equal("late", tape.Tick("10:04:59", 10));
        Assert.Equal("applied", tape.Tick("10:05:01", 10));
    }

    [Fact]
    public void EnormousVolumes_AddUpExactly()
    {
        var tape = new Tape("""{"frames":["1min","1day"]}""");
        for (var i = 0; i < 5; i++)
            tape.Take(Record.OfTick(Tape.Symbol, Tape.IdOf(-1), Tape.At("10:00:00"), long.MaxValue, long.MaxValue));
        tape.Clock("2024-07-10");
        Assert.Equal(5 * (Int128)long.MaxValue, tape.State.Ohlcv.LastBar(Frame.OneDay)!.Value.Volume);
        Assert.Equal(long.MaxValue, tape.State.Ohlcv.LastBar(Frame.OneDay)!.Value.High);
    }

    [Fact]
    public void PlanOfTicksAlone_HasNoBarsToBeLateFor()
    {
        var tape = new Tape("""{"frames":["tick"],"indicators":["sma(2)"]}""");
        tape.Tick("10:05:00", 10);
        Assert.Equal("applied", tape.Tick("10:00:00", 20));
        Assert.Equal(15, tape.Value("sma(2)", Frame.Tick));
        Assert.Equal("frame_not_in_plan", tape.Bar("10:00:00", Frame.OneMinute, 10));
        tape.Clock("12:00:00");
        Assert.Equal(["10:05:00 10 10 10 10 (1)", "10:00:00 20 20 20 20 (1)"], tape.Bars(Frame.Tick));
    }

    [Fact]
    public void VwapOfTicks_BelongsToASession_ThatALateTickDoesNotBeginAnew()
    {
        var tape = new Tape("""{"frames":["tick"],"indicators":["vwap"]}""");
        tape.Tick("2024-07-08T23:59:59", 50, 100);
        tape.Tick("2024-07-09T00:00:00", 10, 1);
        Assert.Equal(10, tape.Value("vwap", Frame.Tick));
        tape.Tick("2024-07-08T23:59:59", 20, 1);
        Assert.Equal(15, tape.Value("vwap", Frame.Tick));
        tape.Tick("2024-07-09T00:00:01", 30, 2);
        Assert.Equal(22.5, tape.Value("vwap", Frame.Tick));
    }

    [Fact]
    public void State_ShowsWhatTheSeenLinesTell()
    {
        var tape = new Tape("""{"frames":["1min"],"indicators":["sma(1)"]}""");
        tape.Tick("10:00:00", 10);
        tape.Tick("10:01:00", 12);
        Assert.Equal(
            [
                "last 1200000000 at 1720519260000000000, 0 off-session, 0 signals",
                "closed 1min 2024-07-09T10:00:00Z s19913 o1000000000 h1000000000 l1000000000 c1000000000 v100000000 n1",
                "open 1min 2024-07-09T10:01:00Z s19913 o1200000000 h1200000000 l1200000000 c1200000000 v100000000 n1",
                "sma(1)@1min = 4024000000000000", // the bits of 10.0
                "source - 0/-1: 2 applied, 0 late",
            ],
            Seen.State(tape.State));
    }
}
