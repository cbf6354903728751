namespace ActorTrading.Host.Nodes.Engines;

/// <summary>What of a node serves others, and may be left to other nodes of a cluster. A node alone has all roles.</summary>
internal static class Role
{
    /// <summary>Takes ticks in, by TCP and HTTP.</summary>
    public const string Ingest = "ingest";

    /// <summary>Serves subscribers: signals, and what happens as it happens.</summary>
    public const string Gateway = "gateway";

    /// <summary>What a node alone does.</summary>
    public static IReadOnlyList<string> All { get; } = Cluster.NodeRole.All;
}
