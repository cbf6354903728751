using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Backtesting;
using ActorTrading.Host.Backtesting.Jobs;
using ActorTrading.Simulation;
using ActorTrading.TestKit;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Tests.Backtesting;

/// <summary>The number of threads of a backtest changes neither the summary nor any byte of its files.</summary>
public sealed class JobsTests : IDisposable
{
    private const string Rules =
        """
        {
          "frames": ["tick", "1min", "5min"], "indicators": ["sma(5)", "rsi(14)"], "limits": {"spike": {"percent": 50}},
          "rules": [
            "sell when close < sma(5) on tick", "alert when close > open on 1min", "buy when close crosses above sma(5) on 1min"
          ],
          "symbols": {
            "SYM001": {"price_decimals": 2, "size_decimals": 0}, "SYM002": {"price_decimals": 12},
            "SYM003": {"price_decimals": 4, "frames": ["1min"]}
          }
        }
        """;

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> DialectNames => [.. Dialects.All.Select(dialect => dialect.Name())];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(DialectNames))]
    public void EveryFormatOfText(string name)
    {
        Assert.True(Dialects.TryParse(name, out var dialect));
        Compare(Write("in.txt", Market(dialect, 6_000)));
    }

    [Theory]
    [InlineData("binary")]
    [InlineData("gz")]
    [InlineData("gz cut short")]
    [InlineData("gz damaged")]
    [InlineData("zip")]
    [InlineData("array")]
    [InlineData("newest first")]
    [InlineData("long lines")]
    [InlineData("no rows")]
    [InlineData("numbers of every unit")]
    public void EveryInput(string kind) => Compare(Write("input", Make(kind)));

    [Fact]
    public void SeveralInputs_OneOfThemMissing()
    {
        var csv = Write("a.csv", Market(Dialect.CsvTrades, 4_000));
        var ndjson = Write("b.ndjson", Market(Dialect.Canonical, 4_000));
        var binary = Write("c.bin", Make("binary"));
        Compare(csv, folder.File("missing"), binary, ndjson, csv);
    }

    [Fact]
    public void StampsAheadOfTheClock_AreRejectedInTheirPlace()
    {
        var lines = Encoding.UTF8.GetString(Market(Dialect.CsvTrades, 2_000)).TrimEnd().Split('\n').ToList();
        for (var i = 50; i < lines.Count; i += 97) lines.Insert(i, $"2099-01-01T00:00:00Z,SYM00{i % 5},1,1,made,0,{i}");
        var ahead = Write("ahead.csv", Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        Assert.Contains("time_ahead", Compare(ahead), StringComparison.Ordinal);
    }

    [Fact]
    public void DistortedMarkets()
    {
        var sound = Market(Dialect.Canonical, 60);
        var table = Market(Dialect.CsvQuotes, 60);
        for (var fuzz = new Fuzz(seed: 31, rounds: 60, longRounds: 3_000); fuzz.Next();)
        {
            var files = new[] { Write("a", fuzz.Distort(sound)), Write("b", fuzz.Distort(table)) };
            var one = Run(1, 1, files);
            var many = Run(fuzz.OneOf([2, 3, 7]), fuzz.OneOf([1, 30, 100, 1_000, 100_000]), files);
            Assert.True(one == many, $"seed {fuzz.Seed}: {one}\nbut {many}");
        }
    }

    [Fact]
    public void FaultOfAThread_EndsTheRun()
    {
        var request = Request(3, 1_000, "full", Write("a.ndjson", Market(Dialect.Canonical, 6_000))) with { BarsOut = null };
        var output = new BacktestOutput(null, new NdjsonFile(new FullDisk()), null);
        using var market = new ParallelMarket(request, output, new Timestamp(long.MaxValue), new ReadPosition());
        Assert.Throws<IOException>(() =>
        {
            RecordFile.Read(request.Files[0], request.Read, market);
            market.Complete();
        });
    }

    [Fact]
    public void Cancelling_EndsTheRun()
    {
        var request = Request(2, 1_000, "cancelled", Write("a.ndjson", Market(Dialect.Canonical, 1_000)));
        Assert.Throws<OperationCanceledException>(() => Backtest.Run(request, new CancellationToken(canceled: true)));
    }

    /// <summary>The result of one thread, to compare others with.</summary>
    private string Compare(params string[] files)
    {
        var one = Run(1, 1, files);
        Assert.Contains("\"state_hash\"", one, StringComparison.Ordinal);
        foreach (var (jobs, blockLength) in new[] { (2, 1_000), (2, 1 << 17), (3, 5_000), (7, 300) })
        {
            var many = Run(jobs, blockLength, files);
            Assert.True(one == many, $"{jobs} jobs, blocks of {blockLength}: {FirstDifference(one, many)}");
        }

        return one;
    }

    private static string FirstDifference(string one, string many)
    {
        var (expected, actual) = (one.Split('\n'), many.Split('\n'));
        var at = Enumerable.Range(0, Math.Min(expected.Length, actual.Length)).FirstOrDefault(i => expected[i] != actual[i]);
        return $"line {at}: {actual[at]}\nbut {expected[at]}";
    }

    /// <summary>The summary without durations, and all files.</summary>
    private string Run(int jobs, int blockLength, params string[] files)
    {
        var prefix = $"out-{jobs}-{blockLength}";
        var report = Backtest.Run(Request(jobs, blockLength, prefix, files), CancellationToken.None);
        var summary = ReportReading.Json(report).EnumerateObject().Where(member => member.Name is not ("seconds" or "records_per_second"));
        var lines = summary.Select(member => $"\"{member.Name}\": {member.Value}");
        return string.Join('\n', [.. lines, Out("bars"), Out("signals"), Out("rejects")]);

        string Out(string what) => File.ReadAllText(folder.File($"{prefix}-{what}"));
    }

    private BacktestRequest Request(int jobs, int blockLength, string prefix, params string[] files) => new(
        files, Plan.Parse(Rules), new ReadOptions { Parser = new ParserOptions { DefaultSymbol = Symbol.Parse("X") } },
        folder.File($"{prefix}-bars"), folder.File($"{prefix}-signals"), folder.File($"{prefix}-rejects"))
    {
        Jobs = jobs,
        BlockLength = blockLength,
    };

    private byte[] Make(string kind) => kind switch
    {
        "binary" => Binary(),
        "gz" => Gzip(Market(Dialect.CsvTrades, 20_000)),
        "gz cut short" => Gzip(Market(Dialect.CsvTrades, 20_000))[..^3_000],
        "gz damaged" => Damaged(Gzip(Market(Dialect.CsvTrades, 20_000))),
        "zip" => Zip(
            ("a.csv", Market(Dialect.CsvTrades, 3_000)), ("readme.txt", "nothing to see"u8.ToArray()),
            ("b.ndjson", Market(Dialect.Canonical, 3_000)), ("c.csv", "time,symbol,price\n"u8.ToArray()),
            ("d.csv", Market(Dialect.CsvQuotes, 3_000))),
        "array" => [.. "["u8, .. Market(Dialect.Canonical, 3_000).Select(c => c == '\n' ? (byte)',' : c).SkipLast(1), .. "]"u8],
        "newest first" => NewestFirst(),
        "long lines" =>
        [
            .. Market(Dialect.Canonical, 1_000), .. Padded(70_000), .. Market(Dialect.Canonical, 500), .. Padded(300_000),
            .. "{broken\n"u8, .. Market(Dialect.Isin, 500),
        ],
        "no rows" => "timestamp,symbol,price,size\n\n"u8.ToArray(),
        _ => NumbersOfEveryUnit(),
    };

    private static byte[] Market(Dialect dialect, int count)
    {
        var text = new ArrayBufferWriter<byte>();
        if (dialect is Dialect.CsvTrades or Dialect.CsvQuotes or Dialect.CsvBars) RecordWriter.WriteHeader(dialect, text, full: true);
        foreach (var record in MarketGenerator.Generate(Options(3 * count)).Where(record => dialect.Carries(record.Kind)).Take(count))
            RecordWriter.Write(record, dialect, text, full: true);
        return text.WrittenSpan.ToArray();
    }

    private static MarketOptions Options(int count) =>
        MarketOptions.Hostile with { Ticks = count, Symbols = 20, Step = 200_000_000, Spikes = 0.01, Kinds = KindMix.Everything };

    private static byte[] Binary()
    {
        var bytes = new ArrayBufferWriter<byte>();
        var encoder = new BinaryEncoder(bytes);
        foreach (var record in MarketGenerator.Generate(Options(20_000))) encoder.Write(record);
        encoder.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static byte[] NewestFirst()
    {
        var lines = Encoding.UTF8.GetString(Market(Dialect.CsvTrades, 4_000)).TrimEnd().Split('\n');
        return Encoding.UTF8.GetBytes(string.Join('\n', lines.Skip(1).Reverse().Prepend(lines[0])));
    }

    /// <summary>
    /// Prices of two to nineteen decimals with the noise of doubles, for symbols of two, four, eight and twelve decimals.
    /// </summary>
    private static byte[] NumbersOfEveryUnit()
    {
        string[] prices =
        [
            "1.25", "1.2345", "0.30000000000000004", "1.123456789", "0.000009723", "1.1234567890123456789", "1.10",
            "-1", "1e1", "12345678901.5",
        ];
        var text = new StringBuilder("time,symbol,price,size\n");
        for (var i = 0; i < 4_000; i++)
        {
            var (price, size) = (prices[i * 7 % prices.Length], i % 3 == 0 ? "1.5" : "2");
            text.Append(CultureInfo.InvariantCulture, $"{1_720_522_800 + i},SYM00{i % 5},{price},{size}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] Padded(int length) =>
        Encoding.UTF8.GetBytes($"{{\"symbol\":\"AAPL\",\"note\":\"{new string('x', length)}\"}}\n");

    private static byte[] Damaged(byte[] bytes)
    {
        bytes.AsSpan(bytes.Length / 2, 40).Fill(0xA5);
        return bytes;
    }

    private static byte[] Gzip(byte[] plain)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(plain);
        return packed.ToArray();
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] parts)
    {
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in parts)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return packed.ToArray();
    }

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(folder.File(name), content);
        return folder.File(name);
    }

    private sealed class FullDisk : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }
}
