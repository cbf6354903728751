using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Shards;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;

namespace ActorTrading.Cluster.Tests.Shards;

public class ShardMapTests
{
    private readonly ShardMap map = new();

    [Fact]
    public void FirstOwner_IsNoMove_AndTheNextOneIs()
    {
        map.Take(Node("a", (1, 10), (2, 10)));
        Assert.Equal([(1, "a", 0L), (2, "a", 0L)], Owners());

        map.Take(Node("a", (2, 10)));
        Assert.Equal([(1, null, 0L), (2, "a", 0L)], Owners());
        map.Take(Node("b", (1, 20)));
        Assert.Equal([(1, "b", 1L), (2, "a", 0L)], Owners());
        map.Take(Node("b"));
        map.Take(Node("b", (1, 30))); // back to its previous location
        Assert.Equal([(1, "b", 1L), (2, "a", 0L)], Owners());
    }

    [Fact]
    public void OldClaim_IsNotBelieved_HoweverLateItComes()
    {
        map.Take(Node("a", (1, 10)));
        map.Take(Node("b", (1, 20)));
        map.Take(Node("a", (1, 10)));
        Assert.Equal([(1, "b", 1L)], Owners());
    }

    [Fact]
    public void NodeThatIsGone_OwnsNothing_AndWhoTakesItsShardOverHasMovedIt()
    {
        map.Take(Node("a", (1, 10)));
        map.Forget("a");
        map.Forget("stranger");
        Assert.Equal([(1, null, 0L)], Owners());
        map.Take(Node("b", (1, 20)));
        Assert.Equal([(1, "b", 1L)], Owners());
    }

    [Fact]
    public void WhatIsOnItsWay_IsSummedOverTheNodes_AlsoToAShardThatNobodyHosts()
    {
        var last = new ShardEvent(Symbol.Parse("AAPL"), 5, new Timestamp(9));
        var a = new NodeShards(
            "a", [new HostedShard(1, new Timestamp(10), 3, 700, 2.5, last)],
            [new AwaitedShard(1, 10, TimeSpan.FromSeconds(1)), new AwaitedShard(7, 2, TimeSpan.FromSeconds(4))]);
        var b = new NodeShards("b", [], [new AwaitedShard(1, 5, TimeSpan.FromSeconds(2))]);
        map.Take(a);
        map.Take(b);
        Assert.Equal(
        [
            new ShardStatus(1, "a", 3, 700, 2.5, 15, TimeSpan.FromSeconds(2), last, 0),
            new ShardStatus(7, null, 0, 0, 0, 2, TimeSpan.FromSeconds(4), null, 0),
        ], map.Join([a, b]));
    }

    [Fact]
    public void ShardOfASilentNode_HasItsOwner_AndNoFigures()
    {
        map.Take(new NodeShards("a", [new HostedShard(1, new Timestamp(10), 3, 700, 2.5, null)], []));
        Assert.Equal([new ShardStatus(1, "a", 0, 0, 0, 0, TimeSpan.Zero, null, 0)], map.Join([]));
    }

    private static NodeShards Node(string name, params (int Number, long Since)[] hosted) =>
        new(name, [.. hosted.Select(shard => new HostedShard(shard.Number, new Timestamp(shard.Since), 1, 0, 0, null))], []);

    private IEnumerable<(int, string?, long)> Owners() => map.Join([]).Select(shard => (shard.Number, shard.Owner, shard.Moves));
}
