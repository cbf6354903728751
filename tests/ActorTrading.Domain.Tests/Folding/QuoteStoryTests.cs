using ActorTrading.Domain.Calendars;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>Bars of quotes.</summary>
public class QuoteStoryTests
{
    [Theory]
    [InlineData("bid", "10:00:00 10 10 9 9 (0)")]
    [InlineData("ask", "10:00:00 12 14 12 14 (0)")]
    [InlineData("mid", "10:00:00 11 11.5 11 11.5 (0)")]
    public void Quotes_BuildBarsOfTheirSide_WithoutVolume(string price, string bar)
    {
        var tape = new Tape($$"""{"price":"{{price}}","frames":["1min"]}""");
        tape.Quote("10:00:00", 10, 12);
        tape.Quote("10:00:30", 9, 14);
        tape.Quote("10:01:00", 10, 12);
        Assert.Equal([bar], tape.Bars(Frame.OneMinute));
        Assert.Equal(2, tape.State.Ohlcv.LastBar(Frame.OneMinute)!.Value.Ticks);
    }

    [Fact]
    public void MiddleOfAnOddSpread_IsRoundedTowardsTheBid()
    {
        var tape = new Tape("""{"price":"mid","frames":["1min"]}""");
        tape.Quote("10:00:00", 0.00000001, 0.00000004);
        Assert.Equal("10:00:00 0.00000002 0.00000002 0.00000002 0.00000002 (0)", tape.Open(Frame.OneMinute));
    }

    [Fact]
    public void TradesAndPrints_BuildNoBarsOfQuotes()
    {
        var tape = new Tape("""{"price":"bid","frames":["1min"],"indicators":["sma(1)@tick"]}""");
        Assert.Equal("applied", tape.Tick("10:00:00", 10));
        Assert.Equal(
            "applied",
            tape.Take(Domain.Records.Record.OfPrint(Tape.Symbol, Tape.IdOf(-1), Tape.At("10:00:00"), Tape.Of(10), Tape.Of(1), "@")));
        Assert.Null(tape.Open(Frame.OneMinute));
        Assert.True(double.IsNaN(tape.Value("sma(1)", Frame.Tick)));
        tape.Quote("10:00:00", 9, 11);
        Assert.Equal("10:00:00 9 9 9 9 (0)", tape.Open(Frame.OneMinute));
    }

    [Fact]
    public void Prints_BuildBarsLikeTrades()
    {
        var tape = new Tape("""{"frames":["1min"]}""");
        tape.Tick("10:00:00", 10, 2);
        tape.Take(Domain.Records.Record.OfPrint(Tape.Symbol, Tape.IdOf(-1), Tape.At("10:00:01"), Tape.Of(12), Tape.Of(3), null));
        Assert.Equal("10:00:00 10 12 10 12 (5)", tape.Open(Frame.OneMinute));
    }

    [Fact]
    public void OlderQuote_IsLate_AndDoesNotReplaceTheNewest()
    {
        var tape = new Tape("""{"frames":["1min"]}""");
        tape.Quote("10:00:30", 10, 12);
        Assert.Equal("late", tape.Quote("10:00:29", 1, 2));
        Assert.Equal("applied", tape.Quote("10:00:30", 11, 12));
        Assert.Equal((Tape.Of(11), Tape.Of(12), 2), (tape.State.Level1!.Bid, tape.State.Level1.Ask, tape.State.Level1.Count));
        Assert.Single(tape.Log.Late);
        Assert.Equal(1, tape.Anonymous.Late);
    }

    [Fact]
    public void OlderQuoteWithinTheOpenBar_BuildsIt_AndSoIsNotLate()
    {
        var tape = new Tape("""{"price":"bid","frames":["1min"]}""");
        tape.Quote("10:00:30", 10, 12);
        Assert.Equal("applied", tape.Quote("10:00:29", 7, 12));
        Assert.Equal("10:00:00 10 10 7 7 (0)", tape.Open(Frame.OneMinute));
        Assert.Equal(Tape.Of(10), tape.State.Level1!.Bid); // the newest quote remains
        Assert.Equal("late", tape.Quote("09:59:59", 7, 12));
    }
}
