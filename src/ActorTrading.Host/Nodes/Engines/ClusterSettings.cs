using ActorTrading.Cluster;

namespace ActorTrading.Host.Nodes.Engines;

/// <summary>Cluster settings of a node.</summary>
internal sealed record ClusterSettings
{
    /// <summary>The default port for other nodes.</summary>
    public const int DefaultPort = 4053;

    /// <summary>The name of the cluster; null for the engine's default.</summary>
    public string? Name { get; init; }

    /// <summary>The IP address or DNS name at which other nodes reach this one.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The IP address that the port listens on. Null: that of the host when it belongs to this machine, otherwise all.</summary>
    public string? Bind { get; init; }

    /// <summary>Whether the port may listen beyond loopback without encryption.</summary>
    public bool AllowUnencrypted { get; init; }

    /// <summary>The port for other nodes; 0 for any free port.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The roles of the node; null for all roles.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Nodes to join, as HOST:PORT. Empty: this node starts a new cluster.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>How the node discovers its cluster; null: by its seed nodes.</summary>
    public DiscoveryKind? Discovery { get; init; }

    /// <summary>Kubernetes discovery settings; null when not set.</summary>
    public KubernetesDiscovery? Kubernetes { get; init; }

    /// <summary>TLS between nodes; null for no encryption.</summary>
    public NodeTlsSettings? Tls { get; init; }

    /// <summary>Number of shards; null for the engine's default.</summary>
    public int? Shards { get; init; }

    /// <summary>
    /// Number of events between two snapshots of a symbol; null for the cluster engine's default, which differs from the embedded engine's.
    /// </summary>
    public int? SnapshotEvery { get; init; }

    /// <summary>Maximum number of accepted records without an acknowledgement on this node; null for the engine's default.</summary>
    public int? WindowRecords { get; init; }

    /// <summary>Maximum number of symbols with a batch in flight from this node; null for the engine's default.</summary>
    public int? WindowSymbols { get; init; }

    /// <summary>How long a batch may stay unacknowledged before it is resent; null for the engine's default.</summary>
    public TimeSpan? ResendAfter { get; init; }

    /// <summary>How long a symbol may receive no message before it is passivated; null for the default idle time of all engines.</summary>
    public TimeSpan? PassivateAfter { get; init; }

    /// <summary>How long a stopping symbol waits for its journal and its administrator; null for the engine's default.</summary>
    public TimeSpan? StopPatience { get; init; }

    /// <summary>How long the node waits to join the cluster at its start; null for the engine's default.</summary>
    public TimeSpan? StartPatience { get; init; }

    /// <summary>Timeout of a query to a symbol or a node; null for the engine's default.</summary>
    public TimeSpan? AskPatience { get; init; }

    /// <summary>How long the shard region may not answer before the node is not ready; null for the engine's default.</summary>
    public TimeSpan? RegionPatience { get; init; }

    /// <summary>
    /// How long all writes of the node's symbols may fail, while the journal answers, before the node stops; null for the engine's default.
    /// </summary>
    public TimeSpan? WritePatience { get; init; }

    /// <summary>An Akka.NET configuration file that overrides the files in <c>hocon/</c>; null for none.</summary>
    public string? Hocon { get; init; }
}
