using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Text;
using static ActorTrading.Wire.Tests.Text.Reading;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Text;

public class CanonicalTests
{
    private static readonly Symbol Apple = Symbol.Parse("AAPL");
    private static readonly Timestamp Noon = new(Eleven);

    [Theory]
    [InlineData("""{"symbol":"AAPL","ts":1720522800000000000,"price":227.99,"size":100,"seq":17}""")]
    [InlineData("""{"symbol": "AAPL", "ts": 1720522800000000000, "price": 227.99, "size": 100, "seq": 17}""")]
    [InlineData("""{"seq":17,"size":100,"price":227.99,"ts":1720522800000,"symbol":"AAPL"}""")]
    [InlineData("""{"kind":"tick","symbol":"AAPL","ts":1720522800,"price":"227.99","size":"100","seq":"17"}""")]
    [InlineData("""{"kind":"Trade","Symbol":"AAPL","TS":"2024-07-09T11:00:00Z","price":2.2799e2,"size":1E2,"seq":17}""")]
    [InlineData("""  { "symbol" : "AAPL" , "ts" : 1720522800000000 , "price" : 227.9900000000 , "size" : 100.0 , "seq" : 17 }  """)]
    [InlineData("""{"symbol":"TSLA","symbol":"AAPL","ts":1,"ts":1720522800,"price":null,"price":227.99,"size":100,"seq":17,"seq":17}""")]
    [InlineData("""{"s\u0079mbol":"\u0041APL","ts":1720522800,"price":227.99,"size":100,"seq":17,"note":{"a":[1,{"price":3}]},"x":null}""")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800000000000,"price":227.99,"size":100,"seq":17,"epoch":0,"source":"-"}""")]
    public void SameTick_HoweverItIsWritten(string line) =>
        Assert.Equal(Tick("AAPL", Eleven, "227.99", "100", 17), Line(line).Only());

    [Fact]
    public void Identity_IsTakenFromTheLine() => Assert.Equal(
        Tick("BTC/USD", Eleven, "61837.63", "0.00000001", 9_223_372_036_854_775_807, "feed, one", 3),
        Line("""{"symbol":"BTC/USD","ts":1720522800,"price":61837.63,"size":0.00000001,"source":"feed, one","epoch":3,"seq":9223372036854775807}""")
            .Only());

    [Fact]
    public void MissingParts_ComeFromTheReader()
    {
        var options = new ParserOptions { DefaultSource = Source.Parse("file.ndjson"), DefaultSymbol = Symbol.Parse("SPY") };
        Assert.Equal(Tick("SPY", Eleven, "5", "0", source: "file.ndjson"), Line("""{"ts":1720522800,"price":5}""", options).Only());
        Assert.Equal(
            Tick("SPY", Eleven, "5", "0", source: "file.ndjson"),
            Line("""{"ts":1720522800,"price":5,"symbol":"","source":null}""", options).Only());
    }

    [Fact]
    public void SameName_IsTheSameSymbol()
    {
        var options = new ParserOptions();
        Assert.Same(
            Line("""{"symbol":"AAPL","ts":1,"price":1}""", options).Only().Symbol,
            Line("""{"symbol":"\u0041APL","ts":1,"price":1}""", options).Only().Symbol);
    }

    [Theory]
    [InlineData("""{"kind":"quote","symbol":"AAPL","ts":1720522800,"bid":227.98,"bid_size":3,"ask":227.99,"ask_size":"4"}""")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"ask":227.99,"bid":227.98,"ask_size":4,"bid_size":3}""")]
    public void Quote(string line) => Assert.Equal(
        Record.OfQuote(Apple, Identity.Anonymous, Noon, Units("227.98"), Units("3"), Units("227.99"), Units("4")), Line(line).Only());

    [Theory]
    [InlineData("""{"kind":"book","symbol":"AAPL","ts":1720522800,"side":"bid","price":227.98,"quantity":3}""", BookSide.Bid)]
    [InlineData("""{"kind":"book","symbol":"AAPL","ts":1720522800,"side":"BUY","price":227.98,"size":3}""", BookSide.Bid)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"side":"ask","price":227.98,"qty":3}""", BookSide.Ask)]
    [InlineData("""{"data_type":"order_book","symbol":"AAPL","ts":1720522800,"side":"sell","price":227.98,"volume":3}""", BookSide.Ask)]
    public void BookUpdate(string line, BookSide side) => Assert.Equal(
        Record.OfBookUpdate(Apple, Identity.Anonymous, Noon, side, Units("227.98"), Units("3")), Line(line).Only());

    [Theory]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"side":"BUY","price":227.98,"size":3}""")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"side":"sell","price":227.98,"amount":"3"}""")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"side":"ask","trade_id":7,"price":227.98,"qty":3}""")]
    [InlineData("""{"type":"match","symbol":"AAPL","ts":1720522800,"side":"sell","price":227.98,"size":3}""")]
    public void TradeWithASide_IsATrade(string line) => Assert.Equal(Tick("AAPL", Eleven, "227.98", "3"), Line(line).Only());

    [Theory]
    [InlineData("open")]
    [InlineData("done")]
    [InlineData("received")]
    public void MessageAboutAWaitingOrder_IsNoTrade(string type) =>
        Refused(
            Line($$"""{"type":"{{type}}","symbol":"AAPL","ts":1720522800,"side":"sell","price":227.98,"size":3}"""),
            RejectReason.UnknownKind, "type", type);

    [Theory]
    [InlineData(
        """{"kind":"bar","frame":"5min","symbol":"AAPL","ts":1720522800,"open":2,"high":4,"low":1,"close":3,"volume":9.5}""",
        Frame.FiveMinutes)]
    [InlineData("""{"interval":"5m","symbol":"AAPL","ts":1720522800,"open":2,"high":4,"low":1,"close":3,"size":9.5}""", Frame.FiveMinutes)]
    [InlineData("""{"interval":"4h","symbol":"AAPL","ts":1720522800,"open":2,"high":4,"low":1,"close":3,"size":9.5}""", (Frame)14_400)]
    [InlineData("""{"interval":"60min","symbol":"AAPL","ts":1720522800,"open":2,"high":4,"low":1,"close":3,"size":9.5}""", Frame.OneHour)]
    [InlineData("""{"interval":"1w","symbol":"AAPL","ts":1720522800,"open":2,"high":4,"low":1,"close":3,"size":9.5}""", Frame.OneWeek)]
    [InlineData("""{"interval":"1mo","symbol":"AAPL","ts":1720522800,"open":2,"high":4,"low":1,"close":3,"size":9.5}""", Frame.OneMonth)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"open":2,"high":4,"low":1,"close":3,"volume":9.5}""", Frame.OneHour)]
    public void Bar(string line, Frame frame) => Assert.Equal(
        Record.OfBar(Apple, Identity.Anonymous, Noon, frame, Units("2"), Units("4"), Units("1"), Units("3"), Units("9.5")),
        Line(line, new ParserOptions { BarFrame = Frame.OneHour }).Only());

    [Fact]
    public void BarStampedAtItsEnd_MovesIntoItself()
    {
        var options = new ParserOptions { Stamped = BarStamp.End };
        Assert.Equal(
            Eleven - 1, Line("""{"symbol":"AAPL","ts":1720522800,"open":2,"high":4,"low":1,"close":3}""", options).Only().Time.Nanoseconds);
        Assert.Equal(Eleven, Line("""{"symbol":"AAPL","ts":1720522800,"price":2}""", options).Only().Time.Nanoseconds);
    }

    [Theory]
    [InlineData("""{"kind":"print","symbol":"AAPL","ts":1720522800,"price":227.98,"size":3}""", null)]
    [InlineData("""{"kind":"print","symbol":"AAPL","ts":1720522800,"price":227.98,"size":3,"condition":"@F I"}""", "@F I")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":227.98,"size":3,"condition":"\u00e9\"\\"}""", "é\"\\")]
    public void Print(string line, string? condition) => Assert.Equal(
        Record.OfPrint(Apple, Identity.Anonymous, Noon, Units("227.98"), Units("3"), condition), Line(line).Only());

    [Theory]
    [InlineData("""{"kind":"news","symbol":"AAPL","ts":1720522800,"sentiment_score":-0.25,"sentiment_magnitude":1.5}""")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"sentiment_score":"-0.25","sentiment_magnitude":1.5}""")]
    public void News(string line) => Assert.Equal(
        Record.OfNewsSentiment(Apple, Identity.Anonymous, Noon, Units("-0.25"), Units("1.5")), Line(line).Only());

    [Theory]
    [InlineData("""{"kind":"market","symbol":"AAPL","ts":1720522800,"market_cap":3.4e12,"pe_ratio":-31.5}""", 3.4e12, "-31.5")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"market_cap":3400000000000}""", 3.4e12, null)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"pe_ratio":12}""", double.NaN, "12")]
    public void MarketFigures(string line, double cap, string? ratio) => Assert.Equal(
        Record.OfMarketData(Apple, Identity.Anonymous, Noon, cap, ratio is null ? MarketData.NoRatio : Units(ratio)), Line(line).Only());

    [Theory]
    [InlineData("""{"kind":"economic","ts":1720522800,"indicator_name":"cpi","value":0.1}""")]
    [InlineData("""{"ts":1720522800,"indicator_name":"cpi","value":"0.1","symbol":"ignored, and bad"}""")]
    public void EconomicIndicator_NeedsNoSymbol(string line) => Assert.Equal(
        Record.OfEconomicIndicator(Identity.Anonymous, Noon, "cpi", 0.1), Line(line).Only());

    [Theory]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":-3,"size":-1}""", RejectReason.PriceNotPositive)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":3,"size":-1}""", RejectReason.SizeNegative)]
    [InlineData("""{"symbol":"AAPL","ts":0,"price":3,"size":1}""", RejectReason.TimeAbsurd)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"bid":3,"ask":2}""", RejectReason.CrossedQuote)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"open":3,"high":2,"low":1,"close":2}""", RejectReason.OhlcInconsistent)]
    public void ReadableButImpossible_IsLeftToTheRulesOfTheDomain(string line, RejectReason reason) =>
        Assert.Equal(reason, TickRules.Check(Line(line).Only(), Limits.Default));

    [Theory]
    [InlineData("")]
    [InlineData("   \t ")]
    [InlineData("\r")]
    public void BlankLine_SaysNothing(string line)
    {
        var read = Line(line);
        Assert.Empty(read.Records);
        Assert.Empty(read.Rejected);
    }

    [Fact]
    public void Parsing_ACanonicalTick_AllocatesNothing()
    {
        var line = """{"symbol":"AAPL","ts":1720522800000000000,"price":227.99,"size":100,"seq":17,"source":"feed"}"""u8.ToArray();
        var iso = """{"symbol":"AAPL","ts":"2024-07-09T11:00:00.123Z","price":"227.99","size":"100","seq":17}"""u8.ToArray();
        var slow = """{"symbol":"AAPL","ts":1720522800000000000,"bid":1.5,"ask":2.5,"bid_size":1,"ask_size":1,"extra":1}"""u8.ToArray();
        var parser = new RecordParser(new ParserOptions());
        var sink = new Counting();
        void All()
        {
            parser.Parse(line, 1, sink);
            parser.Parse(iso, 2, sink);
            parser.Parse(slow, 3, sink);
        }

        All();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++) All();
        }));
        Assert.Equal(0, (sink.Records - 3) % 3000);
    }

    private sealed class Counting : IRecordSink
    {
        public int Records { get; private set; }

        public void OnRecord(in Record record) => Records++;

        public void OnRejected(in RejectedInput input) => throw new InvalidOperationException(input.ToString());
    }
}
