using ActorTrading.Domain.Calendars;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>A venue with closing hours: New York trades from 13:30 to 20:00 UTC in summer.</summary>
public class SessionStoryTests
{
    private const string Plan = """{"calendar":"us-equities","frames":["1min","1hour","1day"],"indicators":["sma(2)@tick"]}""";

    [Fact]
    public void TicksOutsideOfTheSession_BuildNoBar_AreCounted_AndMoveTheTickSeries()
    {
        var tape = new Tape(Plan);
        Assert.Equal("applied", tape.Tick("13:29:59.9999999", 10));
        Assert.Equal("applied", tape.Tick("20:00:00", 20));
        Assert.Equal("applied", tape.Tick("2024-07-13T15:00:00", 30)); // a Saturday
        Assert.Equal(3, tape.State.Ohlcv.OffSession);
        Assert.Empty(tape.Log.Lines);
        Assert.Null(tape.Open(Frame.OneMinute));
        Assert.Equal(25, tape.Value("sma(2)", Frame.Tick));
        Assert.Equal((3, 0), (tape.Anonymous.Applied, tape.Anonymous.Late));
    }

    [Fact]
    public void MadeBarsOutsideOfTheSession_BuildNoBar_AndAreCounted()
    {
        var tape = new Tape(Plan);
        Assert.Equal("applied", tape.Bar("13:29:00", Frame.OneMinute, 10));
        Assert.Equal("applied", tape.Bar("2024-07-04", Frame.OneDay, 10));
        Assert.Equal(2, tape.State.Ohlcv.OffSession);
        Assert.Empty(tape.Log.Bars);
        Assert.Equal("applied", tape.Bar("13:30:00", Frame.OneMinute, 10));
        Assert.Single(tape.Log.Bars);
    }

    [Fact]
    public void LastHour_AndTheDay_EndWithTheSession()
    {
        var tape = new Tape(Plan);
        tape.Tick("13:30:00", 10);
        tape.Tick("19:59:59", 12);
        tape.Tick("20:00:00", 99); // after the close: it closes the bar, but is not part of it
        Assert.Equal(["13:30:00 10 10 10 10 (1)", "19:30:00 12 12 12 12 (1)"], tape.Bars(Frame.OneHour));
        Assert.Equal(["13:30:00 10 12 10 12 (2)"], tape.Bars(Frame.OneDay));
    }

    [Fact]
    public void AfterAPriceFromOutside_WhatHadEndedByThenIsLate_InEveryFrame()
    {
        var tape = new Tape(Plan);
        tape.Tick("19:50:10", 10);
        tape.Tick("2024-07-10T09:00:00", 11);
        Assert.Equal("late", tape.Tick("19:59:30", 99));
        Assert.Equal(["13:30:00 10 10 10 10 (1)"], tape.Bars(Frame.OneDay));
        Assert.Equal("19:50:00 10 10 10 10 (1)", tape.Last(Frame.OneMinute));
    }

    [Fact]
    public void PricesOutsideOfTheSession_AreNeverLate()
    {
        var tape = new Tape(Plan);
        tape.Tick("21:00:10", 10);
        tape.Clock("22:00:00");
        Assert.Equal("applied", tape.Tick("20:30:00", 10));
        Assert.Equal("applied", tape.Bar("20:31:00", Frame.OneMinute, 10));
        Assert.Equal(3, tape.State.Ohlcv.OffSession);
        Assert.Equal("late", tape.Tick("19:59:59", 10));
    }

    [Fact]
    public void BarMadeOutsideOfTheSession_ClosesWhatHasEnded()
    {
        var tape = new Tape(Plan);
        tape.Tick("19:59:10", 10);
        tape.Bar("20:00:00", Frame.OneMinute, 11);
        Assert.Equal([Frame.OneMinute, Frame.OneHour, Frame.OneDay], tape.Log.Bars.Select(bar => bar.Frame));
    }

    [Fact]
    public void ClockAfterTheClose_ClosesTheDay()
    {
        var tape = new Tape(Plan);
        tape.Tick("19:59:10", 10);
        tape.Clock("20:00:00");
        Assert.Equal([Frame.OneMinute, Frame.OneHour, Frame.OneDay], tape.Log.Bars.Select(bar => bar.Frame));
        Assert.Equal("applied", tape.Tick("2024-07-10T13:30:00", 11));
    }

    [Fact]
    public void VwapOfTicks_GoesOnAfterTheClose_AndBeginsAnewWithTheNextSession()
    {
        var tape = new Tape("""{"calendar":"us-equities","frames":["1min"],"indicators":["vwap@tick"]}""");
        tape.Tick("19:59:10", 10);
        tape.Tick("20:30:00", 20);
        Assert.Equal(15, tape.Value("vwap", Frame.Tick));
        tape.Tick("2024-07-10T09:00:00", 30);
        Assert.Equal(20, tape.Value("vwap", Frame.Tick));
        tape.Tick("2024-07-10T13:30:00", 40);
        Assert.Equal(40, tape.Value("vwap", Frame.Tick));
    }

    [Fact]
    public void DailyBar_MayComeStampedAsABareDate()
    {
        var tape = new Tape(Plan);
        tape.Bar("2024-07-09", Frame.OneDay, 10, 12, 9, 11, 5);
        Assert.Equal(["13:30:00 10 12 9 11 (5)"], tape.Bars(Frame.OneDay));
        Assert.Equal("late", tape.Tick("19:59:59", 10));
        Assert.Equal("applied", tape.Tick("2024-07-10T13:30:00", 10));
    }
}
