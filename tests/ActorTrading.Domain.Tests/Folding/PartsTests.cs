using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Folding.Parts;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>The parts of a symbol besides its bars.</summary>
public class PartsTests
{
    private const string Minutes = """{"frames":["1min"]}""";

    [Fact]
    public void SymbolOfTicks_HasNoOtherParts()
    {
        var tape = new Tape(Minutes);
        tape.Tick("10:00:00", 10);
        Assert.True(tape.State is { Level1: null, Level2: null, TimeAndSales: null, News: null, Fundamentals: null, Economy: null });
    }

    [Fact]
    public void Level1_IsTheNewestQuote()
    {
        var tape = new Tape(Minutes);
        tape.Take(Tape.QuoteAt("10:00:00", 9, 11, 3, 4));
        var quote = tape.State.Level1!;
        Assert.Equal(
            (Tape.At("10:00:00"), Tape.Of(9), Tape.Of(3), Tape.Of(11), Tape.Of(4), 1),
            (quote.Time, quote.Bid, quote.BidSize, quote.Ask, quote.AskSize, quote.Count));
    }

    [Fact]
    public void Level2_KeepsEachSideBestFirst_ReplacesLevels_AndTakesThemAway()
    {
        var tape = new Tape(Minutes);
        foreach (var price in new[] { 9, 10, 8 }) Book(tape, BookSide.Bid, price, price);
        foreach (var price in new[] { 12, 11, 13 }) Book(tape, BookSide.Ask, price, price);
        var book = tape.State.Level2!;
        Assert.Equal([Level(10, 10), Level(9, 9), Level(8, 8)], book.Bids);
        Assert.Equal([Level(11, 11), Level(12, 12), Level(13, 13)], book.Asks);

        Book(tape, BookSide.Bid, 9, 90);
        Book(tape, BookSide.Ask, 11, 0);
        Book(tape, BookSide.Ask, 99, 0); // never in the book
        Assert.Equal([Level(10, 10), Level(9, 90), Level(8, 8)], book.Bids);
        Assert.Equal([Level(12, 12), Level(13, 13)], book.Asks);
        Assert.Equal(9, book.Count);
    }

    [Fact]
    public void Level2_ForgetsWhatIsDeeperThanItsDepth()
    {
        var tape = new Tape(Minutes);
        for (var price = 1; price <= Level2.Depth; price++) Book(tape, BookSide.Bid, price, 1);
        Book(tape, BookSide.Bid, Level2.Depth + 1, 1); // better than all: the worst is removed
        Book(tape, BookSide.Bid, 0.5, 1); // worse than all
        var bids = tape.State.Level2!.Bids;
        Assert.Equal((Level2.Depth, Level(Level2.Depth + 1, 1), Level(2, 1)), (bids.Count, bids[0], bids[^1]));

        for (var price = 2 * Level2.Depth; price > 0; price--) Book(tape, BookSide.Ask, price, 1);
        Assert.Equal(
            (Level2.Depth, Level(1, 1), Level(Level2.Depth, 1)),
            (tape.State.Level2.Asks.Count, tape.State.Level2.Asks[0], tape.State.Level2.Asks[^1]));
    }

    [Fact]
    public void BookUpdates_AreTakenInTheirOrder_WhateverTheirStamps()
    {
        var tape = new Tape(Minutes);
        Book(tape, BookSide.Bid, 10, 1);
        Assert.Equal(
            "applied",
            tape.Take(Record.OfBookUpdate(Tape.Symbol, Identity.Anonymous, Tape.At("09:00:00"), BookSide.Bid, Tape.Of(10), Tape.Of(5))));
        Assert.Equal([Level(10, 5)], tape.State.Level2!.Bids);
    }

    [Fact]
    public void TimeAndSales_KeepsTheLastPrints_AndCountsAll()
    {
        var tape = new Tape(Minutes);
        for (var i = 1; i <= TimeAndSales.Kept + 5; i++)
            tape.Take(Record.OfPrint(
                Tape.Symbol, Identity.Anonymous, Tape.At("10:00:00"), Tape.Of(i), Tape.Of(2), i % 2 == 0 ? "odd lot" : null));
        var sales = tape.State.TimeAndSales!;
        Assert.Equal(
            Enumerable.Range(6, TimeAndSales.Kept).Select(
                i => new Sale(Tape.At("10:00:00"), Tape.Of(i), Tape.Of(2), i % 2 == 0 ? "odd lot" : null)),
            sales.Last);
        Assert.Equal((TimeAndSales.Kept + 5, (Int128)Tape.Of(2) * (TimeAndSales.Kept + 5)), (sales.Count, sales.Volume));
    }

    [Fact]
    public void News_KeepsTheNewest_AndTheAverageOfAll()
    {
        var tape = new Tape(Minutes);
        News(tape, "10:00:00", 0.5, 2);
        Assert.Equal("applied", News(tape, "09:00:00", -1, 3)); // older news count, but do not replace the newest one
        var news = tape.State.News!;
        Assert.Equal(
            (Tape.At("10:00:00"), Tape.Of(0.5), Tape.Of(2), 2, -0.25),
            (news.Time, news.Score, news.Magnitude, news.Count, news.AverageScore));
        News(tape, "10:00:00", 1, 1);
        Assert.Equal(Tape.Of(1), news.Score);
    }

    [Fact]
    public void Fundamentals_KeepEachValueThatARecordDoesNotTell_AndTakeNothingOlder()
    {
        var tape = new Tape(Minutes);
        Assert.Equal("applied", MarketData(tape, "10:00:00", 3e12, MarketDataOf(null)));
        var fundamentals = tape.State.Fundamentals!;
        Assert.Equal((3e12, Domain.Records.MarketData.NoRatio), (fundamentals.MarketCap, fundamentals.PeRatio));
        Assert.Equal("applied", MarketData(tape, "10:00:01", double.NaN, MarketDataOf(-12.5)));
        Assert.Equal((3e12, Tape.Of(-12.5)), (fundamentals.MarketCap, fundamentals.PeRatio));
        Assert.Equal("late", MarketData(tape, "10:00:00", 1, MarketDataOf(1)));
        Assert.Equal(
            (3e12, Tape.Of(-12.5), 2, Tape.At("10:00:01")),
            (fundamentals.MarketCap, fundamentals.PeRatio, fundamentals.Count, fundamentals.Time));
    }

    [Fact]
    public void Economy_KeepsTheNewestFigureOfEachName()
    {
        var state = new SymbolState(Symbol.Economy, new Tape(Minutes).State.Plan);
        Assert.True(Economy(state, "10:00:00", "unemployment", 3.9));
        Assert.True(Economy(state, "10:00:00", "cpi", 2.5));
        Assert.True(Economy(state, "10:00:01", "cpi", -0.5));
        Assert.False(Economy(state, "10:00:00", "cpi", 9));
        Assert.Equal(
            [new("cpi", new EconomicFigure(Tape.At("10:00:01"), -0.5)), new("unemployment", new EconomicFigure(Tape.At("10:00:00"), 3.9))],
            state.Economy!.Figures);
        Assert.Equal(1, state.Sources.Late);
    }

    [Fact]
    public void EveryPart_IsInTheSnapshot()
    {
        var tape = new Tape(Minutes);
        Book(tape, BookSide.Bid, 10, 1);
        Book(tape, BookSide.Ask, 11, 1);
        tape.Quote("10:00:00", 9, 11);
        tape.Take(Record.OfPrint(Tape.Symbol, Identity.Anonymous, Tape.At("10:00:00"), 1, 1, "é"));
        News(tape, "10:00:00", 0.5, 2);
        MarketData(tape, "10:00:00", 3e12, MarketDataOf(20));
        var economy = new SymbolState(Symbol.Economy, tape.State.Plan);
        Economy(economy, "10:00:00", "cpi", 2.5);
        foreach (var state in new[] { tape.State, economy })
        {
            var copy = state.Clone();
            Assert.Equal(TestKit.Folding.Seen.State(state), TestKit.Folding.Seen.State(copy));
            Assert.Equal(StateHash.Of(state), StateHash.Of(copy));
        }
    }

    [Fact]
    public void NamesOfFiguresAreLimited_WhereverABatchIsCut_AndKnownOnesGoOn()
    {
        var state = new SymbolState(Symbol.Economy, new Tape(Minutes).State.Plan);
        for (var number = 0; number < EconomicIndicator.MaxNames; number++) // decided but not applied yet, like a batch in progress
            Assert.Equal(Verdict.Accepted, Fold.Decide(state, Figure(number)).Verdict);
        Assert.Equal(RejectReason.TooManyNames, Fold.Decide(state, Figure(EconomicIndicator.MaxNames)).Reason);
        for (var number = 0; number < EconomicIndicator.MaxNames; number++) Fold.Apply(state, Figure(number), NoOutput.Instance);

        var recovered = state.Clone();
        Assert.Equal(RejectReason.TooManyNames, Fold.Decide(recovered, Figure(EconomicIndicator.MaxNames)).Reason);
        Assert.Equal(Verdict.Accepted, Fold.Decide(recovered, Figure(7)).Verdict);
        Assert.Equal(
            "too_many_names: indicator_name = figure-10000", TickRules.Explain(Figure(10_000), RejectReason.TooManyNames).ToString());

        static Record Figure(int number) => Record.OfEconomicIndicator(Identity.Anonymous, Tape.At("10:00:00"), $"figure-{number}", number);
    }

    private static BookLevel Level(double price, double quantity) => new(Tape.Of(price), Tape.Of(quantity));

    private static void Book(Tape tape, BookSide side, double price, double quantity) => Assert.Equal(
        "applied",
        tape.Take(Record.OfBookUpdate(Tape.Symbol, Identity.Anonymous, Tape.At("10:00:00"), side, Tape.Of(price), Tape.Of(quantity))));

    private static string News(Tape tape, string time, double score, double magnitude) =>
        tape.Take(Record.OfNewsSentiment(Tape.Symbol, Identity.Anonymous, Tape.At(time), Tape.Of(score), Tape.Of(magnitude)));

    private static long MarketDataOf(double? ratio) => ratio is { } known ? Tape.Of(known) : Domain.Records.MarketData.NoRatio;

    private static string MarketData(Tape tape, string time, double cap, long ratio) =>
        tape.Take(Record.OfMarketData(Tape.Symbol, Identity.Anonymous, Tape.At(time), cap, ratio));

    private static bool Economy(SymbolState state, string time, string name, double value)
    {
        var record = Record.OfEconomicIndicator(Identity.Anonymous, Tape.At(time), name, value);
        Assert.Equal(Verdict.Accepted, Fold.Decide(state, record).Verdict);
        return Fold.Apply(state, record, NoOutput.Instance);
    }
}
