using ActorTrading.Cluster.Tests.Telemetry;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Telemetry;
using ActorTrading.Simulation;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Cluster.Tests.Shards;

/// <summary>A node that accepts records while no node hosts symbols.</summary>
public sealed class HomelessShardsTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly EngineMeter meter = new();
    private readonly List<ClusterEngine> nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        meter.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task ShardsWithRecordsAndWithoutANode_AreCounted_UntilOneHostsThem()
    {
        var options = Nodes.Options(folder.Path) with { RegionPatience = TimeSpan.FromSeconds(2) };
        nodes.Add(await ClusterEngine.StartAsync(
            Plan.Default, options with { Roles = [NodeRole.Ingest, NodeRole.Admin, NodeRole.Gateway], Meter = meter }));
        Assert.Equal(0, Homeless);

        var inputs = EngineReading.Inputs(
            MarketGenerator.Generate(new MarketOptions { Symbols = 12, Ticks = 100, Step = Timestamp.Second }));
        var sending = EngineReading.SendAsync(nodes[0], inputs, 100);
        await EngineReading.UntilAsync(() => Homeless > 1 && ActorSystemMetricsTests.Read(meter, "shard.region.up") == 0);
        Assert.False(sending.IsCompleted);

        nodes.Add(await ClusterEngine.StartAsync(Plan.Default, options with { Seeds = [nodes[0].Address] }));
        await sending;
        await EngineReading.UntilAsync(() => Homeless == 0 && ActorSystemMetricsTests.Read(meter, "shard.region.up") == 1);
    }

    private long Homeless => ActorSystemMetricsTests.Read(meter, "shard.homeless");
}
