using System.Buffers;
using System.Text;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using FsCheck;
using FsCheck.Fluent;
using static ActorTrading.Wire.Tests.Text.Reading;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Text;

public class RecordWriterTests
{
    private static readonly Symbol Apple = Symbol.Parse("AAPL");

    [Fact]
    public void EveryRecord_ComesBackFromEveryDialectThatCarriesIt() =>
        Prop.ForAll(Arb.From(AnyRecord), record =>
        {
            foreach (var dialect in Dialects.All)
            {
                if (!dialect.Carries(record.Kind)) continue;
                var text = Write(record, dialect, full: true);
                var read = Read(text);
                if (read is not { Records: [var only], Rejected: [] } || !only.Equals(record))
                    return false.Label($"{dialect}: {text} {string.Join("; ", read.Rejected)}");
            }

            return true.Label("");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void SeveralSymbols_ComeBackFromOneLine() =>
        Prop.ForAll(
            Arb.From(Gen.NonEmptyListOf(AnyRecord)), Arb.From(Gen.Elements(Dialect.Envelope, Dialect.SymbolBars)), (list, dialect) =>
            {
                var records = list.Where(record => dialect.Carries(record.Kind)).GroupBy(record => record.Kind).FirstOrDefault()?.ToArray();
                if (records is null) return true.Label("");
                var output = new ArrayBufferWriter<byte>();
                RecordWriter.WriteTogether(records, dialect, output);
                var read = Read(Encoding.UTF8.GetString(output.WrittenSpan));
                // A single line that runs newest first is reversed.
                var isSame = read.Records.SequenceEqual(records) || read.Records.AsEnumerable().Reverse().SequenceEqual(records);
                return (isSame
                    && read.Rejected.Count == 0).Label($"{Encoding.UTF8.GetString(output.WrittenSpan)} {string.Join("; ", read.Rejected)}");
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void CanonicalTick_IsWrittenAsTheFormatSays() => Assert.Equal(
        """{"symbol":"AAPL","ts":1720522800000000000,"price":227.99,"size":100,"seq":17}""" + "\n",
        Write(Tick("AAPL", Eleven, "227.99", "100", 17), Dialect.Canonical));

    [Theory]
    [InlineData(Dialect.Isin, """{"ISIN":"AAPL","PRICE":227.99,"SIZE":100,"DATETIME":"2024-07-09T11:00:00Z"}""")]
    [InlineData(Dialect.CsvTrades, "2024-07-09T11:00:00Z,AAPL,227.99,100")]
    public void TickInOtherDialects(Dialect dialect, string line) =>
        Assert.Equal(line + "\n", Write(Tick("AAPL", Eleven, "227.99", "100"), dialect));

    [Theory]
    [InlineData(
        Dialect.Canonical,
        """{"symbol":"AAPL","ts":1720522800000000000,"kind":"bar","frame":"1min","open":1,"high":3,"low":0.5,"close":2,"volume":7}""")]
    [InlineData(
        Dialect.Stock,
        """{"stock_symbol":"AAPL","opening_price":1,"closing_price":2,"high":3,"low":0.5,"volume":7,"timestamp":"2024-07-09T11:00:00Z"}""")]
    [InlineData(
        Dialect.Envelope,
        """{"timestamp":1720522800000000000,"service":"CHART","symbols":{"AAPL":{"open":1,"high":3,"low":0.5,"close":2,"volume":7}}}""")]
    [InlineData(Dialect.SymbolBars, """{"AAPL":{"open":1,"high":3,"low":0.5,"close":2,"volume":7,"datetime":"2024-07-09T11:00:00Z"}}""")]
    [InlineData(Dialect.CsvBars, "2024-07-09T11:00:00Z,AAPL,1,3,0.5,2,7")]
    public void BarInEveryDialect(Dialect dialect, string line) => Assert.Equal(line + "\n", Write(
        Record.OfBar(
            Apple, Identity.Anonymous, new Timestamp(Eleven), Frame.OneMinute, Units("1"), Units("3"), Units("0.5"), Units("2"),
            Units("7")),
        dialect));

    [Fact]
    public void ImpossibleRecords_AreWrittenForTheReaderToRefuse()
    {
        var infinite = Record.OfEconomicIndicator(Identity.Anonymous, new Timestamp(Eleven), "cpi", double.PositiveInfinity);
        Refused(Line(Write(infinite, Dialect.Canonical)), ActorTrading.Domain.Admission.RejectReason.NotFinite, "value");
        Assert.Equal(Tick("AAPL", Eleven, "-1", "-5"), Line(Write(Tick("AAPL", Eleven, "-1", "-5"), Dialect.Canonical)).Only());
    }

    [Fact]
    public void KindThatADialectCannotCarry_IsTheCallersFault()
    {
        Assert.Throws<ArgumentException>(() => Write(Tick("AAPL", Eleven, "1", "1"), Dialect.Stock));
        Assert.Throws<ArgumentException>(() => RecordWriter.WriteHeader(Dialect.Canonical, new ArrayBufferWriter<byte>()));
        Assert.Throws<ArgumentException>(() => RecordWriter.WriteTogether([], Dialect.Envelope, new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public void Names_ReadBack()
    {
        foreach (var dialect in Dialects.All)
        {
            Assert.True(Dialects.TryParse(dialect.Name(), out var read));
            Assert.Equal(dialect, read);
        }

        Assert.False(Dialects.TryParse("Canonical", out _));
    }

    [Fact]
    public void Writing_AllocatesNothing()
    {
        var output = new ArrayBufferWriter<byte>(1 << 20);
        Record[] records =
        [
            Tick("AAPL", Eleven + 1, "227.99", "100", 17, "feed", 2),
            Record.OfPrint(Apple, Identity.Anonymous, new Timestamp(Eleven), 1, 2, "a \"quoted\" é"),
            Record.OfEconomicIndicator(Identity.Anonymous, new Timestamp(Eleven), "cpi", 0.1),
        ];
        void All()
        {
            output.ResetWrittenCount();
            foreach (ref readonly var record in records.AsSpan()) RecordWriter.Write(record, Dialect.Canonical, output);
            RecordWriter.Write(records[0], Dialect.CsvTrades, output);
        }

        All();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++) All();
        }));
    }

    private static string Write(in Record record, Dialect dialect, bool full = false)
    {
        var output = new ArrayBufferWriter<byte>();
        if (full && dialect.IsTable()) RecordWriter.WriteHeader(dialect, output, full);
        RecordWriter.Write(record, dialect, output, full);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static Collected Read(string text)
    {
        var sink = new Collected();
        var options = new ReadOptions { Source = Source.Anonymous };
        RecordFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "written", options, sink);
        return sink;
    }

    private static Gen<long> AnyUnits { get; } = Gen.OneOf(
        Gen.Choose(-3, 3).Select(value => (long)value),
        Gen.Choose(0, int.MaxValue).Select(value => value * 1_000_000L),
        ArbMap.Default.GeneratorFor<long>().Select(value => value == long.MinValue ? 0 : value),
        Gen.Elements(long.MaxValue, -long.MaxValue, 0));

    private static Gen<Timestamp> AnyTime { get; } = Gen.OneOf(
        Gen.Choose(0, int.MaxValue).Select(seconds => new Timestamp(seconds * Timestamp.Second)),
        ArbMap.Default.GeneratorFor<long>().Select(value => new Timestamp(value % 1_000_000_000_000)),
        from high in Gen.Choose(-2_000_000_000, int.MaxValue)
        from low in Gen.Choose(0, 999_999_999)
        select new Timestamp((high * Timestamp.Second) + low));

    private static Gen<Symbol> AnySymbol { get; } = Gen.OneOf(
        Gen.Elements("AAPL", "BTC/USD", "ES=F", "spot:ETHUSDT", "LOW", "timestamp", "{}[]:;", "a").Select(Symbol.Parse),
        from length in Gen.Choose(1, Symbol.MaxLength)
        from characters in Gen.ArrayOf(Gen.Choose('!', '~').Select(c => Symbol.IsNameCharacter(c) ? (char)c : '_'), length)
        select Symbol.Parse(Symbol.IsName(characters) ? new string(characters) : "x")); // one or two dots are no name

    private static Gen<Identity> AnyIdentity { get; } =
        from source in Gen.Elements("-", "nyse", " a, b ", "it's; fine", "<>&", "~").Select(Source.Parse)
        from epoch in Gen.Elements(0, 0, 1, long.MaxValue)
        from seq in Gen.Elements(Identity.None, 0, 17, long.MaxValue)
        select new Identity(source, epoch, seq);

    private static Gen<string?> AnyText { get; } = Gen.Elements(
        null, "@F", "a \"b\" \\c/", "é€𝄞", "tab\tnew\nline\u0001", "NaN", "symbols", new string('x', 64));

    private static Gen<double> AnyDouble { get; } = ArbMap.Default.GeneratorFor<double>().Select(
        value => double.IsFinite(value) ? value : 0.1);

    private static Gen<Record> AnyRecord { get; } =
        from kind in Gen.Elements(Enum.GetValues<RecordKind>())
        from symbol in AnySymbol
        from id in AnyIdentity
        from time in AnyTime
        from a in AnyUnits
        from b in AnyUnits
        from c in AnyUnits
        from d in AnyUnits
        from e in AnyUnits
        from frame in Gen.Elements<Frame>([.. Frames.Common, (Frame)30, (Frame)120, (Frame)86_399])
        from side in Gen.Elements(BookSide.Bid, BookSide.Ask)
        from text in AnyText
        from number in AnyDouble
        from isMissing in Gen.Elements(true, false)
        select kind switch
        {
            RecordKind.Tick => Record.OfTick(symbol, id, time, a, b),
            RecordKind.Quote => Record.OfQuote(symbol, id, time, a, b, c, d),
            RecordKind.BookUpdate => Record.OfBookUpdate(symbol, id, time, side, a, b),
            RecordKind.Bar => Record.OfBar(symbol, id, time, frame, a, b, c, d, e),
            RecordKind.Print => Record.OfPrint(symbol, id, time, a, b, text),
            RecordKind.NewsSentiment => Record.OfNewsSentiment(symbol, id, time, a, b),
            RecordKind.MarketData => isMissing
                ? Record.OfMarketData(symbol, id, time, double.NaN, a)
                : Record.OfMarketData(symbol, id, time, number, b > 0 ? b : MarketData.NoRatio),
            _ => Record.OfEconomicIndicator(id, time, text ?? "cpi", number),
        };
}
