using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ActorTrading.Engine.Tests.Journal;
using ActorTrading.TestKit;
using Xunit.Abstractions;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>Three nodes in separate processes; one dies while records arrive.</summary>
[Collection("ports of a cluster")] // ports are searched from the default ones on, one at a time
public sealed class ClusterTests(ITestOutputHelper output, PostgresServer server) : IDisposable, IClassFixture<PostgresServer>
{
    private const int Ticks = 400_000;

    private readonly TemporaryFolder folder = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(1) };

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NodeThatIsKilledUnderLoad_LeavesTheClusterInTheStateOfTheBacktest(bool isPostgres)
    {
        if (!isPostgres) LongTests.SkipInShortRun();
        Skip.If(OperatingSystem.IsWindows(), "there is no SIGTERM to drain with");
        if (isPostgres) Skip.If(server.Missing is not null, server.Missing);
        var journal = isPostgres ? server.NewDatabase() : Path.Combine(folder.File("cluster"), "journal.db");
        var market = folder.File("market.bin");
        Assert.Equal(0, (await Cli.Run(
            "generate", "--ticks", $"{Ticks}", "--symbols", "60", "--kinds", "all", "--disorder", "--duplicates", "0.05", "--gaps",
            "--burst", "--format", "binary", "--out", market)).ExitCode);
        var expected = StateHash((await Cli.Run("backtest", market, "--json")).Output);

        using var cluster = await ClusterProcess.StartAsync(
            ["--data", folder.File("cluster"), .. isPostgres ? (string[])["--postgres", journal] : []]);
        // The nodes that stay in the cluster.
        using var subscriber = SubscriberProcess.Start(cluster.Nodes.Values.Select(node => node.Cluster));
        var feed = Cli.Run("feed", market, "--to", cluster.Nodes[1].Ticks);
        while (Partition(await AskAsync(2, "partitions")) < Ticks / 20) Assert.False(feed.IsCompleted);
        Assert.Equal(0, (await Cli.Run("cluster", "kill", "2", "--data", folder.File("cluster"))).ExitCode);
        Assert.False(feed.IsCompleted);

        var fed = await feed;
        output.WriteLine(fed.Output);
        Assert.True(fed.ExitCode == 0, fed.Error);
        Assert.Matches($"sent {Ticks:N0}, acknowledged {Ticks:N0}", fed.Output);
        Assert.Equal(expected, StateHash(await AskAsync(3, "state-hash")));
        var ledger = JsonDocument.Parse(await AskAsync(3, "ledger")).RootElement;
        Assert.True(ledger.GetProperty("balanced").GetBoolean());
        // More if the feed had to reconnect and resend.
        Assert.InRange(ledger.GetProperty("total").GetProperty("received").GetInt64(), Ticks, long.MaxValue);
        var signals = await SignalsAsync(1);
        Assert.Equal(signals, await SignalsAsync(3));
        Assert.Equal(signals.Select(Id), (await subscriber.ReadAsync(signals.Count)).Select(Id));
        Assert.Equal(0, (await subscriber.StopAsync()).ExitCode);

        var joined = await Cli.Run("cluster", "join", "--data", folder.File("cluster"));
        Assert.True(joined.ExitCode == 0, joined.Error);
        Assert.StartsWith("node 2: ticks ", joined.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Cli.Run("cluster", "drain", "1", "--data", folder.File("cluster"))).ExitCode);
        Assert.Equal(expected, StateHash(await AskAsync(3, "state-hash")));
        Assert.Equal(0, (await cluster.StopAsync()).ExitCode);

        var verified = await Cli.Run("verify", "--journal", journal, "--json"); // the signal log, too: each signal once, in order
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Error);
        Assert.Equal(expected, StateHash(verified.Output));

        Task<string> AskAsync(int node, string path) => http.GetStringAsync(new Uri(cluster.Nodes[node].Api, path));

        async Task<List<string>> SignalsAsync(int node)
        {
            var all = new List<string>();
            while (true)
            {
                var page = JsonDocument.Parse(await AskAsync(node, $"signals?from={all.Count}&limit=1000")).RootElement
                    .GetProperty("signals");
                if (page.GetArrayLength() == 0) return all;
                foreach (var signal in page.EnumerateArray())
                {
                    all.Add(signal.GetRawText());
                    Assert.Equal(all.Count, signal.GetProperty("position").GetInt64());
                }
            }
        }
    }

    [SkippableFact]
    public async Task NodesWhoseClusterCommandIsKilled_DrainAndStop()
    {
        Skip.If(OperatingSystem.IsWindows(), "there is no SIGKILL");
        using var cluster = await ClusterProcess.StartAsync(1, "--data", folder.File("cluster"));
        var file = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.File("cluster"), "cluster.json"))).RootElement;
        using var node = Process.GetProcessById(file.GetProperty("nodes")[0].GetProperty("process").GetInt32());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var records = Enumerable.Range(0, 500).Select(
            static i => $$"""{"symbol":"AAPL","price":12.5,"size":1,"ts":{{1_720_621_800 + i}}}""");
        using var request = new StringContent(string.Join('\n', records), Encoding.UTF8, "application/json");
        using var taken = await http.PostAsync(new Uri(cluster.Nodes[1].Api, "ingest"), request, limit.Token);
        Assert.True(taken.IsSuccessStatusCode);
        cluster.Kill();
        await node.WaitForExitAsync(limit.Token);

        // The node has drained: the symbol wrote a snapshot, as it does after more than a few records.
        var verified = JsonDocument.Parse(
            (await Cli.Run("verify", "--journal", Path.Combine(folder.File("cluster"), "journal.db"), "--json")).Output).RootElement;
        Assert.Equal(1, verified.GetProperty("snapshots").GetInt64());
    }

    private static long Partition(string answer) =>
        JsonDocument.Parse(answer).RootElement.GetProperty("partitions")[0].GetProperty("records").GetInt64();

    private static string Id(string signal) =>
        JsonDocument.Parse(signal).RootElement is var read ? $"{read.GetProperty("position")} {read.GetProperty("id")}" : "";

    private static string StateHash(string json) => JsonDocument.Parse(json).RootElement.GetProperty("state_hash").GetString()!;
}
