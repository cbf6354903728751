using System.Buffers;
using System.Globalization;
using System.Text;
using ActorTrading.Calendars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Host.Backtesting;
using ActorTrading.Host.Commands;
using ActorTrading.TestKit;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using static ActorTrading.Host.Tests.Backtesting.ReportReading;

namespace ActorTrading.Host.Tests.Backtesting;

/// <summary>Output of <c>generate</c> and <c>--bars-out</c> gives the same state when it is read again.</summary>
public sealed class RoundTripTests : IDisposable
{
    private const string Market = "--symbols 5 --ticks 3000 --seed 11 --rate 2 --source feed";
    // A burst consists of ticks, whatever the kinds; formats of other kinds leave them out.
    private const string Trouble = "--disorder 0.02 --duplicates 0.02 --gaps 0.001";

    private readonly TemporaryFolder folder = new();

    /// <summary>Formats, the kinds that each supports, and frames of bars.</summary>
    public static TheoryData<string, string, string> Formats { get; } = new()
    {
        { "canonical", "all", "1min" },
        { "binary", "all", "5min" },
        { "stock", "bar", "1min" },
        { "stock", "bar", "30s" },
        { "data-type", "book,news,market,economic", "1min" },
        { "isin", "tick", "1min" },
        { "envelope", "print,quote,bar", "1min" },
        { "envelope", "print,quote,bar", "1hour" },
        { "symbol-bars", "bar", "5min" },
        { "csv-trades", "tick", "1min" },
        { "csv-bars", "bar", "15min" },
        { "csv-bars", "bar", "1min" },
        { "csv-quotes", "quote", "1min" },
    };

    public void Dispose() => folder.Dispose();

    /// <summary>The other formats are compared with the canonical one; other tests compare that with the generated records.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public async Task WhatGenerateWrites_IsTheSameMarketInEveryFormat(string format, string kinds, string frame)
    {
        var usual = await HashOfGenerated("canonical", $"{Market} {Trouble} --kinds {kinds} --frame {frame}");
        var same = await HashOfGenerated(format, $"{Market} {Trouble} --kinds {kinds} --frame {frame} --full");
        Assert.Equal(usual, same);
    }

    /// <summary>The archives of every format equal those of a plain file.</summary>
    [Fact]
    public async Task WhatGenerateWritesPacked_IsTheSameMarket() => Assert.Equal(
        await HashOfGenerated("csv-trades", Market, "plain.csv"), await HashOfGenerated("csv-trades", Market, "packed.csv.gz"));

    /// <summary>Tables without identities: the same bars, with the frame of the table or the one given to the reader.</summary>
    [Theory]
    [InlineData("csv-bars", "1min", false)]
    [InlineData("csv-bars", "15min", true)]
    [InlineData("csv-trades", "1min", false)]
    [InlineData("csv-quotes", "1min", false)]
    public async Task PlainTable_HoldsTheSameRecords(string format, string frame, bool isFrameGiven)
    {
        var kinds = format switch { "csv-bars" => "bar", "csv-trades" => "tick", _ => "quote" };
        await Generate("canonical", $"{Market} --kinds {kinds} --frame {frame}", "full.ndjson");
        await Generate(format, $"{Market} --kinds {kinds} --frame {frame}", "plain.csv");
        Assert.True(Frames.TryParse(frame, out var told));
        var options = new ParserOptions { BarFrame = told, IsBarFrameGiven = isFrameGiven };
        Assert.Equal(Contents("full.ndjson", new ParserOptions()), Contents("plain.csv", options));
    }

    [Theory]
    [InlineData("""{"frames": ["30s"], "indicators": ["sma(3)"]}""", 3)]
    [InlineData("""{"frames": ["5min"], "indicators": ["sma(3)", "rsi(5)", "vwap"]}""", 40)]
    [InlineData("""{"frames": ["1hour"], "calendar": "nse", "indicators": ["ema(3)"]}""", 400)]
    [InlineData("""{"frames": ["4hour"], "calendar": "cme-globex", "indicators": ["macd"]}""", 2_000)]
    [InlineData("""{"frames": ["1day"], "calendar": "us-equities", "indicators": ["sma(3)"]}""", 20_000)]
    [InlineData("""{"frames": ["1day"], "calendar": "hkex", "indicators": ["sma(3)"]}""", 20_000)]
    [InlineData("""{"frames": ["1day"], "calendar": "fx", "indicators": ["sma(3)"]}""", 20_000)]
    [InlineData("""{"frames": ["1week"], "calendar": "xetra", "indicators": ["sma(3)"]}""", 100_000)]
    [InlineData("""{"frames": ["1month"], "indicators": ["sma(3)"]}""", 400_000)]
    public void BarsOfAnyFrame_AreReadToTheSameState(string plan, int seconds)
    {
        var random = new Random(seconds);
        var time = new DateTime(2023, 3, 1, 9, 0, 0);
        var trades = new StringBuilder("timestamp,symbol,price,size\n");
        for (var i = 0; i < 400; i++)
        {
            time = time.AddSeconds(random.Next(1, seconds * 2));
            trades.Append(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ss}Z,{(i % 3 == 0 ? "ΔΈΗ" : "BRK B")},"
                + $"{random.Next(10_000, 20_000) / 100m},{random.Next(1, 5_000) / 1000m}\n");
        }

        File.WriteAllText(folder.File("trades.csv"), trades.ToString());
        var parsed = Plan.Parse(plan, VenueCalendars.Source);
        Backtested("trades.csv", parsed, "first.csv");
        var first = Json(Backtested("first.csv", parsed, "second.csv"));
        var second = Json(Backtested("second.csv", parsed, "third.csv"));
        Assert.True(first.GetProperty("ledger").GetProperty("applied").GetInt32() > 10);
        var ledger = first.GetProperty("ledger");
        Assert.Equal(0, ledger.GetProperty("rejected").GetInt32() + ledger.GetProperty("late").GetInt32());
        Assert.Equal(first.GetProperty("state_hash").GetString(), second.GetProperty("state_hash").GetString());
        Assert.Equal(File.ReadAllText(folder.File("second.csv")), File.ReadAllText(folder.File("third.csv")));
    }

    private async Task<StateHash> HashOfGenerated(string format, string options, string? name = null)
    {
        var file = await Generate(format, options, name ?? $"{format}.made");
        var market = new Market(Plan.Default, NoOutput.Instance);
        var taken = new List<InputTaken>();
        RecordFile.Read(file, new ReadOptions { Source = Source.Parse("feed"), OnTaken = taken.Add }, market);
        var ledger = market.Ledger.Total();
        Assert.True(ledger.Rejected == 0 && ledger.Applied > 1_000, $"{taken[0]}: {ledger}");
        return StateHash.Of(market.Hashes());
    }

    private async Task<string> Generate(string format, string options, string name)
    {
        var file = folder.File(name);
        Assert.Equal(0, await GenerateCommand.Create().Parse([.. options.Split(' '), "--format", format, "--out", file]).InvokeAsync());
        return file;
    }

    /// <summary>The records of a file in the canonical form, without identities.</summary>
    private List<string> Contents(string name, ParserOptions options)
    {
        var sink = new Lines();
        RecordFile.Read(folder.File(name), new ReadOptions { Source = Source.Parse("feed"), Parser = options }, sink);
        Assert.NotEmpty(sink.All);
        return sink.All;
    }

    private BacktestReport Backtested(string name, Plan plan, string barsOut) => Backtest.Run(
        new BacktestRequest([folder.File(name)], plan, new ReadOptions { Source = Source.Parse("feed") }, folder.File(barsOut), null, null)
        {
            MaxAhead = TimeSpan.FromDays(4_000),
        },
        default);

    private sealed class Lines : Wire.IRecordSink
    {
        public List<string> All { get; } = [];

        public void OnRecord(in Domain.Records.Record record)
        {
            var line = new ArrayBufferWriter<byte>();
            RecordWriter.Write(record.WithIdentity(Identity.Anonymous), Dialect.Canonical, line);
            All.Add(Encoding.UTF8.GetString(line.WrittenSpan));
        }

        public void OnRejected(in Wire.RejectedInput input) => Assert.Fail(input.ToString());
    }
}
