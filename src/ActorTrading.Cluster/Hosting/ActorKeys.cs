namespace ActorTrading.Cluster.Hosting;

/// <summary>Registry keys of the actors, singleton proxies and regions that the node builder registers.</summary>
internal static class ActorKeys
{
    /// <summary>The shard region of symbols.</summary>
    public sealed class Symbols;

    /// <summary>The singleton that writes the signal log.</summary>
    public sealed class Administrator;

    /// <summary>The singleton that changes subscriptions.</summary>
    public sealed class Subscriptions;

    /// <summary>The singleton that changes the plan.</summary>
    public sealed class Plan;

    /// <summary>The singleton that activates symbols.</summary>
    public sealed class SymbolActivator;

    /// <summary>The singleton that deletes old events.</summary>
    public sealed class Retention;

    /// <summary>The gateway of this node.</summary>
    public sealed class Gateway;

    /// <summary>The publisher of this node's live events.</summary>
    public sealed class Live;

    /// <summary>The shard watch of this node.</summary>
    public sealed class Shards;

    /// <summary>The actor that passes answers to this node's window.</summary>
    public sealed class Window;
}
