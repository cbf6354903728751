namespace ActorTrading.Host.Nodes.Engines;

/// <summary>Roles of a node that serve clients. A cluster node may leave a role to other nodes; a single node has all roles.</summary>
internal static class Role
{
    /// <summary>Receives ticks over TCP and HTTP.</summary>
    public const string Ingest = "ingest";

    /// <summary>Serves subscribers: signals and live events.</summary>
    public const string Gateway = "gateway";

    /// <summary>The roles of a single node.</summary>
    public static IReadOnlyList<string> All { get; } = Cluster.NodeRole.All;
}
