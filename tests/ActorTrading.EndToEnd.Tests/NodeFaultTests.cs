using System.Text.Json;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.TestKit;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;
using Microsoft.Data.Sqlite;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>Faults of a process: it is frozen, or its disk fails.</summary>
public sealed class NodeFaultTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();
    private readonly List<NodeProcess> nodes = [];

    public void Dispose()
    {
        foreach (var node in nodes) node.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task NodeThatIsFrozenAndThawed_LosesNothing_ThoughItsFeedConnectedAnew()
    {
        if (!OperatingSystem.IsLinux()) return; // signals have other numbers on another node
        var (market, expected) = await MarketAsync(60_000);
        var port = FreePort.Next();
        var node = await StartAsync(port);
        await using var feed = new FeedClient(new FeedOptions
        {
            Port = port, Source = Source.Parse("feed"), Window = 8_192, Silence = TimeSpan.FromSeconds(2),
            MaxBackOff = TimeSpan.FromMilliseconds(100),
        });
        var sending = SendAsync(feed, market);
        for (var frozen = 0; frozen < 2; frozen++)
        {
            var before = feed.Status;
            await UntilAsync(() => feed.Status.Acknowledged >= before.Acknowledged + 4_000 || sending.IsCompleted);
            node.Freeze();
            before = feed.Status;
            // It considers the node lost, the second time twice.
            await UntilAsync(() => feed.Status.Connections >= before.Connections + 1 + frozen);
            node.Thaw();
        }

        await sending.WaitAsync(Timeout);
        var ended = await node.StopAsync();
        Assert.Equal(0, ended.ExitCode);
        Assert.DoesNotContain("NOT BALANCED", ended.Output);
        Assert.Equal(expected, NodeProcess.HashOf(ended));
        Assert.Equal(expected, await VerifiedAsync());
    }

    [Fact]
    public async Task NodeWhoseJournalSomebodyHolds_EndsWithItsOwnCode_AndTheFeedOutlivesIt()
    {
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to drain with
        var (market, expected) = await MarketAsync(20_000);
        var port = FreePort.Next();
        var node = await StartAsync(port);
        CliResult failed;
        Task<CliResult> feeding;
        await using (var other = new SqliteConnection($"Data Source={folder.File("data/journal.db")};Pooling=False"))
        {
            await other.OpenAsync();
            await using var transaction = other.BeginTransaction(deferred: false);
            feeding = Cli.Run("feed", market, "--to", $"127.0.0.1:{port}");
            failed = await node.EndAsync();
        }

        Assert.Equal(6, failed.ExitCode);
        Assert.Contains("database is locked", failed.Error, StringComparison.Ordinal);
        failed.ShowsNoStackTrace();
        Assert.False(feeding.IsCompleted);

        node = await StartAsync(port);
        var fed = await feeding;
        Assert.True(fed.ExitCode == 0, fed.Error);
        Assert.Equal(expected, NodeProcess.HashOf(await node.StopAsync()));
        Assert.Equal(expected, await VerifiedAsync());
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(Timeout);
        while (!isSo()) await Task.Delay(10, limit.Token);
    }

    private async Task<(string Market, string Hash)> MarketAsync(int ticks)
    {
        var market = folder.File("market.ndjson");
        Assert.Equal(0, (await Cli.Run(
            "generate", "--ticks", $"{ticks}", "--symbols", "20", "--kinds", "all", "--disorder", "--duplicates", "--gaps", "--burst",
            "--out", market)).ExitCode);
        return (market, Hash(await Cli.Run("backtest", market, "--json")));
    }

    private async Task<NodeProcess> StartAsync(int port)
    {
        var node = await NodeProcess.StartAsync(folder.File("data"), port);
        nodes.Add(node);
        return node;
    }

    private async Task<string> VerifiedAsync() => Hash(await Cli.Run("verify", "--data", folder.File("data"), "--json"));

    private static string Hash(CliResult result) => JsonDocument.Parse(result.Output).RootElement.GetProperty("state_hash").GetString()!;

    private static async Task SendAsync(FeedClient feed, string market)
    {
        var records = new Collected();
        RecordFile.Read(market, new ReadOptions(), records);
        foreach (var block in records.Records.Chunk(500)) await feed.SendAsync(block);
        await feed.FlushAsync();
    }

    private sealed class Collected : IRecordSink
    {
        public List<Record> Records { get; } = [];

        public void OnRecord(in Record record) => Records.Add(record);

        public void OnRejected(in RejectedInput input) => Assert.Fail(input.Rejection.ToString());
    }
}
