using System.IO.Compression;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Lab.Chaos;
using ActorTrading.Lab.Crashing;
using ActorTrading.Simulation;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Files;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Lab.Tests.Chaos;

public sealed class FileMarketTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Feeds_ShareTheSymbolsOfAllFiles_AndSendThemAsFeedWould()
    {
        var rows = Enumerable.Range(0, 4_000).Select(
            number => $"2024-07-09T14:{number / 60 % 60:00}:{number % 60:00}Z,S{number * 7 % 5},{100 + (number % 9)},1");
        var files = new FileRecords([Write("first.csv", rows.Take(3_000)), Write("second.csv", rows.Skip(3_000))], new ReadOptions());
        var shares = new List<List<Record>>();
        for (var number = 0; number < 3; number++)
        {
            await using var market = new FileMarket(files, number, 3);
            shares.Add(All(market.TryNext));
        }

        // They are dealt out in the order of their first records: S0 S2 S4 S1 S3.
        Assert.Equal(
            ["S0,S1", "S2,S3", "S4"],
            shares.Select(share => string.Join(',', share.Select(record => record.Symbol.Name).Distinct().Order())));
        var all = shares.SelectMany(share => share).OrderBy(record => record.Id.Seq).ToList();
        Assert.Equal(Enumerable.Range(1, 4_000).Select(seq => $"first.csv/0/{seq}"), all.Select(record => record.Id.ToString()));
        Assert.Equal(rows.Select(row => row.Split(',')[1]), all.Select(record => record.Symbol.Name));
        Assert.All(shares, share => Assert.Equal(share.Select(record => record.Id.Seq).Order(), share.Select(record => record.Id.Seq)));
    }

    [Fact]
    public async Task FileThatIsCutOff_IsTold_BehindWhatItHas()
    {
        var packed = folder.File("market.csv.gz");
        await using (var gzip = new GZipStream(File.Create(packed), CompressionMode.Compress))
        await using (var text = new StreamWriter(gzip))
        {
            await text.WriteLineAsync("time,symbol,price,size");
            for (var number = 0; number < 5_000; number++)
                await text.WriteLineAsync($"2024-07-09T14:00:00Z,A,{1 + (number * 7_919L % 10_007)},1");
        }

        await File.WriteAllBytesAsync(packed, (await File.ReadAllBytesAsync(packed))[..^9]);
        await using var market = new FileMarket(new FileRecords([packed], new ReadOptions()), 0, 1);
        Assert.True(market.TryNext(out _));
        var told = Assert.Throws<InputException>(() => All(market.TryNext));
        Assert.Contains("market.csv.gz", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FeedThatIsFarBehind_HasNoMoreInMemoryThanAFewBlocks_AndCanBeLeft()
    {
        var rows = Enumerable.Range(0, 100_000).Select(number => $"2024-07-09T14:00:00Z,A,{1 + (number % 9)},1");
        var market = new FileMarket(new FileRecords([Write("a.csv", rows)], new ReadOptions()), 0, 1);
        Assert.True(market.TryNext(out var first));
        Assert.Equal(1, first.Id.Seq);
        await market.DisposeAsync(); // its thread waits for room, and ends
    }

    [Fact]
    public void HostileSender_ChangesNoOrderWithinASymbol_AndComesToTheSame()
    {
        var records = MarketGenerator.Generate(MarketOptions.Hostile with { Ticks = 20_000, Symbols = 7, Seed = 5 }).ToList();
        var at = 0;
        var hostile = All(new HostileRecords((out Record record) =>
        {
            record = at < records.Count ? records[at] : default;
            return at++ < records.Count;
        }, seed: 3).TryNext);

        Assert.True(hostile.Count > records.Count + 50, $"{hostile.Count}"); // some records are repeated
        Assert.NotEqual(records.Take(500).Select(record => record.Symbol), hostile.Take(500).Select(record => record.Symbol));
        Assert.Equal(Hash(records), Hash(hostile));
    }

    private static string Hash(List<Record> records)
    {
        var market = new Market(Plan.Default, new FoldLog());
        foreach (var record in records) market.OnRecord(record);
        return market.Hash().ToString();
    }

    private static List<Record> All(NextRecord next)
    {
        var all = new List<Record>();
        while (next(out var record)) all.Add(record);
        return all;
    }

    private string Write(string name, IEnumerable<string> rows)
    {
        var path = folder.File(name);
        File.WriteAllLines(path, ["time,symbol,price,size", .. rows]);
        return path;
    }
}
