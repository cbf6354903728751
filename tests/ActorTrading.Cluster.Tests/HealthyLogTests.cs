using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Simulation;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Cluster.Tests;

/// <summary>
/// A healthy start, join, drain and stop log no warning. Uses the default settings of a node, since some warnings depend on intervals.
/// </summary>
public sealed class HealthyLogTests : IDisposable
{
    private static readonly Plan Plan = TestPlans.All["every frame"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task OneNode_StartsTakesRecordsAndDrains()
    {
        var log = new CapturedLog();
        var node = await ClusterEngine.StartAsync(Plan, Options(log));
        await EngineReading.SendAsync(node, Inputs(1_000), 50);
        await node.DrainAsync();
        await node.DisposeAsync();
        AssertEmpty(log);
    }

    [Fact]
    public async Task ThreeNodes_OneJoins_OneDrains_AllDrain()
    {
        var logs = Enumerable.Range(0, 4).Select(_ => new CapturedLog()).ToList();
        var nodes = new List<ClusterEngine> { await ClusterEngine.StartAsync(Plan, Options(logs[0])) };
        for (var i = 1; i < 3; i++) nodes.Add(await JoinAsync(i));
        await Nodes.AllHostSymbolsAsync(nodes);
        var inputs = Inputs(4_000);
        await EngineReading.SendAsync(nodes[0], inputs.Take(1_000), 50);

        nodes.Add(await JoinAsync(3));
        await EngineReading.SendAsync(nodes[3], inputs.Skip(1_000).Take(1_000), 50);
        await nodes[1].DrainAsync();
        await EngineReading.SendAsync(nodes[2], inputs.Skip(2_000).Take(1_000), 50);
        await nodes[0].DrainAsync(); // the oldest: it hosts the singletons, including the coordinator
        await EngineReading.SendAsync(nodes[3], inputs.Skip(3_000), 50);
        await Task.WhenAll(nodes[2].DrainAsync(), nodes[3].DrainAsync());
        foreach (var node in nodes) await node.DisposeAsync();
        AssertEmpty([.. logs]);

        Task<ClusterEngine> JoinAsync(int number) =>
            ClusterEngine.StartAsync(Plan, Options(logs[number]) with { Seeds = [nodes[0].Address] });
    }

    [SkippableTheory]
    [InlineData(4)]
    [InlineData(8)]
    public async Task ManyNodes_ShareTheSymbols(int count)
    {
        if (count == 8) LongTests.SkipInShortRun();
        var logs = Enumerable.Range(0, count).Select(_ => new CapturedLog()).ToArray();
        var nodes = new List<ClusterEngine> { await ClusterEngine.StartAsync(Plan, Options(logs[0])) };
        nodes.AddRange(await Task.WhenAll(
            logs.Skip(1).Select(log => ClusterEngine.StartAsync(Plan, Options(log) with { Seeds = [nodes[0].Address] }))));
        await Nodes.AllHostSymbolsAsync(nodes);
        var inputs = Inputs(4_000);
        await EngineReading.SendAsync(nodes[0], inputs, 50);
        var (market, signals) = EngineReading.MarketOf(Plan, inputs);
        await EngineReading.AssertSameAsync(nodes[^1], market, signals);
        await Task.WhenAll(nodes.Select(node => node.DrainAsync()));
        foreach (var node in nodes) await node.DisposeAsync();
        AssertEmpty(logs);
    }

    /// <summary>
    /// Checks that no node has logged a warning. Late heartbeats and late updates of the shards' state are ignored: on a busy machine
    /// Akka.NET reports them, and tries again.
    /// </summary>
    private static void AssertEmpty(params CapturedLog[] logs)
    {
        var lines = logs.SelectMany((log, number) => log.Lines.Select(line => $"node {number}: {line}"))
            .Where(line => !line.Contains("heartbeat interval is growing too large", StringComparison.Ordinal)
                && !line.Contains("sending of heartbeat was delayed", StringComparison.Ordinal)
                && !line.Contains("ShardCoordinator was unable to", StringComparison.Ordinal));
        var text = string.Join('\n', lines);
        Assert.True(text.Length == 0, text);
    }

    private static List<Input> Inputs(int ticks) =>
        EngineReading.Inputs(
            MarketGenerator.Generate(new MarketOptions { Symbols = 24, Ticks = ticks, Seed = 5, Step = Timestamp.Second }));

    private ClusterOptions Options(CapturedLog log) => new() { Journal = folder.Path, Loggers = log };
}
