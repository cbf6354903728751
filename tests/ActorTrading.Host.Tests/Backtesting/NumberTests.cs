using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Backtesting;
using ActorTrading.Host.Inspecting;
using ActorTrading.TestKit;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using static ActorTrading.Host.Tests.Backtesting.ReportReading;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Backtesting;

/// <summary>Numbers of every size and number of decimals, from a file to bars and back.</summary>
public sealed class NumberTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TextsOfBinaryDoubles_AreCountedBySource()
    {
        var file = Write(
            "noise.ndjson",
            string.Join('\n', Enumerable.Range(1, 9).Select(i => Line(i, (0.1 * i).ToString("R", CultureInfo.InvariantCulture)))));
        var summary = Json(Run(file, Plan.Parse("""{"frames": ["1min"]}"""), "feed"));

        // Of 0.1 to 0.9 in steps of 0.1, three have a longer text as a double.
        var line = summary.GetProperty("ledger").GetProperty("sources")[0];
        Assert.Equal(
            ("feed", 9, 3, 0),
            (line.GetProperty("source").GetString(), line.GetProperty("applied").GetInt32(), line.GetProperty("rounded").GetInt32(),
                line.GetProperty("rejected").GetInt32()));
        Assert.True(line.GetProperty("balanced").GetBoolean());
        Assert.Contains("rounded 3", Text(Run(file, Plan.Default, "feed")), StringComparison.Ordinal);

        var plain = Write("plain.ndjson", string.Join('\n', Enumerable.Range(1, 9).Select(i => Line(i, "0." + i))));
        Assert.Equal(Hash(summary), Hash(Json(Run(plain, Plan.Parse("""{"frames": ["1min"]}"""), "feed"))));
    }

    [Theory]
    [InlineData("ndjson")]
    [InlineData("csv")]
    [InlineData("atb")]
    public void WhatWouldLoseMore_IsRefused_WithItsValueAndTheSetting(string format)
    {
        var file = format switch
        {
            "ndjson" => Write("a.ndjson", Line(1, "0.000009723")),
            "csv" => Write("a.csv", "time,symbol,price,size,seq\n2024-07-09T11:00:00Z,PEPE,0.000009723,5,1"),
            _ => WriteBinary(
                Record.OfTick(Symbol.Parse("PEPE"), new Identity(Source.Anonymous, 0, 1), new Timestamp(1_720_522_800_000_000_000), 9723, 5)
                    .In(new Units(9, 0))),
        };
        var summary = Json(Run(file, Plan.Default, "feed", rejectsOut: folder.File("rejects.ndjson")));
        Assert.Equal(1, summary.GetProperty("rejected").GetProperty("too_precise").GetInt32());
        var refused = JsonDocument.Parse(File.ReadAllText(folder.File("rejects.ndjson"))).RootElement;
        Assert.Equal(
            ("too_precise", "price", "0.000009723", "Set price_decimals of the plan, or of the symbol, to 9."),
            (refused.GetProperty("reason").GetString(), refused.GetProperty("field").GetString(), refused.GetProperty("value").GetString(),
                refused.GetProperty("advice").GetString()));
        Assert.Contains("0.000009723", refused.GetProperty("raw").GetString(), StringComparison.Ordinal);

        var taken = Json(Run(file, Plan.Parse("""{"symbols": {"PEPE": {"price_decimals": 9}}}"""), "feed"));
        Assert.Equal(
            (1, 0),
            (taken.GetProperty("ledger").GetProperty("applied").GetInt32(), taken.GetProperty("ledger").GetProperty("rounded").GetInt32()));
    }

    /// <summary>Bars of any volume give the same state after writing and reading.</summary>
    [Theory]
    [InlineData("{\"frames\": [\"1day\"], \"indicators\": [\"vwap\", \"sma(2)\", \"obv\"]}")]
    [InlineData("{\"frames\": [\"1day\"], \"price_decimals\": 14, \"size_decimals\": 12, \"indicators\": [\"sma(2)\"]}")]
    [InlineData("{\"frames\": [\"1day\"], \"prices\": \"any\", \"indicators\": [\"roc(1)\"]}")]
    public void BarsOut_ReadAgain_GiveTheSameState(string plan)
    {
        const string Rows =
            "date,open,high,low,close,volume\n2021-10-26,0.000044,0.00004669,0.0000399,0.00004566,39250123456789.12345678\n"
            + "2021-10-27,0.00004566,0.0000799,0.00004512,0.000069,90174500000000\n"
            + "2021-10-28,0.000069,0.0000882,0.000059,0.0000605,123456789012345678901\n";
        var first = Run(Write("in.csv", Rows), Plan.Parse(plan), "feed", barsOut: folder.File("out.csv"));
        var again = Run(folder.File("out.csv"), Plan.Parse(plan), "feed", barsOut: folder.File("again.csv"));
        Assert.Equal((3, 0), (Json(again).GetProperty("ledger").GetProperty("applied").GetInt32(),
            Json(again).GetProperty("ledger").GetProperty("rejected").GetInt32()));
        Assert.Equal(Hash(Json(first)), Hash(Json(again)));
        Assert.Equal(File.ReadAllText(folder.File("out.csv")), File.ReadAllText(folder.File("again.csv")));
        Assert.Contains(",123456789012345678901,", File.ReadAllText(folder.File("out.csv")), StringComparison.Ordinal);
    }

    /// <summary>The same trades as text, as binary stream and with the noise of doubles: one state.</summary>
    [Fact]
    public void SameTrades_InEveryForm_GiveOneState()
    {
        var plan = Plan.Parse("""{"frames": ["1min"], "price_decimals": 12, "indicators": ["sma(3)", "vwap"]}""");
        var random = new Random(3);
        var records = new List<Record>();
        var noise = new List<string>();
        for (var i = 0; i < 500; i++)
        {
            var price = random.NextInt64(900, 1100); // a ten-millionth each
            records.Add(
                Record.OfTick(
                    Symbol.Parse("PEPE"), new Identity(Source.Anonymous, 0, i + 1),
                    new Timestamp(1_720_522_800_000_000_000 + (i * Timestamp.Second)), price, 3)
                    .In(new Units(7, 0)));
            noise.Add(Line(i + 1, (price * 1e-7).ToString("R", CultureInfo.InvariantCulture), 3));
        }

        var text = new ArrayBufferWriter<byte>();
        foreach (var record in records) RecordWriter.Write(record, Dialect.Canonical, text);
        File.WriteAllBytes(folder.File("a.ndjson"), text.WrittenSpan.ToArray());
        var hashes = new[] { folder.File("a.ndjson"), WriteBinary([.. records]), Write("noise.ndjson", string.Join('\n', noise)) }
            .Select(file => Json(Run(file, plan, "feed"))).ToList();
        Assert.All(hashes, summary => Assert.Equal(500, summary.GetProperty("ledger").GetProperty("applied").GetInt32()));
        Assert.Single(hashes.Select(Hash).Distinct());
    }

    [Fact]
    public void Inspection_TellsTheDecimals_AndTheLinesOfAPlanThatTakesThem()
    {
        var file = Write("low.ndjson", Line(1, "0.000009723") + "\n" + Line(2, "0.30000000000000004"));
        var position = new ReadPosition();
        var inspection = new Inspection(position);
        RecordFile.Read(file, new ReadOptions { Position = position }, inspection);
        var stream = new MemoryStream();
        new InspectionReport(inspection, [file], [], []).WriteJson(stream);
        var found = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal((9, 0), (found.GetProperty("price_decimals").GetInt32(), found.GetProperty("size_decimals").GetInt32()));
        var plan = found.GetProperty("plan").GetRawText();
        Assert.Contains("\"price_decimals\": 9", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("size_decimals", plan, StringComparison.Ordinal);
        Assert.Equal(2, Json(Run(file, Plan.Parse(plan), "feed")).GetProperty("ledger").GetProperty("applied").GetInt32());
    }

    /// <summary>The message about a number that does not fit names the unit that applies, not the default one.</summary>
    [Theory]
    [InlineData("", "10", "Set price_decimals of the plan, or of the symbol, to 17.")]
    [InlineData(
        ", \"prices\": \"any\"", "5",
        "With 18 decimals prices go from -4.611686018427387903 to 4.611686018427387903; set price_decimals lower for larger ones.")]
    [InlineData("", "1e30", "No number of decimals can represent it: the maximum with 0 decimals is 9223372036854775807.")]
    public void WhatIsTooLargeForEighteenDecimals_IsToldWithThem(string more, string price, string advice)
    {
        var plan = Plan.Parse($$"""{"frames": ["1min"], "price_decimals": 18{{more}}}""");
        var report = Run(Write("large.ndjson", Line(1, price)), plan, "feed", rejectsOut: folder.File("rejects.ndjson"));
        var refused = JsonDocument.Parse(File.ReadAllText(folder.File("rejects.ndjson"))).RootElement;
        Assert.Equal(
            ("out_of_range", "price", price, advice),
            (refused.GetProperty("reason").GetString(), refused.GetProperty("field").GetString(), refused.GetProperty("value").GetString(),
                refused.GetProperty("advice").GetString()));
        var attention = Text(report);
        Assert.Contains(
            "With 18 decimals prices go up to 9.223372036854775807, and with 8 decimals sizes up to 92233720368.54775807", attention,
            StringComparison.Ordinal);
        Assert.DoesNotContain("eight", attention, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The finest and the largest numbers, and their sums, are written unchanged.</summary>
    [Theory]
    [InlineData(
        "{\"frames\": [\"1min\"], \"price_decimals\": 18, \"size_decimals\": 18}", "1.000000000000000001", "1.000000000000000003",
        "4.000000000000000002", "8.000000000000000004")]
    [InlineData(
        "{\"frames\": [\"1min\"], \"price_decimals\": 4, \"size_decimals\": 4}", "10000000000000.0001", "10000000000000.0003",
        "40000000000000.0002", "80000000000000.0004")]
    [InlineData(
        "{\"frames\": [\"1min\"], \"price_decimals\": 0, \"size_decimals\": 0}", "9000000000000000001", "9000000000000000003",
        "9000000000000000002", "18000000000000000004")]
    public void FinestAndLargestNumbers_AreExact(string plan, string low, string high, string size, string volume)
    {
        string[] lines = [Trade(1, low, size), Trade(2, high, size), Trade(70, low, size)];
        var report = Run(Write("exact.ndjson", string.Join('\n', lines)), Plan.Parse(plan), "feed", barsOut: folder.File("exact.csv"));
        Assert.Equal((3, 0), (Json(report).GetProperty("ledger").GetProperty("applied").GetInt32(),
            Json(report).GetProperty("ledger").GetProperty("rounded").GetInt32()));
        Assert.Contains($",{low},{high},{low},{high},{volume},2", File.ReadAllLines(folder.File("exact.csv"))[1], StringComparison.Ordinal);

        static string Trade(int second, string price, string size) =>
            $$"""{"symbol":"PEPE","ts":{{1_720_522_800 + second}},"price":{{price}},"size":{{size}}}""";
    }

    [CaseFact]
    public void Case01_VolumesOfShib()
    {
        var days = Plan.Parse("""{"frames": ["1day"]}""");
        var bars = Run(
            SharedCases.PathOf("01-volume-cap/shib_daily.csv"), days, "feed", symbol: "SHIBUSDT", barsOut: folder.File("shib.csv"));
        Assert.Equal(3, Json(bars).GetProperty("ledger").GetProperty("applied").GetInt32());
        Assert.Contains(
            "SHIBUSDT,1day,2021-10-26T00:00:00Z,0.000044,0.00004669,0.0000399,0.00004566,39250123456789,0",
            File.ReadAllText(folder.File("shib.csv")), StringComparison.Ordinal);

        var plan = Plan.Parse(File.ReadAllText(SharedCases.PathOf("01-volume-cap/plan.json")));
        Run(SharedCases.PathOf("01-volume-cap/shib_ticks.ndjson"), plan, "feed", barsOut: folder.File("own.csv"));
        Assert.Contains(",240000000000,6,", File.ReadAllText(folder.File("own.csv")), StringComparison.Ordinal);
        Assert.Equal(0, Json(Run(folder.File("own.csv"), plan, "feed")).GetProperty("ledger").GetProperty("rejected").GetInt32());
        Assert.Equal(0, Json(Run(SharedCases.PathOf("01-volume-cap/own_bars_renamed.csv"), plan, "feed")).GetProperty("ledger")
            .GetProperty("rejected").GetInt32());
    }

    [CaseFact]
    public void Case03_CoinsOfNineDecimalsAndMore()
    {
        var file = SharedCases.PathOf("03-nine-decimals/low.ndjson");
        var text = File.ReadAllText(SharedCases.PathOf("03-nine-decimals/plan.json"));
        var coarse = Json(Run(file, Plan.Parse(text), "feed", rejectsOut: folder.File("rejects.ndjson")));
        Assert.Equal((0, 7), (coarse.GetProperty("ledger").GetProperty("applied").GetInt32(),
            coarse.GetProperty("rejected").GetProperty("too_precise").GetInt32()));
        Assert.Contains("\"value\":\"0.000000001234\"", File.ReadAllText(folder.File("rejects.ndjson")), StringComparison.Ordinal);

        var fine = Plan.Parse(
            "{\"price_decimals\": 12, \"symbols\": {\"ETHUSDT\": {\"size_decimals\": 18}}," + text.TrimStart().TrimStart('{'));
        var report = Run(file, fine, "feed", barsOut: folder.File("bars.csv"));
        Assert.Equal((7, 0), (Json(report).GetProperty("ledger").GetProperty("applied").GetInt32(),
            Json(report).GetProperty("ledger").GetProperty("rounded").GetInt32()));
        var rows = File.ReadAllLines(folder.File("bars.csv")).Skip(1).Select(row => row.Split(','))
            .ToDictionary(row => $"{row[0]} {row[2]}");
        Assert.Equal("0.000009727", rows["PEPEUSDT 2025-09-23T04:01:00Z"][6]);
        Assert.Equal(0.04114, double.Parse(rows["PEPEUSDT 2025-09-23T04:01:00Z"][^1], CultureInfo.InvariantCulture), 5);
        Assert.Equal(144.26, double.Parse(rows["BABYDOGE 2025-09-23T04:02:00Z"][^1], CultureInfo.InvariantCulture), 2);
        Assert.Equal("0.000000004000000001", rows["ETHUSDT 2025-09-23T04:00:00Z"][7]);
        Assert.Contains(
            Json(report).GetProperty("last_signals").EnumerateArray(), signal => signal.GetProperty("symbol").GetString() == "BABYDOGE");
    }

    [CaseFact]
    public void Case04_NegativeOil()
    {
        var file = SharedCases.PathOf("04-negative-price/cl.csv");
        var text = File.ReadAllText(SharedCases.PathOf("04-negative-price/plan.json"));
        var positive = Json(Run(file, Plan.Parse(text), "feed", symbol: "CLK20", rejectsOut: folder.File("rejects.ndjson")));
        Assert.Equal(2, positive.GetProperty("rejected").GetProperty("price_not_positive").GetInt32());
        var refused = JsonDocument.Parse(File.ReadLines(folder.File("rejects.ndjson")).First()).RootElement;
        Assert.Equal(
            (3, "low", "-40.32"),
            (refused.GetProperty("line").GetInt32(), refused.GetProperty("field").GetString(), refused.GetProperty("value").GetString()));
        Assert.Contains("prices: any", refused.GetProperty("advice").GetString(), StringComparison.Ordinal);

        var any = Plan.Parse("{\"prices\": \"any\"," + text.TrimStart().TrimStart('{'));
        var report = Json(Run(file, any, "feed", symbol: "CLK20", barsOut: folder.File("bars.csv")));
        Assert.Equal(4, report.GetProperty("ledger").GetProperty("applied").GetInt32());
        var rows = File.ReadAllLines(folder.File("bars.csv")).Skip(1).Select(row => row.Split(',')).ToList();
        Assert.Equal(["18.27", "-37.63", "10.01", "13.78"], rows.Select(row => row[6]));
        Assert.Equal((18.27 - 37.63 + 10.01) / 3, double.Parse(rows[2][9], CultureInfo.InvariantCulture), 12);
    }

    private static string Line(int seq, string price, int size = 5) =>
        $$"""{"symbol":"PEPE","ts":{{1_720_522_800_000_000_000 + ((seq - 1) * Timestamp.Second)}},"price":{{price}},"size":{{size}},"seq":{{seq}}}""";

    private static BacktestReport Run(
        string file, Plan plan, string source, string symbol = "X", string? barsOut = null, string? rejectsOut = null) => Backtest.Run(
        new BacktestRequest(
            [file], plan,
            new ReadOptions { Source = Source.Parse(source), Parser = new ParserOptions { DefaultSymbol = Symbol.Parse(symbol) } }, barsOut,
            null, rejectsOut)
        {
            MaxAhead = TimeSpan.FromDays(4_000),
        },
        default);

    private static string Hash(JsonElement summary) => summary.GetProperty("state_hash").GetString()!;

    private string Write(string name, string text)
    {
        File.WriteAllText(folder.File(name), text + "\n");
        return folder.File(name);
    }

    private string WriteBinary(params Record[] records)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new BinaryEncoder(output);
        encoder.Write(records);
        encoder.Flush();
        File.WriteAllBytes(folder.File("a.atb"), output.WrittenSpan.ToArray());
        return folder.File("a.atb");
    }
}
