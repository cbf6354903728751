using ActorTrading.Domain.Calendars;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>Breaks, closing auctions, weeks and months. Hong Kong trades from 01:30 to 04:00 and from 05:00 to 08:00 UTC.</summary>
public class VenueStoryTests
{
    private const string NewYork =
        """{"calendar":{"base":"us-equities","closing_auction":{"within":"10min","grace":"1s","conditions":["6","M"]}},"frames":["1min","1hour","1day"],"indicators":[]}""";

    [Fact]
    public void ABreak_EndsTheBarsOfAnHour_AndNotTheDay()
    {
        var tape = new Tape("""{"calendar":"hkex","frames":["1hour","1day"],"indicators":[]}""");
        tape.Tick("03:59:59", 10);
        tape.Tick("04:30:00", 99); // in the break
        tape.Tick("05:00:00", 11);
        tape.Tick("08:09:59", 12); // the closing auction
        tape.Tick("08:10:00", 99);
        Assert.Equal(["03:30:00 10 10 10 10 (1)", "05:00:00 11 11 11 11 (1)", "08:00:00 12 12 12 12 (1)"], tape.Bars(Frame.OneHour));
        Assert.Equal(["01:30:00 10 12 10 12 (3)"], tape.Bars(Frame.OneDay));
        Assert.Equal(2, tape.State.Ohlcv.OffSession);
    }

    [Fact]
    public void DaysAlone_AreNotClosedByABreak_AndNothingOfThemIsLateInIt()
    {
        var tape = new Tape("""{"calendar":"hkex","frames":["1day"],"indicators":[]}""");
        tape.Tick("04:30:00", 99);
        Assert.Equal("applied", tape.Tick("03:00:00", 10));
        Assert.Equal("applied", tape.Tick("05:30:00", 11));
        Assert.Equal("01:30:00 10 11 10 11 (2)", tape.Open(Frame.OneDay));
        tape.Clock("08:10:00");
        Assert.Equal("late", tape.Tick("05:00:00", 12));
    }

    [Fact]
    public void TheClosingCross_IsTheCloseOfTheDay_AndWhatIsTradedAfterItIsNot()
    {
        var tape = new Tape(NewYork);
        tape.Tick("19:59:59.870", 109.07, 200);
        tape.Tick("20:00:00.038", 108.86, 1000); // within the grace period
        tape.Take(PrintAt("20:00:12", 108.80, 100, "@ T"));
        tape.Tick("20:00:13", 108.81, 100);
        tape.Take(PrintAt("20:03:10", 108.85, 50, "@6 6 X")); // a later closing print
        tape.Take(PrintAt("20:10:00", 1, 1, "6")); // too late for a closing print
        Assert.Equal(["19:30:00 109.07 109.07 108.85 108.85 (1250)"], tape.Bars(Frame.OneHour));
        Assert.Equal(["13:30:00 109.07 109.07 108.85 108.85 (1250)"], tape.Bars(Frame.OneDay));
        Assert.Equal(["19:59:00 109.07 109.07 109.07 109.07 (200)", "20:00:00 108.86 108.86 108.86 108.86 (1000)",
            "20:03:00 108.85 108.85 108.85 108.85 (50)"],
            tape.Bars(Frame.OneMinute));
        Assert.Equal(3, tape.State.Ohlcv.OffSession);
    }

    [Fact]
    public void AMadeBarOfTheAuction_BelongsToTheDay()
    {
        var tape = new Tape(
            """{"calendar":{"base":"us-equities","closing_auction":{"within":"5s"}},"frames":["1min","1day"],"indicators":[]}""");
        tape.Bar("19:59:00", Frame.OneMinute, 108.90, 109.10, 108.85, 109.07, 900);
        tape.Bar("20:00:00", Frame.OneMinute, 109.07, 109.07, 108.86, 108.86, 11500);
        Assert.Equal(["13:30:00 108.9 109.1 108.85 108.86 (12400)"], tape.Bars(Frame.OneDay));
    }

    [Fact]
    public void TheDayOfFutures_EndsInTheAfternoonOfChicago()
    {
        var tape = new Tape("""{"calendar":"cme-globex","frames":["1day"],"indicators":[]}""");
        tape.Tick("2024-07-07T22:00:00", 10); // Sunday evening belongs to Monday
        tape.Tick("2024-07-08T20:59:59", 11);
        tape.Tick("2024-07-08T21:30:00", 99); // the pause between two days
        tape.Tick("2024-07-08T22:00:00", 12);
        Assert.Equal(["22:00:00 10 11 10 11 (2)"], tape.Bars(Frame.OneDay));
        Assert.Equal("22:00:00 12 12 12 12 (1)", tape.Open(Frame.OneDay));
    }

    [Fact]
    public void WeeksAndMonths_AreMadeOfTheSameDays()
    {
        var tape = new Tape("""{"frames":["1week","1month"],"indicators":[]}""");
        tape.Tick("2024-07-29T10:00:00", 10);
        tape.Tick("2024-07-31T10:00:00", 12);
        tape.Tick("2024-08-01T10:00:00", 14);
        Assert.Equal(["00:00:00 10 12 10 12 (2)"], tape.Bars(Frame.OneMonth));
        Assert.Equal("00:00:00 10 14 10 14 (3)", tape.SoFar(Frame.OneWeek));
        tape.Tick("2024-08-05T10:00:00", 16);
        Assert.Equal(["00:00:00 10 14 10 14 (3)"], tape.Bars(Frame.OneWeek));
        Assert.Equal("00:00:00 14 16 14 16 (2)", tape.SoFar(Frame.OneMonth));
        Assert.DoesNotContain(tape.Log.Bars, bar => bar.Frame == Frame.OneDay);
        tape.Restart();
        Assert.Equal("00:00:00 14 16 14 16 (2)", tape.SoFar(Frame.OneMonth));
    }

    [Fact]
    public void FramesThatDoNotDivideEachOther_AreBuiltOfTheSameTicks()
    {
        var tape = new Tape("""{"frames":["2min","3min"],"indicators":[]}""");
        for (var minute = 0; minute < 7; minute++) tape.Tick($"10:0{minute}:30", minute + 1);
        Assert.Equal(["10:00:00 1 2 1 2 (2)", "10:02:00 3 4 3 4 (2)", "10:04:00 5 6 5 6 (2)"], tape.Bars((Frame)120));
        Assert.Equal(["10:00:00 1 3 1 3 (3)", "10:03:00 4 6 4 6 (3)"], tape.Bars((Frame)180));
        Assert.Equal("10:06:00 7 7 7 7 (1)", tape.SoFar((Frame)120));
        Assert.Equal(5, tape.Log.Bars.Count);
    }

    [Fact]
    public void AMadeBar_GoesIntoFramesThatAreWholeNumbersOfIt()
    {
        var tape = new Tape("""{"frames":["1day","1week","1month"],"indicators":[]}""");
        Assert.Equal(
            "frame_not_in_plan", new Tape("""{"frames":["1day","1month"],"indicators":[]}""").Bar("2024-07-08", Frame.OneWeek, 10));
        Assert.Equal("applied", tape.Bar("2024-07-01", Frame.OneDay, 10));
        Assert.Equal("applied", tape.Bar("2024-07-08", Frame.OneWeek, 11));
        Assert.Equal(["00:00:00 10 10 10 10 (1)", "00:00:00 11 11 11 11 (1)"], tape.Bars(Frame.OneWeek));
        Assert.Equal("00:00:00 10 10 10 10 (1)", tape.Open(Frame.OneMonth));
    }

    [Theory]
    [InlineData("90s", "90s", 90)]
    [InlineData("60s", "1min", 60)]
    [InlineData("90min", "90min", 5_400)]
    [InlineData("120min", "2hour", 7_200)]
    [InlineData("23hour", "23hour", 82_800)]
    [InlineData("1week", "1week", 604_800)]
    public void AFrame_IsNamedInTheLargestUnitThatFits(string text, string name, int seconds)
    {
        Assert.True(Frames.TryParse(text, out var frame));
        Assert.Equal((name, seconds), (frame.Name(), (int)frame));
        Assert.Equal(frame.Code() == Frames.SecondsFollow ? frame : Frames.OfCode(frame.Code()), frame);
    }

    [Theory]
    [InlineData("24hour")]
    [InlineData("0min")]
    [InlineData("01min")]
    [InlineData("2day")]
    [InlineData("99999999999s")]
    [InlineData("2147483647hour")]
    [InlineData("min")]
    [InlineData("5")]
    [InlineData("-5min")]
    public void OtherTexts_AreNoFrame(string text) => Assert.False(Frames.TryParse(text, out _));

    private static Record PrintAt(string time, double price, double size, string condition) =>
        Record.OfPrint(Tape.Symbol, Domain.Records.Identity.Anonymous, Tape.At(time), Tape.Of(price), Tape.Of(size), condition);
}
