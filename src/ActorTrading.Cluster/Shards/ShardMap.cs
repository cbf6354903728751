using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Overview;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;

namespace ActorTrading.Cluster.Shards;

/// <summary>
/// Location and number of moves of each shard, from the nodes' reports. Reports may be outdated, so two nodes may claim a shard for a
/// moment: the later claim wins. Moves are written to the history. Thread-safe.
/// </summary>
internal sealed class ShardMap(ClusterHistory? history = null)
{
    private readonly Lock sync = new();
    private readonly Dictionary<string, Dictionary<int, Timestamp>> claims = [];
    private readonly SortedDictionary<int, (string? Owner, string LastOwner, long Moves)> shards = [];

    /// <summary>Handles a report of a node.</summary>
    public void Take(NodeShards told)
    {
        lock (sync)
        {
            claims.TryGetValue(told.Node, out var before);
            claims[told.Node] = told.Hosted.ToDictionary(shard => shard.Number, shard => shard.Since);
            Settle(told.Hosted.Select(shard => shard.Number).Concat(before?.Keys ?? Enumerable.Empty<int>()).Distinct());
        }
    }

    /// <summary>Removes a node that has left the cluster.</summary>
    public void Forget(string node)
    {
        lock (sync)
        {
            if (claims.Remove(node, out var hosted)) Settle(hosted.Keys);
        }
    }

    /// <summary>Whether the shard is hosted, as far as this node knows.</summary>
    public bool HasOwner(int shard)
    {
        lock (sync) return shards.TryGetValue(shard, out var known) && known.Owner is not null;
    }

    /// <summary>All shards that were ever hosted or have records in flight, combined with the latest reports.</summary>
    public IReadOnlyList<ShardStatus> Join(IReadOnlyCollection<NodeShards> told)
    {
        var hosted = told.SelectMany(node => node.Hosted.Select(shard => (Key: (node.Node, shard.Number), shard)))
            .ToDictionary(one => one.Key, one => one.shard);
        var awaited = told.SelectMany(node => node.Awaited).ToLookup(shard => shard.Number);
        lock (sync)
        {
            return
            [
                .. shards.Keys.Union(awaited.Select(shard => shard.Key)).Order().Select(number =>
                {
                    shards.TryGetValue(number, out var known);
                    var here = known.Owner is { } owner ? hosted.GetValueOrDefault((owner, number)) : null;
                    return new ShardStatus(
                        number, known.Owner, here?.Symbols ?? 0, here?.Records ?? 0, here?.Rate ?? 0,
                        awaited[number].Sum(shard => shard.Records), awaited[number].Select(shard => shard.Lag).DefaultIfEmpty().Max(),
                        here?.Last, known.Moves);
                }),
            ];
        }
    }

    private void Settle(IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
        {
            var owner = claims.Where(node => node.Value.ContainsKey(number)).OrderBy(node => node.Value[number])
                .ThenBy(node => node.Key, StringComparer.Ordinal)
                .Select(node => node.Key).LastOrDefault();
            if (!shards.TryGetValue(number, out var known))
            {
                if (owner is not null) shards.Add(number, (owner, owner, 0));
                continue;
            }

            var hasMoved = owner is not null && owner != known.LastOwner;
            if (hasMoved) history?.Moved(number, known.LastOwner, owner!);
            shards[number] = (owner, owner ?? known.LastOwner, known.Moves + (hasMoved ? 1 : 0));
        }
    }
}
