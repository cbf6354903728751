using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Text;
using static ActorTrading.Wire.Tests.Text.Reading;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Text;

public class CsvTests
{
    private static readonly Symbol Apple = Symbol.Parse("AAPL");

    [Theory]
    [InlineData("timestamp,symbol,price,size\n2024-07-09T11:00:00Z,AAPL,227.99,100")]
    [InlineData("Time;Ticker;Last;Qty\n1720522800;AAPL;227.99;100")]
    [InlineData("ts\tisin\tPRICE\tvolume\textra\n1720522800000\tAAPL\t227.99\t100\tx")]
    [InlineData("\"size\", \"price\" ,symbol,\"date\"\n\"100\", 227.99 ,\"AAPL\",\"2024-07-09 11:00:00\"")]
    [InlineData("datetime,symbol,price,quantity,kind\n2024-07-09T11:00,AAPL,2.2799e2,100.0,trade")]
    [InlineData("datetime,symbol,price,size\r\n\r\n  \n2024-07-09T11:00,AAPL,227.99,100,\n")]
    public void Trades(string table) =>
        Assert.Equal(Tick("AAPL", Eleven, "227.99", "100"), Table(table.Replace("\r", "", StringComparison.Ordinal)).Only());

    [Theory]
    [InlineData("timestamp,symbol,open,high,low,close,volume\n1720522800,AAPL,2,4,1,3,9.5", Frame.OneHour)]
    [InlineData("t,time,symbol,o,h,l,c,v,frame\n1,1720522800,AAPL,2,4,1,3,9.5,5min", Frame.FiveMinutes)]
    public void Bars(string table, Frame frame) => Assert.Equal(
        Record.OfBar(Apple, Identity.Anonymous, new Timestamp(Eleven), frame, Units("2"), Units("4"), Units("1"), Units("3"), Units("9.5")),
        Table(table, new ParserOptions { BarFrame = Frame.OneHour }).Only());

    [Fact]
    public void QuotesWithIdentity() => Assert.Equal(
        Record.OfQuote(Apple, new Identity(Source.Parse("a, b"), 3, 17), new Timestamp(Eleven), Units("2"), 0, Units("3"), Units("5")),
        Table("time,symbol,bid,ask,bid_size,ask_size,source,epoch,seq\n1720522800,AAPL,2,3,,5,\"a, b\",3,17").Only());

    [Fact]
    public void KindByRow()
    {
        var read = Table("time,symbol,kind,price,size,bid,ask\n1720522800,AAPL,tick,1,2,,\n1720522801,AAPL,quote,,,1,2\n"
            + "1720522801,AAPL,wish,,,1,2\n1720522801,AAPL,tick,,,1,2");
        Assert.Equal([RecordKind.Tick, RecordKind.Quote], read.Records.Select(record => record.Kind));
        Assert.Equal(
            [(RejectReason.UnknownKind, "kind", 4L), (RejectReason.MissingField, "price", 5L)],
            read.Rejected.Select(refused => (refused.Rejection.Reason, refused.Rejection.Field, refused.LineNumber)));
    }

    [Theory]
    [InlineData("1720522800,AAPL,,1", RejectReason.MissingField, "price", "")]
    [InlineData("1720522800,,1,1", RejectReason.MissingField, "symbol", "")]
    [InlineData(",AAPL,1,1", RejectReason.MissingField, "ts", "")]
    [InlineData("1720522800,AAPL,x,1", RejectReason.NotANumber, "price", "x")]
    [InlineData("1720522800,AAPL,nan,1", RejectReason.NotFinite, "price", "nan")]
    [InlineData("1720522800,AAPL,1,1e99", RejectReason.OutOfRange, "size", "1e99")]
    [InlineData("1720522800,A'B,1,1", RejectReason.BadSymbol, "symbol", "A'B")]
    [InlineData("1720522800,\"A\"\"B\",1,1", RejectReason.BadSymbol, "symbol", "A\"B")]
    [InlineData("yesterday,AAPL,1,1", RejectReason.BadTime, "ts", "yesterday")]
    [InlineData("1720522800,AAPL,1", RejectReason.Malformed, "line", "3 cells under 4 columns: 1720522800,AAPL,1")]
    [InlineData("1720522800,AAPL,1,5,1", RejectReason.Malformed, "line", "5 cells under 4 columns: 1720522800,AAPL,1,5,1")]
    [InlineData("1720522800,AAPL,1,5,,", RejectReason.Malformed, "line", "6 cells under 4 columns: 1720522800,AAPL,1,5,,")]
    [InlineData("1720522800,\"AAPL,1,5", RejectReason.Malformed, "line", "a quote is not closed")]
    [InlineData("1720522800,\"AAPL\"x,1,5", RejectReason.Malformed, "line", "a quote is not closed")]
    public void BadRow_IsRefusedAlone(string row, RejectReason reason, string field, string value)
    {
        var read = Table($"time,symbol,price,size\n1720522800,AAPL,1,1\n{row}\n1720522800,AAPL,1,1");
        Assert.Equal(2, read.Records.Count);
        var refused = Assert.Single(read.Rejected);
        Assert.Equal(
            (reason, field, value, 3), (refused.Rejection.Reason, refused.Rejection.Field, refused.Rejection.Value, refused.LineNumber));
        Assert.Equal(row, refused.Raw);
    }

    [Fact]
    public void InvalidUtf8_IsMalformed()
    {
        var options = new ParserOptions();
        Assert.True(TableDetector.TryDetect("time,symbol,price,note"u8, isWhole: true, options, out var layout, out _));
        var sink = new Collected();
        new CsvParser(options, layout).Parse([.. "1720522800,AAPL,1,"u8, 0xff], 2, sink);
        Refused(sink, RejectReason.Malformed, "line", "not UTF-8");
    }

    [Fact]
    public void RepeatedHeader_SaysNothing() =>
        Assert.Equal(2, Table("time,symbol,price\n1720522800,AAPL,1\ntime,symbol,price\n1720522801,AAPL,1").Records.Count);

    [Theory]
    [InlineData("symbol,price,size", "missing column 'timestamp'; found: symbol,price,size; use --columns if they have other names")]
    [InlineData("time,price,size", "missing column 'symbol'; found: time,price,size; set --symbol for the whole file")]
    [InlineData("time,symbol,size", "missing column 'price'; found: time,symbol,size; use --columns if they have other names")]
    [InlineData(
        "time,symbol,open,high,close,volume",
        "missing column 'low'; found: time,symbol,open,high,close,volume; use --columns if they have other names")]
    [InlineData(
        "time,symbol,close,volume",
        "missing column 'open'; found: time,symbol,close,volume; a close alone is not a bar: to read it as a trade, "
            + "name it price in --columns, "
            + "as in --columns date,price,size")]
    [InlineData(
        "time,symbol,side,price", "missing column 'size'; found: time,symbol,side,price; use --columns if they have other names")]
    public void HeaderThatCannotBeRead_IsOneErrorForTheFile(string header, string message)
    {
        Assert.False(TableDetector.TryDetect(Encoding.UTF8.GetBytes(header), isWhole: true, new ParserOptions(), out _, out var fault));
        Assert.Equal((message, true), (fault.Problem, fault.IsTable));
    }

    [Theory]
    [InlineData("110'165", "'110'165' could be 110165, or points and 32nds: set --decimal . for the first")]
    [InlineData("99'317,1\n1720522801,ZN,99'310", "'99'317' could be 99317, or points and 32nds: set --decimal . for the first")]
    public void PricesThatMayBe32nds_AreRefused_WithBothReadings(string prices, string problem)
    {
        var table = Encoding.UTF8.GetBytes($"time,symbol,price,size\n1720522800,ZN,{prices},1\n");
        Assert.False(TableDetector.TryDetect(table, isWhole: true, new ParserOptions(), out _, out var fault));
        Assert.StartsWith(problem, fault.Problem, StringComparison.Ordinal);
        var read = Table($"time,symbol,price,size\n1720522800,ZN,{prices},1", new ParserOptions { IsDecimalComma = false });
        Assert.Empty(read.Rejected);
    }

    [Theory]
    [InlineData("1'234", "1234")] // no 32nds end in 4
    [InlineData("110'965", "110965")]
    [InlineData("110'165.00", "110165")]
    [InlineData("1'110'165", "1110165")]
    public void GroupsByApostrophe_AreRead_WhereAPriceShowsThatTheyAre(string shown, string price) => Assert.Equal(
        [Tick("ZN", Eleven, "110165", "1"), Tick("ZN", Eleven, price, "1")],
        Table($"time,symbol,price,size\n1720522800,ZN,110'165,1\n1720522800,ZN,{shown},1").Records);

    [Fact]
    public void GroupsByApostropheInAVolume_AreRead() =>
        Assert.Equal(Tick("ZN", Eleven, "110.5", "1250"), Table("time,symbol,price,size\n1720522800,ZN,110.5,1'250").Only());

    [Fact]
    public void PricesOfCoinGecko_AreTradesWithoutASize() => Assert.Equal(
        Tick("BTC", Eleven, "57000.1", "0"),
        Table(
            "snapped_at,price,market_cap,total_volume\n2024-07-09 11:00:00 UTC,57000.1,1.1e12,2.5e10",
            new ParserOptions { DefaultSymbol = Symbol.Parse("BTC") }).Only());

    [Fact]
    public void MissingSymbolColumn_IsFineWithASymbolForTheFile() =>
        Assert.Equal(
            Tick("SPY", Eleven, "1", "0"),
            Table("time,price\n1720522800,1", new ParserOptions { DefaultSymbol = Symbol.Parse("SPY") }).Only());

    [Fact]
    public void Row_AllocatesNothing()
    {
        Assert.True(InputZone.TryParse("America/New_York", out var zone));
        var options = new ParserOptions { Zone = zone };
        Assert.True(TableDetector.TryDetect("time,symbol,bid,ask"u8, isWhole: true, options, out var layout, out _));
        var parser = new CsvParser(options, layout);
        var row = "2014-05-01T00:00:01.787,\"fxcm:EURUSD\",1.38727,1.38729"u8.ToArray();
        var sink = new Counting();
        parser.Parse(row, 2, sink);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++) parser.Parse(row, 2, sink);
        }));
        Assert.Equal(0, (sink.Records - 1) % 1000);
    }

    private sealed class Counting : IRecordSink
    {
        public int Records { get; private set; }

        public void OnRecord(in Record record) => Records++;

        public void OnRejected(in RejectedInput input) => throw new InvalidOperationException(input.ToString());
    }
}
