using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Overview;
using ActorTrading.Cluster.Shards;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Nodes;

namespace ActorTrading.Cluster.Tests.Overview;

public class ClusterHistoryTests
{
    private readonly ClusterHistory history = new(TimeProvider.System);

    [Fact]
    public void MoreThanItKeeps_LosesTheOldest_AndNumbersGoOn()
    {
        for (var i = 0; i < ClusterHistory.Kept + 20; i++) history.Moved(i, "a", "b");
        var (events, last) = history.After(0);
        Assert.Equal((ClusterHistory.Kept, ClusterHistory.Kept + 20), (events.Count, last));
        Assert.Equal(Enumerable.Range(21, ClusterHistory.Kept), events.Select(one => (int)one.Number));
        Assert.Equal(3, history.After(last - 3).Events.Count);
    }

    [Fact]
    public void MapOfShards_WritesMovesAlone()
    {
        var map = new ShardMap(history);
        map.Take(Node("a", 10, 1, 2));
        map.Take(Node("a", 10, 2)); // 1 has no location
        Assert.Empty(history.After(0).Events);
        map.Take(Node("b", 20, 1));
        map.Forget("a");
        map.Take(Node("b", 20, 1, 2));
        Assert.Equal(
            [(1, "a", "b"), (2, "a", "b")],
            history.After(0).Events.Select(one => (one.Shard!.Value, one.From!, one.Node)));
        Assert.All(history.After(0).Events, one => Assert.Equal(HistoryEventKind.ShardMoved, one.Kind));
    }

    private static NodeShards Node(string name, long since, params int[] hosted) =>
        new(name, [.. hosted.Select(shard => new HostedShard(shard, new Timestamp(since), 1, 0, 0, null))], []);
}
