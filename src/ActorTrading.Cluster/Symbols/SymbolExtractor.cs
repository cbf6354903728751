using System.Globalization;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using Akka.Cluster.Sharding;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Message extractor: maps a message to its symbol and shard. A symbol has the same shard on every node, and it never changes.
/// </summary>
internal sealed class SymbolExtractor(int shards) : HashCodeMessageExtractor(shards)
{
    private readonly string[] ids = [.. Enumerable.Range(0, shards).Select(shard => shard.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The shard of a symbol, from 0.</summary>
    public int ShardOf(Symbol symbol) => PersistenceIds.PartitionOf(symbol, MaxNumberOfShards);

    /// <inheritdoc/>
    public override string? EntityId(object message) => (message as ISymbolMessage)?.Symbol.Name;

    /// <inheritdoc/>
    public override string ShardId(string entityId, object? messageHint = null) =>
        ids[ShardOf(messageHint is ISymbolMessage message ? message.Symbol : Symbol.Restore(entityId))];
}
