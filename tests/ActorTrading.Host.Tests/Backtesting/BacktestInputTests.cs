using System.Buffers;
using System.IO.Compression;
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

/// <summary>The report of a backtest about its inputs: how they were interpreted, and what was not used and why.</summary>
public sealed class BacktestInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void NewestFirst_IsFoldedWhole_AndSaidInTheSummary()
    {
        var report = Run("date,open,high,low,close,volume\n2024-01-04,2,3,1,2,5\n2024-01-03,2,3,1,2,5\n2024-01-02,2,3,1,2,5\n");
        var summary = Json(report);
        Assert.Equal((3, 0), (summary.GetProperty("ledger").GetProperty("applied").GetInt32(),
            summary.GetProperty("ledger").GetProperty("late").GetInt32()));
        var input = summary.GetProperty("inputs")[0];
        Assert.Equal(
            ("csv", "newest_first", "1day"),
            (input.GetProperty("format").GetString(), input.GetProperty("order").GetString(), input.GetProperty("frame").GetString()));
        Assert.Empty(report.Attention);
        Assert.Contains("newest first, folded oldest first", Text(report), StringComparison.Ordinal);
    }

    [Fact]
    public void NewestFirst_GivesTheStateOfOldestFirst()
    {
        string[] rows = ["2024-01-02,2,3,1,2,5", "2024-01-03,2,3,1,2.5,5", "2024-01-04,2,3,1,2,7", "2024-01-05,2,4,1,2,7"];
        var up = Json(Run("date,open,high,low,close,volume\n" + string.Join('\n', rows))).GetProperty("state_hash").GetString();
        var down = Json(Run("date,open,high,low,close,volume\n" + string.Join('\n', rows.Reverse()))).GetProperty("state_hash").GetString();
        Assert.Equal(up, down);
    }

    [Fact]
    public void RecordsOutOfOrder_AreNamedWithTheReason()
    {
        var rows = Enumerable.Range(0, 40).Select(i => $"{1720522800 + (i * 7919 % 40 * 600)},A,1,1");
        var report = Run("time,symbol,price,size\n" + string.Join('\n', rows));
        Assert.Contains(
            report.Attention,
            line => line.Contains("late", StringComparison.Ordinal) && line.Contains("not in time order", StringComparison.Ordinal));
        Assert.Contains("attention", Text(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_HasFileLineTimeInputAndAdvice()
    {
        var rejects = folder.File("rejects.ndjson");
        Run("Date,Open,High,Low,Close\n2026-07-30,280,289.9,279.1,287.54\n2026-07-31,287.54,310.88,287.76,310.23\n", rejectsOut: rejects);
        var reject = JsonDocument.Parse(File.ReadLines(rejects).Single()).RootElement;
        Assert.Equal(
            ("ohlc_inconsistent", 3, "low"),
            (reject.GetProperty("reason").GetString(), reject.GetProperty("line").GetInt32(), reject.GetProperty("field").GetString()));
        Assert.EndsWith("in.csv", reject.GetProperty("file").GetString(), StringComparison.Ordinal);
        Assert.Equal("2026-07-31T00:00:00Z", reject.GetProperty("time").GetString());
        Assert.Contains("\"low\":287.76", reject.GetProperty("raw").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(reject.GetProperty("advice").GetString()!);
    }

    [Fact]
    public void LinesOfRefusals_AreRightBeyondOneBlock()
    {
        var rejects = folder.File("rejects.ndjson");
        var rows = Enumerable.Range(0, 500).Select(i => $"{1720522800 + i},A,{(i % 97 == 50 ? -1 : 1)},1");
        Run("time,symbol,price,size\n" + string.Join('\n', rows), rejectsOut: rejects);
        Assert.Equal(
            Enumerable.Range(0, 500).Where(i => i % 97 == 50).Select(i => i + 2),
            File.ReadLines(rejects).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("line").GetInt32()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RefusalInAnArchive_NamesItsPart(int jobs)
    {
        using (var zip = ZipFile.Open(folder.File("in.zip"), ZipArchiveMode.Create))
        {
            foreach (var (part, price) in new[] { ("a.csv", -1), ("b.csv", 1) })
            {
                using var entry = new StreamWriter(zip.CreateEntry(part).Open());
                entry.Write($"time,symbol,price,size\n1720522800,A,1,1\n1720522801,A,{price},1\n");
            }
        }

        Run(folder.File("in.zip"), folder.File("rejects.ndjson"), null, Plan.Default, jobs);
        var reject = JsonDocument.Parse(File.ReadLines(folder.File("rejects.ndjson")).Single()).RootElement;
        Assert.EndsWith("in.zip:a.csv", reject.GetProperty("file").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RefusalInABinaryFile_HasNoLineOfTheFileBeforeIt(int jobs)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var encoder = new BinaryEncoder(bytes);
        var id = new Identity(Source.Parse("feed"), 0, 1);
        encoder.Write(Record.OfTick(Symbol.Parse("A"), id, new Timestamp(1_720_522_900_000_000_000), -1, 1));
        encoder.Flush();
        File.WriteAllBytes(folder.File("in.bin"), bytes.WrittenSpan.ToArray());
        string[] files = [Write("in.csv", "time,symbol,price,size\n1720522800,A,1,1\n"), folder.File("in.bin")];
        var request = new BacktestRequest(files, Plan.Default, new ReadOptions(), null, null, folder.File("rejects.ndjson"));
        Backtest.Run(request with { Jobs = jobs }, default);
        var reject = JsonDocument.Parse(File.ReadLines(folder.File("rejects.ndjson")).Single()).RootElement;
        Assert.Equal(folder.File("in.bin"), reject.GetProperty("file").GetString());
        Assert.False(reject.TryGetProperty("line", out _));
    }

    [Fact]
    public void BookUpdatesAlone_MakeNoBars_AndThatIsSaid()
    {
        var report = Run("time,symbol,side,price,size\n1720522800,A,bid,1,1\n1720522801,A,ask,2,1\n");
        Assert.Contains(report.Attention, line => line.Contains("see price in", StringComparison.Ordinal));
    }

    [Fact]
    public void Inspection_TellsWhatIsInAFile()
    {
        var path = Write(
            "in.csv",
            "Date,Open,High,Low,Close,Volume,Dividend\n2024-01-05,2,3.25,1,2,5\n".Replace(",5\n", ",5,0\n", StringComparison.Ordinal)
            + "2024-01-04,2,3,1,2,5,0\n2024-01-03,2,3,2.5,2,5,0\n");
        var position = new ReadPosition();
        var inspection = new Inspection(position);
        var options = new ReadOptions
        {
            Parser = new ParserOptions { DefaultSymbol = Symbol.Parse("X") }, OnTaken = inspection.Taken.Add, Position = position,
        };
        RecordFile.Read(path, options, inspection);
        var stream = new MemoryStream();
        new InspectionReport(inspection, [path], [], ["--symbol", "X"]).WriteJson(stream);
        var found = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal((2, 1, 2), (found.GetProperty("records").GetInt32(), found.GetProperty("rejected").GetInt32(),
            found.GetProperty("price_decimals").GetInt32()));
        Assert.Equal(
            ("2024-01-04T00:00:00Z", "2024-01-05T00:00:00Z"),
            (found.GetProperty("first").GetString(), found.GetProperty("last").GetString()));
        Assert.Equal("Dividend", found.GetProperty("inputs")[0].GetProperty("columns_not_read")[0].GetString());
        Assert.Equal(4, found.GetProperty("first_rejects")[0].GetProperty("line").GetInt32());
        Assert.Equal("1day", found.GetProperty("plan").GetProperty("frames")[0].GetString());
        Assert.EndsWith("--symbol X --plan plan.json", found.GetProperty("command").GetString(), StringComparison.Ordinal);
        var text = new StringWriter();
        new InspectionReport(inspection, [path], [], []).Print(text);
        Assert.Contains("ohlc_inconsistent", text.ToString(), StringComparison.Ordinal);
    }

    [CaseFact]
    public void TradesOfCoinbase_MakeTheBarsThatAreRight()
    {
        var bars = folder.File("bars.csv");
        Run(SharedCases.PathOf("10-taker-side/coinbase_matches.ndjson"), null, bars, Plan.Default);
        var rows = File.ReadLines(bars).Where(row => row.Contains(",1min,", StringComparison.Ordinal))
            .Select(row => string.Join(',', row.Split(',')[2..8])).ToList();
        Assert.Equal(["2018-02-04T17:05:00Z,8200,8210,8200,8210,0.75", "2018-02-04T17:06:00Z,8205,8205,8205,8205,1"], rows);
    }

    [CaseTheory]
    [InlineData("histdata.zip")]
    [InlineData("mac.zip")]
    [InlineData("mac_first.zip")]
    public void ArchiveWithOtherThingsInIt_IsReadWithoutDamage(string file)
    {
        var report = Run(SharedCases.PathOf("22-zips/" + file), null, null, Plan.Default);
        Assert.Empty(report.Damage);
        Assert.Equal(2, Json(report).GetProperty("ledger").GetProperty("applied").GetInt32());
    }

    private BacktestReport Run(string text, string? rejectsOut = null) => Run(Write("in.csv", text), rejectsOut, null, Plan.Default);

    private static BacktestReport Run(string file, string? rejectsOut, string? barsOut, Plan plan, int jobs = 1) => Backtest.Run(
        new BacktestRequest(
            [file], plan, new ReadOptions { Parser = new ParserOptions { DefaultSymbol = Symbol.Parse("X") } }, barsOut, null, rejectsOut)
        {
            MaxAhead = TimeSpan.FromDays(4_000),
            Jobs = jobs,
        },
        default);

    private string Write(string name, string text)
    {
        File.WriteAllText(folder.File(name), text);
        return folder.File(name);
    }
}
