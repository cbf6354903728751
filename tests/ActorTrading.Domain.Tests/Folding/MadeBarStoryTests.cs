using ActorTrading.Domain.Calendars;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>Bars from an external source.</summary>
public class MadeBarStoryTests
{
    private const string EveryFrame = """{"frames":["1min","5min","15min","1hour","1day"]}""";

    [Fact]
    public void MadeBar_IsCompleteAtOnce()
    {
        var tape = new Tape(EveryFrame);
        Assert.Equal("applied", tape.Bar("10:00:00", Frame.OneMinute, 10, 13, 8, 9, 7));
        Assert.Equal(["10:00:00 10 13 8 9 (7)"], tape.Bars(Frame.OneMinute));
        Assert.Equal(0, tape.State.Ohlcv.LastBar(Frame.OneMinute)!.Value.Ticks);
        Assert.Equal("10:00:00 10 13 8 9 (7)", tape.Open(Frame.FiveMinutes));
        Assert.Null(tape.Open(Frame.OneMinute));
        Assert.Equal(1, tape.Anonymous.Applied);
    }

    [Fact]
    public void LargerFrames_CloseWithTheLastMadeBar()
    {
        var tape = new Tape(EveryFrame);
        for (var minute = 0; minute < 4; minute++) tape.Bar($"10:0{minute}:00", Frame.OneMinute, 10 + minute);
        Assert.Empty(tape.Bars(Frame.FiveMinutes));
        tape.Bar("10:04:00", Frame.OneMinute, 5, 30, 4, 6);
        Assert.Equal(["10:00:00 10 30 4 6 (5)"], tape.Bars(Frame.FiveMinutes));
        Assert.Empty(tape.Bars(Frame.FifteenMinutes));
    }

    [Fact]
    public void MadeBar_ClosesWhatEndedBeforeItOpened()
    {
        var tape = new Tape(EveryFrame);
        tape.Tick("10:00:10", 10);
        tape.Bar("10:07:00", Frame.OneMinute, 11);
        Assert.Equal(["10:00:00 10 10 10 10 (1)", "10:07:00 11 11 11 11 (1)"], tape.Bars(Frame.OneMinute));
        Assert.Equal(["10:00:00 10 10 10 10 (1)"], tape.Bars(Frame.FiveMinutes));
    }

    [Fact]
    public void MadeSeconds_MergeIntoMinutes()
    {
        var tape = new Tape(EveryFrame);
        tape.Bar("10:00:01", Frame.OneSecond, 10, 12, 9, 11, 1);
        tape.Tick("10:00:20", 15, 2);
        tape.Bar("10:00:05", Frame.OneSecond, 11, 11, 7, 8, 3); // out of order within the open minute
        Assert.Equal("10:00:00 10 15 7 8 (6)", tape.Open(Frame.OneMinute));
        Assert.Empty(tape.Log.Lines);
        tape.Bar("10:00:59", Frame.OneSecond, 8);
        Assert.Equal(["10:00:00 10 15 7 8 (7)"], tape.Bars(Frame.OneMinute));
        Assert.Equal("late", tape.Bar("10:00:59", Frame.OneSecond, 8));
    }

    [Fact]
    public void MadeDays_IntoAPlanWithMinutes_MakeDaysOnly()
    {
        var tape = new Tape(EveryFrame);
        tape.Bar("2024-07-05", Frame.OneDay, 10);
        tape.Bar("2024-07-08", Frame.OneDay, 11);
        Assert.Equal(2, tape.Bars(Frame.OneDay).Count());
        Assert.Equal(2, tape.Log.Bars.Count);
        Assert.Equal("late", tape.Tick("2024-07-08T12:00:00", 12)); // that day has its bar already
        Assert.Equal("applied", tape.Tick("2024-07-09T00:00:00", 12));
        tape.Clock("2024-07-10");
        Assert.Equal("00:00:00 12 12 12 12 (1)", tape.Last(Frame.OneDay));
    }

    [Fact]
    public void MadeBarForABucketThatTicksBegan_IsLate()
    {
        var tape = new Tape(EveryFrame);
        tape.Tick("10:00:30", 10);
        foreach (var frame in new[] { Frame.OneMinute, Frame.FiveMinutes, Frame.OneHour })
            Assert.Equal("late", tape.Bar("10:00:00", frame, 99));
        Assert.Equal("late", tape.Bar("00:00:00", Frame.OneDay, 99));
        tape.Tick("10:01:30", 10);
        foreach (var frame in new[] { Frame.OneMinute, Frame.FiveMinutes, Frame.OneHour })
            Assert.Equal("late", tape.Bar("10:00:00", frame, 99));
        tape.Clock("2024-07-10");
        Assert.All(tape.Log.Bars, bar => Assert.Equal(Tape.Of(10), bar.Bar.High));
        Assert.Equal(7, tape.Anonymous.Late);
    }

    [Fact]
    public void MadeBarInsideOfALargerOne_IsLate_SoThatNoFrameKnowsWhatAnotherDoesNot()
    {
        var tape = new Tape(EveryFrame);
        tape.Bar("10:00:00", Frame.OneHour, 10);
        Assert.Equal("late", tape.Bar("10:15:00", Frame.FifteenMinutes, 99));
        Assert.Equal("late", tape.Bar("10:59:00", Frame.OneMinute, 99));
        Assert.Equal("late", tape.Bar("00:00:00", Frame.OneDay, 99));
        Assert.Equal("applied", tape.Bar("11:00:00", Frame.OneMinute, 11));
        Assert.Equal("00:00:00 10 10 10 10 (1)", tape.Open(Frame.OneDay));
    }

    [Fact]
    public void MadeBarOfAFrameBetweenThePlans_IsPartOfTheNextLargerOne()
    {
        var tape = new Tape("""{"frames":["1s","5min","1hour"]}""");
        tape.Tick("10:00:30", 10);
        tape.Bar("10:01:00", Frame.OneMinute, 12);
        Assert.Equal(["10:00:30 10 10 10 10 (1)"], tape.Bars(Frame.OneSecond));
        Assert.Equal("10:00:00 10 12 10 12 (2)", tape.Open(Frame.FiveMinutes));
        Assert.Equal("late", tape.Tick("10:01:59", 99));
        Assert.Equal("applied", tape.Tick("10:02:00", 9));
        Assert.Equal("late", tape.Bar("10:02:00", Frame.OneMinute, 99)); // begun by a tick
        Assert.Equal("applied", tape.Bar("10:04:00", Frame.OneMinute, 11));
        Assert.Equal(["10:00:00 10 12 9 11 (4)"], tape.Bars(Frame.FiveMinutes));
    }

    [Fact]
    public void MadeBar_ComesLate_WhenTimeHasClosedItsBucket()
    {
        var tape = new Tape(EveryFrame);
        tape.Bar("10:05:00", Frame.OneMinute, 10);
        Assert.Equal("late", tape.Bar("10:05:00", Frame.OneMinute, 11));
        Assert.Equal("late", tape.Bar("10:03:00", Frame.OneMinute, 11));
        tape.Clock("10:20:00");
        Assert.Equal("late", tape.Bar("10:10:00", Frame.FiveMinutes, 11));
        Assert.Equal(3, tape.Log.Late.Count);
        Assert.Equal("10:05:00 10 10 10 10 (1)", tape.Last(Frame.OneMinute));
    }

    [Fact]
    public void MadeBarStampedWithinItsBucket_IsTakenAsThatBucket()
    {
        var tape = new Tape(EveryFrame);
        tape.Bar("10:00:42", Frame.OneMinute, 10);
        Assert.Equal(["10:00:00 10 10 10 10 (1)"], tape.Bars(Frame.OneMinute));
    }

    [Fact]
    public void BarsOfNoFrame_MergeIntoTheSmallestBarLikeTicks()
    {
        var tape = new Tape("""{"frames":["tick","1min","5min"]}""");
        tape.Bar("10:00:00", Frame.Tick, 10, 13, 8, 9, 7);
        tape.Bar("10:00:05.5", Frame.Tick, 9, 9.5, 7, 9, 2);
        tape.Tick("10:00:07", 14, 1);
        tape.Bar("10:00:06", Frame.Tick, 11, 11, 11, 11, 0); // out of order within the open minute
        Assert.Equal("10:00:00 10 14 7 11 (10)", tape.Open(Frame.OneMinute));
        Assert.Equal(
            ["10:00:00 9 9 9 9 (7)", "10:00:05 9 9 9 9 (2)", "10:00:07 14 14 14 14 (1)", "10:00:06 11 11 11 11 (0)"],
            tape.Bars(Frame.Tick));
        Assert.Empty(tape.Bars(Frame.OneMinute));
        tape.Bar("10:01:00", Frame.Tick, 20);
        Assert.Equal(["10:00:00 10 14 7 11 (10)"], tape.Bars(Frame.OneMinute));
        Assert.Equal(4, tape.State.Ohlcv.LastBar(Frame.OneMinute)!.Value.Ticks);
        Assert.Equal((5, 0), (tape.Anonymous.Applied, tape.Anonymous.Late));
        Assert.Equal("late", tape.Bar("10:00:59", Frame.Tick, 99)); // its minute has closed
        Assert.Equal("late", tape.Bar("10:01:00", Frame.OneMinute, 99)); // a bar of the whole minute, of which a part was received
    }

    [Fact]
    public void BarOfNoFrame_IsTakenByAPlanOfTicksAlone()
    {
        var tape = new Tape("""{"frames":["tick"],"indicators":["sma(2)"]}""");
        Assert.Equal("applied", tape.Bar("10:00:00", Frame.Tick, 10, 13, 8, 9, 7));
        Assert.Equal(["10:00:00 9 9 9 9 (7)"], tape.Bars(Frame.Tick));
    }

    [Fact]
    public void BarOfNoFrame_OutsideOfTheSession_MakesNoBar()
    {
        var tape = new Tape("""{"frames":["1min"],"calendar":"us-equities"}""");
        Assert.Equal("applied", tape.Bar("03:00:00", Frame.Tick, 10));
        Assert.Equal(1, tape.State.Ohlcv.OffSession);
        Assert.Null(tape.Open(Frame.OneMinute));
        Assert.Equal("applied", tape.Bar("13:30:02", Frame.Tick, 10, 12, 9, 11, 3));
        Assert.Equal("13:30:00 10 12 9 11 (3)", tape.Open(Frame.OneMinute));
    }

    [Fact]
    public void MadeBarLongerThanEveryFrame_IsRefused()
    {
        var tape = new Tape("""{"frames":["1min","5min"]}""");
        Assert.Equal("frame_not_in_plan", tape.Bar("10:00:00", Frame.FifteenMinutes, 10));
        Assert.Equal("frame_not_in_plan", tape.Bar("10:00:00", Frame.OneDay, 10));
        Assert.Equal("applied", tape.Bar("10:00:00", Frame.FiveMinutes, 10));
    }
}
