using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Signals;

/// <summary>What is told to whoever subscribed to it on distributed pub-sub. Messages there may be lost; the journal has them all.</summary>
public static class Topics
{
    /// <summary>Every signal, when it is durable.</summary>
    public const string Signals = "signals";

    /// <summary>A change of the list of subscribed symbols, when it is durable.</summary>
    public const string Subscriptions = "subscriptions";

    /// <summary>What is wanted live at a node, for the others' relays.</summary>
    internal const string Live = "live";

    /// <summary>What a node hosts, for the others' <see cref="Shards.ShardWatch"/>.</summary>
    internal const string Shards = "shards";

    /// <summary>The signals of a symbol.</summary>
    public static string SignalsOf(Symbol symbol) => $"{Signals}.{symbol.Name}";
}
