using System.Text;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Text;

/// <summary>The fast path through the rows of a table against the slow one: both read the same.</summary>
public class CsvRowReaderTests
{
    private static readonly (string Header, string[] Rows)[] Tables =
    [
        ("timestamp,symbol,price,size",
            [
                "2024-07-09T11:00:00.123456789Z,AAPL,227.99,100", "2024-07-09 23:59:59,BTC/USD,61837.63000000,0.00000001",
                "2024-02-29T00:00:00+01:00,币安人生USDT,1,0",
            ]),
        ("time;symbol;bid;bid_size;ask;ask_size",
            ["1720522800250;EURUSD;1.38727;100;1.38729;200", "1720522800251;EURUSD;9999999999.99999999;0;0;1"]),
        ("timestamp,symbol,open,high,low,close,volume",
            ["2024-07-09T11:00:00Z,AAPL,227,228,226.5,227.9,12000", "2024-07-09T11:01:00Z,A,227.,228,226.5,227.9,9999999999.5"]),
        ("date,open,high,low,close,volume", ["2024-07-09,1,2,1,2,5", "2024-07-10,1,2,1,2,5"]),
        ("time,symbol,price,size,source,epoch,seq,note",
            [
                "1720522800,AAPL,227.99,100,\"ny se\",1,17,plain", "1720522801,AAPL,0227.990,1,nyse,0,0,",
                "\"1720522802\",\"BRK B\",1,1,-,9223372036854775807,9223372036854775807,\"x\"",
            ]),
    ];

    // Handled by the slow path: signs, exponents, more decimals than eight, more digits than ten, blanks, empty cells, other times.
    private static readonly string[] Unusual =
    [
        "2024-07-09T11:00:00Z,AAPL,227.990000001,100", "2024-07-09T11:00:00Z,AAPL,0.30000000000000004,1",
        "2024-07-09T11:00:00Z,AAPL,-1,1", "2024-07-09T11:00:00Z,AAPL,1e2,1", "2024-07-09T11:00:00Z,AAPL,12345678901,1",
        "2024-07-09T11:00:00Z, AAPL ,1,1", "2024-07-09T11:00:00Z,AAPL,1,", "2024-07-09T11:00:00Z,AAPL,.5,1",
        "2024-07-09T11:00:00Z,AAPL,1,1,", "2024-07-09T11:00:00Z,AAPL,1", "9 Jul 2024 11:00,AAPL,1,1", "2024-07-09T24:00:00Z,AAPL,1,1",
        "2024-07-09T11:00:00.1234567891Z,AAPL,1,1", "2024-07-09T11:00:00Z,AA\"PL,1,1", "2024-07-09T11:00:00Z,\"AAPL\"x,1,1", "",
        "timestamp,symbol,price,size",
    ];

    [Fact]
    public void EverySeed_IsReadTheFastWay()
    {
        foreach (var (header, rows) in Tables)
        {
            var reader = FastReader(header, rows);
            Assert.NotNull(reader);
            Assert.All(rows, row => Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(row), out _), row));
        }
    }

    [Fact]
    public void EveryTruncation_AndEveryByteReplaced_IsReadAlike()
    {
        foreach (var (header, rows) in Tables)
        {
            var pair = Pair(header, rows);
            foreach (var row in rows.Select(Encoding.UTF8.GetBytes))
            {
                for (var length = 0; length <= row.Length; length++) Compare(pair, row[..length]);
                for (var i = 0; i < row.Length; i++)
                {
                    var changed = (byte[])row.Clone();
                    foreach (var value in "\"\\,;|. \t\r\0-+eE0159TtZz:'/\x7f"u8)
                    {
                        changed[i] = value;
                        Compare(pair, changed);
                    }
                }
            }
        }
    }

    [Fact]
    public void UnusualRows_AreReadAlike()
    {
        var reader = FastReader(Tables[0].Header, Tables[0].Rows)!;
        var pair = Pair(Tables[0].Header, Tables[0].Rows);
        foreach (var row in Unusual.Select(Encoding.UTF8.GetBytes))
        {
            Assert.False(reader.TryRead(row, out _), Encoding.UTF8.GetString(row));
            Compare(pair, row);
        }
    }

    [Fact]
    public void DistortedRows_AreReadAlike()
    {
        var pairs = Tables.Select(table => (Pair: Pair(table.Header, table.Rows), table.Rows)).ToList();
        pairs.Add((pairs[0].Pair, Unusual));
        for (var fuzz = new Fuzz(seed: 11, rounds: 20_000, longRounds: 1_000_000); fuzz.Next();)
        {
            var (pair, rows) = fuzz.OneOf(pairs);
            Compare(pair, fuzz.Distort(Encoding.UTF8.GetBytes(fuzz.OneOf(rows))));
        }
    }

    [Theory]
    [InlineData("America/New_York", "2024-07-09T11:00:00,AAPL,1,1")]
    [InlineData("Europe/Berlin", "2024-03-31T02:30:00,AAPL,1,1")]
    [InlineData("Asia/Kolkata", "2024-07-09 00:00:00.5,AAPL,1,1")]
    public void TimesOfAZone_AreReadAlike(string zone, string row)
    {
        Assert.True(InputZone.TryParse(zone, out var known));
        Compare(Pair("timestamp,symbol,price,size", [row], new ParserOptions { Zone = known }), Encoding.UTF8.GetBytes(row));
    }

    [Theory]
    [InlineData(BarStamp.Start, Frame.OneDay, "2024-07-09T00:00:00,AAPL,1,2,1,2,5")]
    [InlineData(BarStamp.End, Frame.OneDay, "2024-07-09,AAPL,1,2,1,2,5")]
    [InlineData(BarStamp.End, Frame.OneMinute, "2024-07-09T11:01:00,AAPL,1,2,1,2,5")]
    [InlineData(BarStamp.End, Frame.OneHour, "2024-07-09T00:00:00+02:00,AAPL,1,2,1,2,5")]
    [InlineData(BarStamp.Start, Frame.OneMinute, "2024-07-09T11:01:07,AAPL,1,2,1,2,5")]
    public void PlacesOfBars_AreReadAlike(BarStamp stamped, Frame frame, string row)
    {
        foreach (var isGiven in new[] { true, false })
        {
            var options = new ParserOptions { Stamped = stamped, BarFrame = frame, IsBarFrameGiven = isGiven };
            Compare(Pair("timestamp,symbol,open,high,low,close,volume", [row], options), Encoding.UTF8.GetBytes(row));
        }
    }

    /// <summary>If the meaning of a row depends on more than its columns, there is no fast path.</summary>
    [Theory]
    [InlineData("time,symbol,price,last,size", "1720522800,A,1,1,1")]
    [InlineData("time,symbol,price,size,volume", "1720522800,A,1,1,1")]
    [InlineData("date,time,symbol,price,size", "2024-07-09,11:00:00,A,1,1")]
    [InlineData("time,symbol,open,high,low,close,volume,frame", "1720522800,A,1,1,1,1,1,5min")]
    [InlineData("time;symbol;price;size", "1720522800;A;1,5;1")]
    [InlineData("time,kind,symbol,price,size", "1720522800,tick,A,1,1")]
    [InlineData("time,symbol,side,price,size", "1720522800,A,bid,1,1")]
    public void TablesThatNeedMore_HaveNoFastWay(string header, string row) => Assert.Null(FastReader(header, [row]));

    [Fact]
    public void TimesOfAPattern_HaveNoFastWay()
    {
        Assert.True(TimePattern.TryParse("yyyy-dd-MM HH:mm:ss", out var pattern));
        var options = new ParserOptions { TimeFormat = pattern };
        Assert.Null(FastReader("time,symbol,price,size", ["2024-09-07 11:00:00,A,1,1"], options));
    }

    /// <summary>The tables of users, with any content.</summary>
    [CaseFact]
    public void TablesOfUsers_AreReadAlike()
    {
        var files = Directory.GetFiles(SharedCases.Folder!, "*.csv", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        var options = new ParserOptions { DefaultSymbol = Symbol.Parse("X") };
        foreach (var file in files)
        {
            var (fast, fastFault) = Read(file, options);
            var (slow, slowFault) = Read(file, Slow(options));
            Assert.Equal(slowFault, fastFault);
            AssertAlike(fast, slow, file);
        }
    }

    [Fact]
    public void Rows_CostNoAllocation()
    {
        foreach (var (header, rows) in Tables)
        {
            var (options, layout) = Survey(header, rows, null);
            var parser = new CsvParser(options, layout);
            var row = Encoding.UTF8.GetBytes(rows[0]);
            var counter = new Counter();
            parser.Parse(row, 1, counter);
            Assert.Equal(0, Allocations.Of(() =>
            {
                for (var i = 0; i < 1_000; i++) parser.Parse(row, 1, counter);
            }));
            Assert.True(counter.Records >= 1_001);
        }
    }

    private static void Compare((CsvParser Fast, CsvParser Slow) pair, byte[] row)
    {
        var (fast, slow) = (new Collected(), new Collected());
        pair.Fast.Parse(row, 1, fast);
        pair.Slow.Parse(row, 1, slow);
        AssertAlike(fast, slow, Encoding.UTF8.GetString(row));
    }

    private static void AssertAlike(Collected fast, Collected slow, string what)
    {
        var (read, expected) = (fast.Records.ConvertAll(Describe), slow.Records.ConvertAll(Describe));
        Assert.True(read.SequenceEqual(expected), $"{what}: {string.Join("; ", read)}, but {string.Join("; ", expected)}");
        Assert.True(
            fast.Rejected.SequenceEqual(slow.Rejected),
            $"{what}: {string.Join("; ", fast.Rejected)}, but {string.Join("; ", slow.Rejected)}");

        static string Describe(Record record) => RecordText.Describe(record);
    }

    /// <summary>Two parsers of a table; the second has no fast path.</summary>
    private static (CsvParser Fast, CsvParser Slow) Pair(string header, string[] rows, ParserOptions? given = null)
    {
        var (options, layout) = Survey(header, rows, given);
        return (new CsvParser(options, layout), new CsvParser(Slow(options), layout));
    }

    /// <summary>The fast path does not report timestamps.</summary>
    private static ParserOptions Slow(ParserOptions options) => options with { OnStamp = static _ => { } };

    private static CsvRowReader? FastReader(string header, string[] rows, ParserOptions? given = null)
    {
        var (options, layout) = Survey(header, rows, given);
        var stamps = new StampReader(options);
        return CsvRowReader.For(options, stamps, new RecordAssembler(options, stamps), layout);
    }

    private static (ParserOptions Options, TableLayout Layout) Survey(string header, string[] rows, ParserOptions? given)
    {
        var text = Encoding.UTF8.GetBytes($"{header}\n{string.Join('\n', rows)}\n");
        var symbol = header.Contains("symbol", StringComparison.Ordinal) ? null : Symbol.Parse("X");
        var parser = (given ?? new ParserOptions()) with { DefaultSymbol = symbol };
        var survey = InputSurvey.Of(InputFormat.Csv, "table", new ReadOptions { Parser = parser }, text, isWhole: true);
        return (given is null ? survey.Input.Options.Parser : parser, survey.Input.Layout!);
    }

    private static (Collected Read, string Fault) Read(string file, ParserOptions parser)
    {
        var sink = new Collected();
        try
        {
            RecordFile.Read(file, new ReadOptions { Parser = parser }, sink);
            return (sink, "");
        }
        catch (InputException exception)
        {
            return (sink, exception.Message);
        }
    }

    private sealed class Counter : IRecordSink
    {
        public int Records { get; private set; }

        public void OnRecord(in Record record) => Records++;

        public void OnRejected(in RejectedInput input) => Assert.Fail(input.Rejection.ToString());
    }
}
