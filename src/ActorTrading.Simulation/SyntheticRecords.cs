using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Simulation;

/// <summary>Creates records of every kind for a symbol at the current price of its walk. All of them pass the admission rules.</summary>
internal static class SyntheticRecords
{
    private static readonly string?[] Conditions = [null, "@", "@ TI", "@F I"];
    private static readonly string[] Figures = ["cpi", "core_cpi", "unemployment", "gdp_growth", "policy_rate", "retail_sales"];

    /// <summary>Creates a record of a kind. A bar has the frame <paramref name="barFrame"/> and is the last complete one.</summary>
    public static Record Of(
        RecordKind kind, Symbol symbol, in Identity id, Timestamp now, Frame barFrame, in SymbolWalk walk,
        ref Xoshiro256 random) => kind switch
        {
            RecordKind.Quote => Quote(symbol, id, now, walk, ref random),
            RecordKind.BookUpdate => BookUpdate(symbol, id, now, walk, ref random),
            RecordKind.Bar => Bar(symbol, id, now, barFrame, walk, ref random),
            RecordKind.Print =>
                Record.OfPrint(symbol, id, now, walk.Price, walk.Size(ref random), Conditions[random.Below(Conditions.Length)]),
            RecordKind.NewsSentiment => News(symbol, id, now, ref random),
            RecordKind.MarketData => MarketData(symbol, id, now, walk, ref random),
            RecordKind.EconomicIndicator => Record.OfEconomicIndicator(
                id, now, Figures[random.Below(Figures.Length)], (random.Below(10_001) - 2_000) / 100.0),
            _ => Record.OfTick(symbol, id, now, walk.Price, walk.Size(ref random)),
        };

    private static Record Quote(Symbol symbol, in Identity id, Timestamp now, in SymbolWalk walk, ref Xoshiro256 random)
    {
        var bid = walk.Price - (walk.TickSize * (1 + random.Below(2)));
        var ask = walk.Price + (walk.TickSize * random.Below(3));
        return Record.OfQuote(symbol, id, now, bid, walk.Size(ref random), ask, walk.Size(ref random));
    }

    private static Record BookUpdate(Symbol symbol, in Identity id, Timestamp now, in SymbolWalk walk, ref Xoshiro256 random)
    {
        var away = walk.TickSize * (1 + random.Below(20));
        var isGone = random.Below(8) == 0;
        var quantity = isGone ? 0 : walk.Size(ref random);
        return random.Below(2) == 0
            ? Record.OfBookUpdate(symbol, id, now, BookSide.Bid, walk.Price - away, quantity)
            : Record.OfBookUpdate(symbol, id, now, BookSide.Ask, walk.Price + away, quantity);
    }

    private static Record Bar(Symbol symbol, in Identity id, Timestamp now, Frame frame, in SymbolWalk walk, ref Xoshiro256 random)
    {
        var length = frame.Length();
        var openTime = new Timestamp(now.Nanoseconds - (now.Nanoseconds % length) - length);
        var close = walk.Price;
        var open = close + (walk.TickSize * (random.Below(17) - 8));
        var high = Math.Max(open, close) + (walk.TickSize * random.Below(8));
        var low = Math.Min(open, close) - (walk.TickSize * random.Below(8));
        return Record.OfBar(symbol, id, openTime, frame, open, high, low, close, walk.Size(ref random) * (1 + random.Below(100)));
    }

    private static Record News(Symbol symbol, in Identity id, Timestamp now, ref Xoshiro256 random)
    {
        const long Hundredth = Fixed8.One / 100;
        return Record.OfNewsSentiment(symbol, id, now, (random.Below(201) - 100) * Hundredth, random.Below(1_001) * Hundredth);
    }

    private static Record MarketData(Symbol symbol, in Identity id, Timestamp now, in SymbolWalk walk, ref Xoshiro256 random)
    {
        var shares = 1_000_000 * (1 + random.Below(2_000));
        var ratio = (random.Below(6_501) - 500) * (Fixed8.One / 100);
        return random.Below(16) switch
        {
            0 => Record.OfMarketData(symbol, id, now, double.NaN, ratio),
            1 => Record.OfMarketData(symbol, id, now, Cap(walk.Price, shares), Domain.Records.MarketData.NoRatio),
            _ => Record.OfMarketData(symbol, id, now, Cap(walk.Price, shares), ratio),
        };
    }

    private static double Cap(long price, long shares) => (double)(price / (Fixed8.One / 10_000)) * (shares / 10_000);
}
