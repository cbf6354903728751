using System.Text.Json;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>A node in its own process, killed while records arrive.</summary>
public sealed class NodeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<NodeProcess> nodes = [];

    public void Dispose()
    {
        foreach (var node in nodes) node.Dispose();
        folder.Dispose();
    }

    [SkippableTheory]
    [InlineData("cluster")]
    [InlineData("embedded")]
    public async Task NodeThatIsKilledUnderLoad_EndsInTheStateOfTheBacktest(string engine)
    {
        if (engine == "cluster") LongTests.SkipInShortRun();
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to drain with
        var market = folder.File("market.bin");
        Assert.Equal(0, (await Cli.Run(
            "generate", "--ticks", "400000", "--symbols", "40", "--kinds", "all", "--disorder", "--duplicates", "0.05", "--gaps", "--burst",
            "--format", "binary", "--out", market)).ExitCode);
        var backtest = await Cli.Run("backtest", market, "--json");
        var expected = JsonDocument.Parse(backtest.Output).RootElement.GetProperty("state_hash").GetString();

        var port = FreePort.Next();
        var random = new Random(5);
        var node = await StartAsync(port, engine);
        var feed = Cli.Run("feed", market, "--to", $"127.0.0.1:{port}");
        var kills = 0;
        while (kills < 2 && !feed.IsCompleted)
        {
            // Killed at some moment of its work: when the journal has grown by a number of bytes.
            var journal = node.JournalBytes + random.Next(100_000, 800_000);
            while (node.JournalBytes < journal && !feed.IsCompleted) await Task.Yield();
            if (!feed.IsCompleted) kills++;
            node.Kill();
            node = await StartAsync(port, engine);
        }

        Assert.NotEqual(0, kills);
        var fed = await feed;
        Assert.True(fed.ExitCode == 0, fed.Error);
        Assert.Matches("sent 400,000, acknowledged 400,000", fed.Output);
        var last = await node.StopAsync();

        Assert.Equal(0, last.ExitCode);
        Assert.DoesNotContain("NOT BALANCED", last.Output);
        Assert.Equal(expected, NodeProcess.HashOf(last));

        var verified = await Cli.Run("verify", "--data", folder.File("data"), "--json");
        Assert.Equal(0, verified.ExitCode);
        Assert.Equal(expected, JsonDocument.Parse(verified.Output).RootElement.GetProperty("state_hash").GetString());

        Assert.Equal(0, (await Cli.Run("export", "--data", folder.File("data"), "--out", folder.File("archive.ndjson.gz"))).ExitCode);
        var archive = await Cli.Run("backtest", folder.File("archive.ndjson.gz"), "--json");
        Assert.Equal(expected, JsonDocument.Parse(archive.Output).RootElement.GetProperty("state_hash").GetString());
    }

    [Fact]
    public async Task CrashTest_FindsNothingLostAndNothingTwice()
    {
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to drain with
        var result = await Cli.RunLab(
            "crash", "--rounds", "3", "--ticks", "40000", "--symbols", "8", "--data", folder.File("crash"), "--json");

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        var report = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(3, report.GetProperty("kills_under_load").GetInt32() + report.GetProperty("kills_at_start").GetInt32());
        Assert.All(
            report.GetProperty("checks").EnumerateArray(), check => Assert.True(check.GetProperty("holds").GetBoolean(), check.ToString()));
        Assert.False(Directory.Exists(folder.File("crash")));
    }

    [Theory]
    [InlineData("--rate", "2000")]
    [InlineData("--realtime")]
    [InlineData("--max")]
    public async Task FeedAtAPace_FromStandardInput_IsTakenWhole(params string[] pace)
    {
        var port = FreePort.Next();
        await StartAsync(port);
        var market = await Cli.Run("generate", "--ticks", "1000", "--rate", "2000", "--symbols", "3");
        var fed = await Cli.RunWith(
            async input => await input.WriteAsync(System.Text.Encoding.UTF8.GetBytes(market.Output)),
            ["feed", "-", "--to", $"127.0.0.1:{port}", .. pace]);

        Assert.True(fed.ExitCode == 0, fed.Error);
        Assert.Matches("sent 1,000, acknowledged 1,000, refused by the node 0", fed.Output);
        Assert.Matches("ack latency p50 ", fed.Output);
    }

    [Theory]
    [InlineData("--rate", "0")]
    [InlineData("--rate", "many")]
    [InlineData("--rate", "5", "--realtime")]
    [InlineData("--max", "--realtime")]
    public async Task FeedAtNoPace_IsRefused(params string[] pace)
    {
        var fed = await Cli.Run(["feed", "-", .. pace]);
        Assert.Equal(2, fed.ExitCode);
        fed.ShowsNoStackTrace();
    }

    [Fact]
    public async Task SecondNodeOnTheSameData_IsRefused()
    {
        await StartAsync(FreePort.Next());
        var second = await Cli.Run("node", "--data", folder.File("data"), "--port", "0", "--http-port", "0");

        Assert.Equal(4, second.ExitCode);
        second.ShowsNoStackTrace();
    }

    private async Task<NodeProcess> StartAsync(int port, string engine = "cluster")
    {
        var node = await NodeProcess.StartAsync(folder.File("data"), port, engine);
        nodes.Add(node);
        return node;
    }
}
