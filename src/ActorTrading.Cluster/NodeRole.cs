namespace ActorTrading.Cluster;

/// <summary>Roles of a cluster node. A node may have several; default: all.</summary>
public static class NodeRole
{
    /// <summary>Accepts records.</summary>
    public const string Ingest = "ingest";

    /// <summary>Hosts symbols.</summary>
    public const string Symbols = "symbols";

    /// <summary>May host the administrator.</summary>
    public const string Admin = "admin";

    /// <summary>Serves subscribers.</summary>
    public const string Gateway = "gateway";

    /// <summary>
    /// Role of subscribers in earlier releases, in which they were cluster members. No node has it. A
    /// <see cref="Subscribing.ClusterSubscriber"/> is not a member.
    /// </summary>
    public const string Subscriber = "subscriber";

    /// <summary>All roles that a node can have.</summary>
    public static IReadOnlyList<string> All { get; } = [Ingest, Symbols, Admin, Gateway];
}
