using ActorTrading.Domain.Values;
using ActorTrading.Engine;

namespace ActorTrading.Cluster.Messages;

/// <summary>Asks a node for <see cref="NodeShards"/>.</summary>
internal sealed class GetShards
{
    public static readonly GetShards Instance = new();

    private GetShards()
    {
    }
}

/// <summary>
/// Shards that a node (HOST:PORT) hosts, and its records in flight to any shard. Published to all nodes when its shards change, and
/// every 10 s for new nodes.
/// </summary>
internal sealed record NodeShards(string Node, IReadOnlyList<HostedShard> Hosted, IReadOnlyList<AwaitedShard> Awaited);

/// <summary>A hosted shard: when it moved to the node, and its activity there. The rate is in records per second.</summary>
internal sealed record HostedShard(int Number, Timestamp Since, int Symbols, long Records, double Rate, ShardEvent? Last);

/// <summary>Unanswered records of a node to the symbols of a shard, and the age of the oldest message.</summary>
internal sealed record AwaitedShard(int Number, int Records, TimeSpan Lag);
