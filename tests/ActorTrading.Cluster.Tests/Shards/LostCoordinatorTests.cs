using ActorTrading.Domain.Plans;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Cluster.Tests.Shards;

/// <summary>Three nodes in one process; the one with the shard coordinator dies.</summary>
public sealed class LostCoordinatorTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly List<ClusterEngine> nodes = [];

    public async Task InitializeAsync()
    {
        var options = Nodes.Options(folder.Path) with { RegionPatience = TimeSpan.FromSeconds(3) };
        nodes.Add(await ClusterEngine.StartAsync(Plan.Default, options));
        for (var i = 1; i < 3; i++) nodes.Add(await ClusterEngine.StartAsync(Plan.Default, options with { Seeds = [nodes[0].Address] }));
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task OtherNodes_AreAtFaultUntilAnotherTakesOver()
    {
        await EngineReading.UntilAsync(() => nodes.TrueForAll(node => node.Fault is null));
        await nodes[0].DisposeAsync();

        await EngineReading.UntilAsync(() => nodes[1].Fault?.Contains("coordinator", StringComparison.Ordinal) == true);
        await EngineReading.UntilAsync(() => nodes[1].Fault is null && nodes[2].Fault is null);
    }
}
