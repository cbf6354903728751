using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;
using static ActorTrading.Wire.Tests.Text.Reading;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Text;

public class DialectTests
{
    private static readonly Symbol Apple = Symbol.Parse("AAPL");
    private static readonly Symbol Tesla = Symbol.Parse("TSLA");
    private static readonly Timestamp Noon = new(Eleven);

    [Fact]
    public void StockBar_IsOfNoFrame_UnlessItNamesOne()
    {
        const string Bar =
            """{"stock_symbol":"AAPL","opening_price":227.1,"closing_price":227.9,"high":228,"low":227,"volume":1200,"timestamp":"2024-07-09 11:00:00"}""";
        Assert.Equal(BarOf(Frame.Tick, Noon), Line(Bar).Only());
        Assert.Equal(BarOf(Frame.Tick, Noon), Line(Bar.Replace("}", ""","frame":"tick"}""", StringComparison.Ordinal)).Only());
        Assert.Equal(BarOf(Frame.OneMinute, Noon), Line(Bar.Replace("}", ""","frame":"1min"}""", StringComparison.Ordinal)).Only());
        Assert.Equal(BarOf(Frame.OneHour, Noon), Line(Bar, new ParserOptions { BarFrame = Frame.OneHour, IsBarFrameGiven = true }).Only());
    }

    [Theory]
    [InlineData("1720522800", Frame.OneMinute)]
    [InlineData("1720522860", Frame.OneMinute)]
    [InlineData("1720522805", Frame.Tick)]
    [InlineData("1720522800.1234567", Frame.Tick)]
    public void BarThatNamesNoFrame_IsAMinute_UnlessItIsStampedWithinOne(string time, Frame frame) => Assert.Equal(frame, Line(
        $$"""{"symbol":"AAPL","open":227.1,"close":227.9,"high":228,"low":227,"volume":1200,"ts":{{time}}}""").Only().Frame);

    private static Record BarOf(Frame frame, Timestamp time) => Record.OfBar(
        Apple, Identity.Anonymous, time, frame, Units("227.1"), Units("228"), Units("227"), Units("227.9"), Units("1200"));

    [Fact]
    public void PricesOfOneMoment_AreTicksInTheirOrder()
    {
        const string Prices = """{"stock_id":"AAPL","price":[227.1,228],"time_frame":"1min","ts":"2024-07-09 11:00:00"}""";
        Record[] expected =
        [
            Record.OfTick(Apple, Identity.Anonymous, Noon, Units("227.1"), 0),
            Record.OfTick(Apple, Identity.Anonymous, Noon, Units("228"), 0),
        ];
        Assert.Equal(expected, Line(Prices).Records);
        Assert.Equal(expected[..1], Line("""{"stock_id":"AAPL","price":227.1,"ts":"2024-07-09 11:00:00"}""").Records);
        var without = Line("""{"stock_id":"AAPL","price":[227.1,228]}""");
        Assert.Equal([RejectReason.MissingField, RejectReason.MissingField], without.Rejected.Select(one => one.Rejection.Reason));
    }

    [Fact]
    public void RecordWithoutATime_HasTheOneThatItsReaderWasTold()
    {
        var parser = new RecordParser(new ParserOptions()) { DefaultTime = Noon };
        var sink = new Collected();
        parser.Parse("""{"symbol":"AAPL","price":1}"""u8, 1, sink);
        parser.Parse("""{"symbol":"AAPL","price":2,"ts":"2024-07-09T12:00:00Z"}"""u8, 2, sink);
        parser.DefaultTime = null;
        parser.Parse("""{"symbol":"AAPL","price":3}"""u8, 3, sink);
        Assert.Equal([Noon, new Timestamp(Eleven + Timestamp.Hour)], sink.Records.Select(record => record.Time));
        Assert.Equal(RejectReason.MissingField, Assert.Single(sink.Rejected).Rejection.Reason);
    }

    [Fact]
    public void OrderBook()
    {
        const string Line1 =
            """{"data_type":"order_book","timestamp":"2024-07-09T11:00:00Z","stock_symbol":"AAPL","order_type":"buy","price":227.98,"quantity":3}""";
        Assert.Equal(Record.OfBookUpdate(Apple, Identity.Anonymous, Noon, BookSide.Bid, Units("227.98"), Units("3")), Line(Line1).Only());
        Assert.Equal(BookSide.Ask, Line(Line1.Replace("buy", "sell", StringComparison.Ordinal)).Only().Side);
        Assert.Equal(BookSide.Ask, Line(Line1.Replace("buy", "Ask", StringComparison.Ordinal)).Only().Side);
        Refused(Line(Line1.Replace("buy", "limit", StringComparison.Ordinal)), RejectReason.BadSide, "side", "limit");
    }

    [Fact]
    public void NewsMarketAndEconomy()
    {
        Assert.Equal(
            Record.OfNewsSentiment(Apple, Identity.Anonymous, Noon, Units("0.8"), Units("0.4")),
            Line("""{"data_type":"news_sentiment","timestamp":1720522800,"stock_symbol":"AAPL","sentiment_score":0.8,"sentiment_magnitude":0.4}""")
                .Only());
        Assert.Equal(
            Record.OfMarketData(Apple, Identity.Anonymous, Noon, 3e12, Units("31.5")),
            Line("""{"data_type":"market_data","timestamp":1720522800,"stock_symbol":"AAPL","market_cap":3e12,"pe_ratio":31.5}""").Only());
        Assert.Equal(
            Record.OfEconomicIndicator(Identity.Anonymous, Noon, "GDP Growth Rate", 2.1),
            Line("""{"data_type":"economic_indicator","timestamp":1720522800,"indicator_name":"GDP Growth Rate","value":2.1}""").Only());
    }

    [Fact]
    public void IsinPriceAndTimeInTheZoneOfTheReader()
    {
        Assert.True(InputZone.TryParse("Europe/Berlin", out var berlin));
        Assert.Equal(
            Tick("DE0007164600", Eleven, "181.24", "0"),
            Line("""{"ISIN":"DE0007164600","PRICE":181.24,"DATETIME":"2024-07-09T13:00:00"}""", new ParserOptions { Zone = berlin })
                .Only());
    }

    [Fact]
    public void Envelope_HoldsAPrintForEachSymbol()
    {
        var read = Line(
            """{"timestamp":1720522800000,"service":"TIMESALE","symbols":{"AAPL":{"price":227.98,"size":3},"TSLA":{"last_price":"250.5","timestamp":1720522801000,"last_size":1,"seq":5},"MSFT":{"last":1,"quantity":2}},"source":"nyse","epoch":2}""");
        Assert.Empty(read.Rejected);
        Assert.Equal(
            [
                Record.OfPrint(Apple, new Identity(Source.Parse("nyse"), 2, Identity.None), Noon, Units("227.98"), Units("3"), null),
                Record.OfPrint(
                    Tesla, new Identity(Source.Parse("nyse"), 2, 5), new Timestamp(Eleven + Timestamp.Second), Units("250.5"), Units("1"),
                    null),
                Record.OfPrint(
                    Symbol.Parse("MSFT"), new Identity(Source.Parse("nyse"), 2, Identity.None), Noon, Units("1"), Units("2"), null),
            ],
            read.Records);
    }

    [Fact]
    public void Envelope_OfQuotesAndOfBars()
    {
        Assert.Equal(
            Record.OfQuote(Apple, Identity.Anonymous, Noon, Units("1"), 0, Units("2"), 0),
            Line("""{"service":"QUOTE","timestamp":1720522800,"symbols":{"AAPL":{"bid":1,"ask":2,"last":1.5}}}""").Only());
        Assert.Equal(
            RecordKind.Quote,
            Line("""{"service":"LEVELONE_EQUITIES","timestamp":1720522800,"symbols":{"AAPL":{"bid":1,"ask":2,"last_price":1}}}""")
                .Only().Kind);
        Assert.Equal(
            RecordKind.Bar,
            Line("""{"service":"CHART_EQUITY","timestamp":1720522800,"symbols":{"AAPL":{"open":1,"high":2,"low":1,"close":2}}}""")
                .Only().Kind);
        Refused(
            Line("""{"service":"NEWS","timestamp":1720522800,"symbols":{"AAPL":{"price":1}}}"""), RejectReason.UnknownKind, "service",
            "NEWS");
    }

    [Fact]
    public void Envelope_WithSeveralPrintsOfASymbol()
    {
        var read = Line(
            """{"service":"TIMESALE","symbols":{"AAPL":[{"price":1,"size":1,"timestamp":1720522800},{"price":2,"size":1,"timestamp":1720522801}]}}""");
        Assert.Equal([Units("1"), Units("2")], read.Records.Select(record => record.A));
    }

    [Fact]
    public void Envelope_RefusesOnlyWhatIsAtFault()
    {
        var read = Line(
            """{"timestamp":1720522800,"service":"TIMESALE","symbols":{"AAPL":{"price":NaN},"two,words":{"price":1},"TSLA":{"price":2},"MSFT":{}}, "seq":4}""");
        Assert.Equal(Tesla, Assert.Single(read.Records).Symbol);
        Assert.Equal(
            [(RejectReason.NotFinite, "price", 4L), (RejectReason.BadSymbol, "symbol", 4L), (RejectReason.MissingField, "price", 4L)],
            read.Rejected.Select(refused => (refused.Rejection.Reason, refused.Rejection.Field, refused.Seq)));
    }

    [Fact]
    public void Envelope_WithoutSymbols_HoldsNothing()
    {
        var read = Line("""{"timestamp":1720522800,"service":"TIMESALE","symbols":{}}""");
        Assert.Empty(read.Records);
        Assert.Empty(read.Rejected);
    }

    [Fact]
    public void BarsByTheirSymbols()
    {
        var read = Line(
            """{"AAPL":{"open":1,"high":3,"low":1,"close":2,"volume":5,"datetime":"2024-07-09 11:00:00"},"LOW":{"open":2,"high":3,"low":1,"close":2,"volume":5,"datetime":1720522800000}}""");
        Assert.Empty(read.Rejected);
        Assert.Equal(
            [
                Record.OfBar(Apple, Identity.Anonymous, Noon, Frame.OneMinute, Units("1"), Units("3"), Units("1"), Units("2"), Units("5")),
                Record.OfBar(
                    Symbol.Parse("LOW"), Identity.Anonymous, Noon, Frame.OneMinute, Units("2"), Units("3"), Units("1"), Units("2"),
                    Units("5")),
            ],
            read.Records);
    }

    [Fact]
    public void Array_HoldsAnyOfThese()
    {
        var read = Line("""
            [{"symbol":"AAPL","ts":1720522800,"price":1},{"ISIN":"TSLA","PRICE":2,"DATETIME":"2024-07-09T11:00:00Z"},7,
             {"timestamp":1720522800,"service":"TIMESALE","symbols":{"AAPL":{"price":3}}},{"symbol":"AAPL"}, []]
            """);
        Assert.Equal([Units("1"), Units("2"), Units("3")], read.Records.Select(record => record.A));
        Assert.Equal(
            [RejectReason.Malformed, RejectReason.MissingField, RejectReason.Malformed],
            read.Rejected.Select(refused => refused.Rejection.Reason));
    }

    [Fact]
    public void ObjectBesideARecordsOwnFields_IsIgnored() =>
        Assert.Equal(
            Tick("AAPL", Eleven, "1", "0"),
            Line("""{"symbol":"AAPL","meta":{"price":5,"AAPL":{"price":3}},"ts":1720522800,"price":1}""").Only());
}
