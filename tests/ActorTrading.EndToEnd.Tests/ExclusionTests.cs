using System.Globalization;
using System.Text.Json;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>A record of a wrong century is excluded by the command <c>exclude</c>; nodes and commands are processes.</summary>
public sealed class ExclusionTests : IDisposable
{
    private const int Wrong = 137;

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
    public async Task PoisonedSymbol_IsHealedByTheCommand_AndStaysSoOverACrash(string engine)
    {
        if (engine == "cluster") LongTests.SkipInShortRun();
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to drain with
        var lines = Enumerable.Range(1, 400).Select(seq => Line(seq, 1_720_522_800 + (seq * 7))).ToList();
        var sound = folder.Write("sound.ndjson", string.Join('\n', lines.Where((_, i) => i + 1 != Wrong)) + "\n");
        var expected = await HashAsync("backtest", sound, "--json");
        lines[Wrong - 1] = Line(Wrong, 4_900_000_000); // 2125
        var poisoned = folder.Write("poisoned.ndjson", string.Join('\n', lines) + "\n");

        var port = FreePort.Next();
        var node = await StartAsync(port, engine);
        var fed = await Cli.Run("feed", poisoned, "--to", $"127.0.0.1:{port}");
        Assert.True(fed.ExitCode == 0, fed.Output + fed.Error);
        Assert.Contains("no exclusions", (await ExcludeAsync(node)).Output, StringComparison.Ordinal);
        var none = await ExcludeAsync(node, "--id", "feed:0:9999");
        Assert.NotEqual(0, none.ExitCode);
        Assert.Contains("No accepted record of PEPE", none.Error, StringComparison.Ordinal);
        none.ShowsNoStackTrace();

        var excluded = await ExcludeAsync(node, "--id", $"feed:0:{Wrong}");
        Assert.True(excluded.ExitCode == 0, excluded.Error);
        Assert.StartsWith("excluded ", excluded.Output, StringComparison.Ordinal);
        var number = JsonDocument.Parse((await ExcludeAsync(node, "--json")).Output).RootElement.GetProperty("exclusions")[0]
            .GetProperty("number").GetInt64();
        node.Kill();
        node = await StartAsync(port, engine);
        Assert.Contains(
            $"exclusion {number}: source feed, epoch 0, seq {Wrong}", (await ExcludeAsync(node)).Output, StringComparison.Ordinal);
        var stopped = await node.StopAsync();
        Assert.Equal((0, expected), (stopped.ExitCode, NodeProcess.HashOf(stopped)));
        Assert.Equal(expected, await HashAsync("verify", "--data", folder.File("data"), "--json"));

        node = await StartAsync(port, engine);
        var back = await ExcludeAsync(node, "--include", number.ToString(CultureInfo.InvariantCulture));
        Assert.True(back.ExitCode == 0, back.Error);
        Assert.StartsWith("included ", back.Output, StringComparison.Ordinal);
        Assert.NotEqual(expected, NodeProcess.HashOf(await node.StopAsync()));
    }

    private static string Line(int seq, long second) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"source\":\"feed\",\"epoch\":0,\"symbol\":\"PEPE\",\"ts\":{second}000000000,"
        + $"\"price\":{100 + (seq % 17)},\"size\":{1 + (seq % 5)},\"seq\":{seq}}}");

    private static async Task<string> HashAsync(params string[] command)
    {
        var run = await Cli.Run(command);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        return JsonDocument.Parse(run.Output).RootElement.GetProperty("state_hash").GetString()!;
    }

    private static Task<CliResult> ExcludeAsync(NodeProcess node, params string[] options) =>
        Cli.Run(["exclude", "PEPE", "--node", node.Http.ToString(), .. options]);

    private async Task<NodeProcess> StartAsync(int port, string engine)
    {
        // The listener accepts the wrong century, like one without that limit.
        var config = folder.Write("node.json", """{"ingest": {"max_ahead_ms": 3162240000000}}""");
        var node = await NodeProcess.StartAsync(folder.File("data"), port, engine, "--config", config);
        nodes.Add(node);
        return node;
    }
}
