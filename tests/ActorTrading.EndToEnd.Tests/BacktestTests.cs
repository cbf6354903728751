using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

public sealed class BacktestTests : IDisposable
{
    private const string ThreeTicks =
        """
        {"symbol":"AAPL","ts":1720522800000000000,"price":227.99,"size":100,"seq":1}
        {"symbol":"AAPL","ts":1720522830000000000,"price":228.5,"size":50,"seq":2}
        {"symbol":"AAPL","ts":1720522860000000000,"price":228.25,"size":10,"seq":3}

        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Summary_BalancesAndNamesEveryStateHash()
    {
        var result = await Cli.Run("backtest", folder.Write("ticks.ndjson", ThreeTicks), "--json");

        Assert.Equal(0, result.ExitCode);
        var summary = JsonDocument.Parse(result.Output).RootElement;
        var ledger = summary.GetProperty("ledger");
        Assert.Equal(3, ledger.GetProperty("received").GetInt64());
        Assert.Equal(3, ledger.GetProperty("applied").GetInt64());
        Assert.True(ledger.GetProperty("balanced").GetBoolean());
        Assert.Equal(1, summary.GetProperty("bars").GetProperty("1min").GetInt64());
        Assert.Equal(64, summary.GetProperty("state_hashes").GetProperty("AAPL").GetString()!.Length);
        Assert.Equal(64, summary.GetProperty("state_hash").GetString()!.Length);
    }

    /// <summary>
    /// The hash that the release before units of instruments computed for the same hostile market, of every kind of record.
    /// </summary>
    [Fact]
    public async Task StateOfAPlanWithoutUnits_IsThatOfEarlierReleases()
    {
        var market = await Cli.Run(
            "generate", "--symbols", "5", "--ticks", "30000", "--seed", "7", "--rate", "2", "--kinds", "all", "--disorder", "--duplicates",
            "--gaps", "--bad", "--spikes", "--burst", "--format", "binary", "--out", folder.File("market.bin"));
        Assert.Equal(0, market.ExitCode);
        var result = await Cli.Run("backtest", folder.File("market.bin"), "--json");
        Assert.Equal(
            "fd6c1992cdeeb2958cd4cec06f4bd2d5cb1bc9f2e2dece1481704fa97ce73fd1",
            JsonDocument.Parse(result.Output).RootElement.GetProperty("state_hash").GetString());
    }

    [Fact]
    public async Task TickOfAnotherCentury_IsRejected_AndMakesNoLaterTickLate()
    {
        const string FutureTick = """{"symbol":"AAPL","ts":"2125-03-14T00:04:30Z","price":228,"size":1}""" + "\n";
        var file = folder.Write("future.ndjson", FutureTick + ThreeTicks);
        var result = await Cli.Run("backtest", file, "--json", "--rejects-out", folder.File("rejects.ndjson"));

        Assert.Equal(0, result.ExitCode);
        var ledger = JsonDocument.Parse(result.Output).RootElement.GetProperty("ledger");
        Assert.Equal(
            (3, 0, 1),
            (ledger.GetProperty("applied").GetInt64(), ledger.GetProperty("late").GetInt64(), ledger.GetProperty("rejected").GetInt64()));
        Assert.Contains("\"time_ahead\"", await File.ReadAllTextAsync(folder.File("rejects.ndjson")), StringComparison.Ordinal);

        var unlimited = await Cli.Run("backtest", file, "--json", "--max-ahead", "876600");
        Assert.Equal(3, JsonDocument.Parse(unlimited.Output).RootElement.GetProperty("ledger").GetProperty("late").GetInt64());
    }

    [Fact]
    public async Task StateHash_IsTheSameForEveryPackingAndFromStandardInput()
    {
        var bytes = Encoding.UTF8.GetBytes(ThreeTicks);
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(bytes);
        var zipped = new MemoryStream();
        using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create))
        using (var part = zip.CreateEntry("ticks.ndjson").Open()) part.Write(bytes);

        var hashes = new[]
        {
            Hash(await Cli.Run("backtest", folder.Write("t.ndjson", bytes), "--json", "--source", "feed")),
            Hash(await Cli.Run("backtest", folder.Write("t.ndjson.gz", packed.ToArray()), "--json", "--source", "feed")),
            Hash(await Cli.Run("backtest", folder.Write("t.zip", zipped.ToArray()), "--json", "--source", "feed")),
            Hash(await Cli.RunWith(async input => await input.WriteAsync(bytes), "backtest", "-", "--json", "--source", "feed")),
        };

        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public async Task BarsOut_HasARowForEachBar_TheOpenOneLast()
    {
        var plan = folder.Write("plan.json", """{"frames":["1min"],"indicators":["sma(1)","macd(1,2,1).signal"]}""");
        var result = await Cli.Run("backtest", folder.Write("t.ndjson", ThreeTicks), "--plan", plan, "--bars-out", folder.File("bars.csv"));

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            [
                "symbol,frame,open_time,open,high,low,close,volume,ticks,sma(1),\"macd(1,2,1).signal\"",
                "AAPL,1min,2024-07-09T11:00:00Z,227.99,228.5,227.99,228.5,150,2,228.5,",
            ],
            File.ReadLines(folder.File("bars.csv")).Take(2));
        Assert.StartsWith(
            "AAPL,1min,2024-07-09T11:01:00Z,228.25,228.25,228.25,228.25,10,1,228.25,", File.ReadLines(folder.File("bars.csv")).Last(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_AreCountedByReasonAndWrittenWithTheirInput()
    {
        var file = folder.Write("bad.ndjson", ThreeTicks +
            """
            {"symbol":"AAPL","ts":1720522861000000000,"price":-3,"size":10,"seq":4}
            {"symbol":"AAPL","ts":1720522862000000000,"price":NaN,"size":10,"seq":5}
            not json at all
            {"symbol":"AAPL","ts":1720522860000000000,"price":228.25,"size":10,"seq":3}

            """);
        var result = await Cli.Run("backtest", file, "--json", "--rejects-out", folder.File("rejects.ndjson"));

        Assert.Equal(0, result.ExitCode);
        var summary = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(3, summary.GetProperty("ledger").GetProperty("rejected").GetInt64());
        Assert.Equal(1, summary.GetProperty("ledger").GetProperty("duplicate").GetInt64());
        var reasons = summary.GetProperty("rejected").EnumerateObject().Select(reason => reason.Name);
        Assert.Equal(["malformed", "not_finite", "price_not_positive"], reasons.Order(StringComparer.Ordinal));
        var rejects = File.ReadLines(folder.File("rejects.ndjson")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(3, rejects.Count);
        var price = rejects.Single(reject => reject.GetProperty("reason").GetString() == "price_not_positive");
        Assert.Equal(
            ("price", "-3", 4),
            (price.GetProperty("field").GetString(), price.GetProperty("value").GetString(), price.GetProperty("seq").GetInt32()));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("empty")]
    [InlineData("truncated gzip")]
    [InlineData("missing column")]
    [InlineData("folder")]
    [InlineData("nowhere")]
    public async Task UnreadableInput_IsOneClearLineAndExitCodeOne(string what)
    {
        var random = new byte[5000];
        new Random(1).NextBytes(random);
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(
                string.Concat(Enumerable.Range(0, 1000).Select(i => $"{{\"symbol\":\"A\",\"ts\":{1720522800 + i},\"price\":{i + 1}}}\n"))));
        var file = what switch
        {
            "garbage" => folder.Write("garbage.bin", random),
            "empty" => folder.Write("empty.csv", ""),
            "truncated gzip" => folder.Write("cut.gz", packed.ToArray()[..^20]),
            "missing column" => folder.Write("columns.csv", "time,symbol,size\n2024-07-09,AAPL,1\n"),
            "folder" => Path.GetDirectoryName(folder.File("x"))!,
            _ => folder.File("nowhere.csv"),
        };
        var result = await Cli.Run("backtest", file);

        Assert.Equal(1, result.ExitCode);
        result.ShowsNoStackTrace();
        Assert.NotEmpty(result.Error.Trim());
    }

    [Fact]
    public async Task LineOfOneGigabyte_IsRefusedAndTheRestGoesOn()
    {
        var block = new byte[1 << 20];
        Array.Fill(block, (byte)'x');
        var result = await Cli.RunWith(
            async input =>
            {
                var lines = Encoding.UTF8.GetBytes(ThreeTicks).AsMemory();
                var first = lines.Span.IndexOf((byte)'\n') + 1;
                await input.WriteAsync(lines[..first]);
                for (var i = 0; i < 1024; i++) await input.WriteAsync(block);
                await input.WriteAsync("\n"u8.ToArray());
                await input.WriteAsync(lines[first..]);
            },
            "backtest", "-", "--json");

        var summary = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(1, summary.GetProperty("rejected").GetProperty("line_too_long").GetInt64());
        Assert.Equal(3, summary.GetProperty("ledger").GetProperty("applied").GetInt64());
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task BadPlan_IsRefusedWithThePathOfEveryBadKey()
    {
        var plan = folder.Write("plan.json", """{"frames":["2mins"],"indicators":["sma(0)"],"rulez":[]}""");
        var result = await Cli.Run("backtest", folder.Write("t.ndjson", ThreeTicks), "--plan", plan);

        Assert.Equal(3, result.ExitCode);
        result.ShowsNoStackTrace();
        Assert.All(["$.frames[0]", "$.indicators[0]", "$.rulez"], path => Assert.Contains(path, result.Error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--frame", "2mins")]
    [InlineData("--zone", "Mars/Olympus")]
    [InlineData("--stamped", "middle")]
    [InlineData("--symbol", "A,B")]
    [InlineData("--nonsense", "x")]
    public async Task OptionThatIsNone_IsAUsageError(string option, string value)
    {
        var result = await Cli.Run("backtest", "t.csv", option, value);

        Assert.Equal(2, result.ExitCode);
        result.ShowsNoStackTrace();
    }

    [Fact]
    public async Task OutputThatCannotBeWritten_SaysSo()
    {
        var result = await Cli.Run("backtest", folder.Write("t.ndjson", ThreeTicks), "--bars-out", folder.File("no/such/folder.csv"));

        Assert.Equal(4, result.ExitCode);
        result.ShowsNoStackTrace();
    }

    [ReferenceFact]
    public async Task DailyBars_ComeOutWithTheValuesOfTheSpreadsheet()
    {
        var plan = folder.Write("plan.json", """{"frames":["1day"],"indicators":["sma(20)"]}""");
        var result = await Cli.Run(
            "backtest", ReferenceData.PathOf("bars/spy_1d_2017_2018.csv"), "--symbol", "SPY", "--frame", "1day", "--plan", plan,
            "--bars-out", folder.File("bars.csv"));

        Assert.Equal(0, result.ExitCode);
        var expected = ReferenceData.Lines("expected/stock_indicators/sma.calc.csv").Skip(1).Select(line => line.Split(',')[7]).ToList();
        var actual = File.ReadLines(folder.File("bars.csv")).Skip(1).Select(line => line.Split(',')[9]).ToList();
        Assert.Equal(502, actual.Count);
        for (var i = 0; i < actual.Count; i++)
        {
            if (i < 19) Assert.Equal("", actual[i]);
            else Assert.Equal(double.Parse(expected[i]), double.Parse(actual[i]), 9);
        }
    }

    private static string Hash(CliResult result)
    {
        Assert.Equal(0, result.ExitCode);
        return JsonDocument.Parse(result.Output).RootElement.GetProperty("state_hash").GetString()!;
    }
}
