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
/// What a node (HOST:PORT) hosts, and what it has on its way to shards anywhere. Told to all when what it hosts changes, and now
/// and then for those that are new.
/// </summary>
internal sealed record NodeShards(string Node, IReadOnlyList<HostedShard> Hosted, IReadOnlyList<AwaitedShard> Awaited);

/// <summary>A shard where it is hosted, since when, and what has become of it there.</summary>
internal sealed record HostedShard(int Number, Timestamp Since, int Symbols, long Records, double Rate, ShardEvent? Last);

/// <summary>Records that have not been answered yet by the symbols of a shard, and since when the oldest has been under way.</summary>
internal sealed record AwaitedShard(int Number, int Records, TimeSpan Lag);
