using System.Globalization;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>
/// Recorded markets: the bars of the fold against bars that the test computes from the text of the file in decimals, without the product's
/// parser, and against the bars that the vendor built from the same quotes.
/// </summary>
public class RealMarketTests
{
    [ReferenceTheory]
    [InlineData("binance_spot_btcusdt_20240808.csv.gz", 9_757)]
    [InlineData("binance_spot_ethusdt_20240808.csv.gz", 6_106)]
    [InlineData("bitstamp_btcusd_20110913_20120531.csv", 9_999)]
    public void Trades_MakeTheBarsThatTheirTextMakes(string file, int count)
    {
        var trades = Rows("trades", file).Select(row => (Time: row[0].TrimEnd('Z'), Price: Number(row[2]), Size: Number(row[3]))).ToList();
        Assert.Equal(count, trades.Count);
        var bars = Bars("trade", trades.Select(
            trade => Record.OfTick(Tape.Symbol, Identity.Anonymous, TimeOf(trade.Time), Units(trade.Price), Units(trade.Size))));
        foreach (var (frame, bucketOf) in Buckets)
        {
            var expected = trades.GroupBy(trade => bucketOf(trade.Time)).Select(group => new TextBar(
                group.Key, group.First().Price, group.Max(trade => trade.Price), group.Min(trade => trade.Price), group.Last().Price,
                group.Sum(trade => trade.Size), group.Count()));
            Assert.Equal(expected, bars[frame]);
        }

        Assert.True(bars[Frame.OneMinute].Count > 2 && bars[Frame.OneDay].Count > 1);
    }

    [ReferenceTheory]
    [InlineData("bid", 2, 1)]
    [InlineData("ask", 3, 5)]
    public void Quotes_MakeTheBarsOfTheVendor_AndOfTheirText(string price, int column, int vendorColumn)
    {
        var quotes = Rows("trades", "fxcm_eurusd_quoteticks_201405.csv.gz")
            .Select(row => (Time: row[0], Bid: Number(row[2]), Ask: Number(row[3]))).ToList();
        Assert.Equal(1_144_807, quotes.Count);
        var bars = Bars(price, quotes.Select(quote => Record.OfQuote(
            Tape.Symbol, Identity.Anonymous, TimeOf(quote.Time), Units(quote.Bid), 0, Units(quote.Ask), 0)));

        foreach (var (frame, file) in new[] { (Frame.OneSecond, "second"), (Frame.OneMinute, "minute") })
        {
            var vendors = Rows("bars", $"fxcm_eurusd_{file}_bid_ask_201405.csv.gz")
                .Select(row => (row[0], Number(row[vendorColumn]), Number(row[vendorColumn + 1]), Number(row[vendorColumn + 2]),
                    Number(row[vendorColumn + 3])));
            Assert.Equal(vendors, bars[frame].Select(bar => (bar.Time, bar.Open, bar.High, bar.Low, bar.Close)));
        }

        var prices = quotes.Select(quote => (quote.Time, Price: column == 2 ? quote.Bid : quote.Ask)).ToList();
        foreach (var (frame, bucketOf) in Buckets)
        {
            var expected = prices.GroupBy(quote => bucketOf(quote.Time)).Select(group => new TextBar(
                group.Key, group.First().Price, group.Max(quote => quote.Price), group.Min(quote => quote.Price), group.Last().Price, 0,
                group.Count()));
            Assert.Equal(expected, bars[frame]);
        }
    }

    // The files are ordered by time, and so are the groups of their rows.
    private static readonly (Frame Frame, Func<string, string> BucketOf)[] Buckets =
    [
        (Frame.OneSecond, time => time[..19]),
        (Frame.OneMinute, time => time[..16] + ":00"),
        (Frame.FiveMinutes, time => $"{time[..14]}{int.Parse(time.AsSpan(14, 2), CultureInfo.InvariantCulture) / 5 * 5:d2}:00"),
        (Frame.FifteenMinutes, time => $"{time[..14]}{int.Parse(time.AsSpan(14, 2), CultureInfo.InvariantCulture) / 15 * 15:d2}:00"),
        (Frame.OneHour, time => time[..13] + ":00:00"),
        (Frame.OneDay, time => time[..10] + "T00:00:00"),
    ];

    private static Dictionary<Frame, List<TextBar>> Bars(string price, IEnumerable<Record> records)
    {
        // The vendor reports bid and ask separately, so one in ten quotes is crossed.
        var plan = Plan.Parse(
            $$"""{"price":"{{price}}","frames":["1s","1min","5min","15min","1hour","1day"],"limits":{"crossed_quotes":"accept"} }""");
        var state = new SymbolState(Tape.Symbol, new SymbolPlan(plan.Settings));
        var bars = new BarList();
        foreach (var record in records)
        {
            Assert.Equal(Verdict.Accepted, Fold.Decide(state, record).Verdict);
            Assert.True(Fold.Apply(state, record, bars));
        }

        state.Validate();
        Fold.Apply(state, new ClockAdvanced(Tape.Symbol, new(long.MaxValue)), bars);
        return bars.ByFrame;
    }

    private static IEnumerable<string[]> Rows(params string[] file) => ReferenceData.Lines(file).Skip(1).Select(line => line.Split(','));

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static long Units(decimal number) => (long)decimal.Round(number * 100_000_000m, MidpointRounding.ToEven);

    private static Timestamp TimeOf(string text) => new(
        (DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal).Ticks
            - DateTime.UnixEpoch.Ticks)
            * 100);

    private sealed record TextBar(string Time, decimal Open, decimal High, decimal Low, decimal Close, decimal Volume, long Ticks);

    private sealed class BarList : IFoldOutput
    {
        public Dictionary<Frame, List<TextBar>> ByFrame { get; } = [];

        public void OnBar(SymbolState symbol, Series series, in Bar bar)
        {
            if (!ByFrame.TryGetValue(series.Frame, out var list)) ByFrame.Add(series.Frame, list = []);
            list.Add(new TextBar(
                bar.Opened.ToString()[..19], bar.Open / 100_000_000m, bar.High / 100_000_000m, bar.Low / 100_000_000m,
                bar.Close / 100_000_000m, (decimal)bar.Volume / 100_000_000m, bar.Ticks));
        }

        public void OnSignal(Signal signal) => Assert.Fail("The plan has no rules.");

        public void OnLate(in Record record) => Assert.Fail("The file is in order.");

        public void OnFault(IndicatorFault fault) => Assert.Fail(fault.Message);
    }
}
