using ActorTrading.Cluster.Hosting;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Simulation;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using Akka.Hosting;

namespace ActorTrading.Cluster.Tests.Shards;

/// <summary>Two nodes in one process, and the report of each about the shards of both.</summary>
public sealed class ShardReportTests : IAsyncLifetime
{
    private static readonly Plan Plan = TestPlans.All["every frame"];

    private readonly TemporaryFolder folder = new();
    private readonly List<ClusterEngine> nodes = [];

    public async Task InitializeAsync()
    {
        nodes.Add(await ClusterEngine.StartAsync(Plan, Options()));
        nodes.Add(await ClusterEngine.StartAsync(Plan, Options() with { Seeds = [nodes[0].Address] }));
        await Nodes.AllHostSymbolsAsync(nodes);
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task EveryNode_TellsOfAllShards_AndSeesThemMove()
    {
        var inputs = Inputs();
        await EngineReading.SendAsync(nodes[0], inputs.Take(1_000), 20);
        var symbols = await nodes[0].SymbolsAsync();
        foreach (var node in nodes)
        {
            var report = await UntilAsync(node, told => told.Shards.Sum(shard => shard.Symbols) >= symbols.Count
                && told.Shards.Select(shard => shard.Owner).Distinct().Count() == 2);
            Assert.Equal("symbol", report.Region);
            Assert.Empty(report.SilentNodes);
            Assert.All(report.Shards, shard => Assert.Contains(shard.Owner, nodes.Select(one => one.Address)));
            Assert.All(symbols, symbol => Assert.True(
                report.Shards.Single(shard => shard.Number == symbol.Partition) is { Records: > 0, Last.Number: > 0 }));
        }

        var (market, log) = EngineReading.MarketOf(Plan, inputs.Take(1_000));
        await EngineReading.AssertSameAsync(nodes[1], market, log);

        var moving = (await nodes[0].ShardsAsync()).Shards
            .Where(shard => shard.Owner == nodes[1].Address).Select(shard => shard.Number).ToHashSet();
        await nodes[1].DrainAsync();
        await EngineReading.SendAsync(nodes[0], inputs.Skip(1_000), 20);
        var after = await UntilAsync(
            nodes[0], told => told.SilentNodes.Count == 0 && told.Shards.All(shard => shard.Owner == nodes[0].Address));
        Assert.All(after.Shards, shard => Assert.Equal(moving.Contains(shard.Number) ? 1 : 0, shard.Moves));
        await Assert.ThrowsAsync<EngineStoppedException>(() => nodes[1].ShardsAsync());
    }

    [Fact]
    public async Task NodeThatDoesNotAnswer_IsNamed_AndItsShardsStayItsOwn()
    {
        await EngineReading.SendAsync(nodes[0], Inputs().Take(500), 20);
        await UntilAsync(nodes[0], told => told.Shards.Select(shard => shard.Owner).Distinct().Count() == 2);
        nodes[1].System.Stop(ActorRegistry.For(nodes[1].System).Get<ActorKeys.Shards>());

        var report = await UntilAsync(nodes[0], told => told.SilentNodes.Count > 0);
        Assert.Equal([nodes[1].Address], report.SilentNodes);
        Assert.Contains(report.Shards, shard => shard.Owner == nodes[1].Address && shard.Symbols == 0);
        Assert.Contains(report.Shards, shard => shard.Owner == nodes[0].Address && shard.Symbols > 0);
    }

    [Fact]
    public async Task RegionThatHasStopped_IsAFaultOfItsNodeAlone()
    {
        Assert.All(nodes, node => Assert.Null(node.Fault));
        nodes[1].System.Stop(ActorRegistry.For(nodes[1].System).Get<ActorKeys.Symbols>());

        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        while (nodes[1].Fault is null) await Task.Delay(10, patience.Token);
        Assert.Contains("stopped", nodes[1].Fault, StringComparison.Ordinal);
        Assert.Null(nodes[0].Fault);
    }

    private static async Task<ShardReport> UntilAsync(ClusterEngine node, Func<ShardReport, bool> isRight)
    {
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        while (true)
        {
            var report = await node.ShardsAsync(patience.Token);
            if (isRight(report)) return report;
            await Task.Delay(50, patience.Token);
        }
    }

    private static List<Input> Inputs() => EngineReading.Inputs(
        MarketGenerator.Generate(MarketOptions.Hostile with { Symbols = 24, Ticks = 2_000, Seed = 5, Step = Timestamp.Second }));

    private ClusterOptions Options() => Nodes.Options(folder.Path) with { Shards = 12 };
}
