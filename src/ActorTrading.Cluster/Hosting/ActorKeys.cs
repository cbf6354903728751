namespace ActorTrading.Cluster.Hosting;

/// <summary>Keys under which the hosting chain registers the ways to what may be on any node.</summary>
internal static class ActorKeys
{
    /// <summary>The shard region of symbols.</summary>
    public sealed class Symbols;

    /// <summary>The administrator of signals.</summary>
    public sealed class Administrator;

    /// <summary>The keeper of subscriptions.</summary>
    public sealed class Subscriptions;

    /// <summary>The keeper of the plan.</summary>
    public sealed class Plan;

    /// <summary>Who wakes symbols.</summary>
    public sealed class Waker;

    /// <summary>The singleton that has old events deleted.</summary>
    public sealed class Retention;

    /// <summary>This node's gateway.</summary>
    public sealed class Gateway;

    /// <summary>Who brings here what happens on other nodes.</summary>
    public sealed class Relay;

    /// <summary>Who looks after this node's shards.</summary>
    public sealed class Shards;

    /// <summary>Who publishes on topics what happens here.</summary>
    public sealed class Topics;

    /// <summary>Who brings answers to this node's window.</summary>
    public sealed class Window;
}
