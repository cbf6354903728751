using System.Globalization;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using Akka.Cluster.Sharding;

namespace ActorTrading.Cluster.Symbols;

/// <summary>Which symbol a message is for, and which shard that is in: the same one on every node, for ever.</summary>
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
