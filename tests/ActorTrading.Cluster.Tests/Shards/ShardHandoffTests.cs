using System.Globalization;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using AkkaCluster = Akka.Cluster.Cluster;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Cluster.Tests.Shards;

/// <summary>Two nodes in one process; the one with the shard coordinator leaves.</summary>
public sealed class ShardHandoffTests : IAsyncLifetime
{
    private static readonly Timestamp Open = new(Timestamp.OfDate(2024, 7, 9).Nanoseconds + (14 * Timestamp.Hour));

    private readonly TemporaryFolder folder = new();
    private readonly List<ClusterEngine> nodes = [];

    public async Task InitializeAsync()
    {
        var options = Nodes.Options(folder.Path);
        nodes.Add(await ClusterEngine.StartAsync(Plan.Default, options));
        nodes.Add(await ClusterEngine.StartAsync(Plan.Default, options with { Seeds = [nodes[0].Address] }));
        await Nodes.AllHostSymbolsAsync(nodes);
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task NodeThatLeaves_StaysUntilItsShardsAreElsewhere()
    {
        var ticks = Enumerable.Range(1, 24).Select(i => Record.OfTick(
            Symbol.Parse($"S{i}"), new Domain.Records.Identity(Source.Parse("feed"), 1, i),
            new Timestamp(Open.Nanoseconds + (i * Timestamp.Second)), 100_0000_0000, 1_0000_0000))
            .ToArray();
        await (await nodes[1].SubmitAsync(ticks)).Durable;
        var shards = Nodes.Options(folder.Path).Shards;
        var moving = nodes[0].HostedSymbols.Select(symbol => PersistenceIds.PartitionOf(symbol, shards)).ToHashSet();
        Assert.NotEmpty(moving);

        var atLeave = new TaskCompletionSource<IReadOnlyCollection<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var region = ActorRegistry.For(nodes[1].System).Get<ActorKeys.Symbols>();
        nodes[1].System.ActorOf(Props.Create(() => new LeaveWatch(region, atLeave)));
        await nodes[0].DrainAsync();
        Assert.Superset(moving, (await atLeave.Task.WaitAsync(EngineReading.Timeout)).ToHashSet());
    }

    /// <summary>Records the shards hosted by this node's region when it is told that another node leaves.</summary>
    private sealed class LeaveWatch : ReceiveActor
    {
        public LeaveWatch(IActorRef region, TaskCompletionSource<IReadOnlyCollection<int>> told)
        {
            Receive<ClusterEvent.MemberLeft>(_ => region.Tell(GetShardRegionStats.Instance));
            Receive<ShardRegionStats>(stats => told.TrySetResult(
                [.. stats.Stats.Keys.Concat(stats.Failed).Select(shard => int.Parse(shard, CultureInfo.InvariantCulture))]));
            AkkaCluster.Get(Context.System).Subscribe(Self, typeof(ClusterEvent.MemberLeft));
            Receive<ClusterEvent.CurrentClusterState>(_ => { });
        }
    }
}
