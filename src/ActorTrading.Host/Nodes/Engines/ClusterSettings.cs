using ActorTrading.Cluster;

namespace ActorTrading.Host.Nodes.Engines;

/// <summary>The settings of a node that are about its cluster.</summary>
internal sealed record ClusterSettings
{
    /// <summary>The port for other nodes where nothing else is said.</summary>
    public const int DefaultPort = 4053;

    /// <summary>The name of the cluster; null for the engine's own.</summary>
    public string? Name { get; init; }

    /// <summary>The IP address or DNS name at which other nodes reach this one.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The IP address that the port listens on; null for what fits the host.</summary>
    public string? Bind { get; init; }

    /// <summary>Whether the port may listen beyond loopback without encryption.</summary>
    public bool AllowUnencrypted { get; init; }

    /// <summary>Its port; 0 for any that is free.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>What the node does; null for everything.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Nodes to join, as HOST:PORT; none: this node begins a cluster of its own.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Where the node looks for its cluster; null: at its seeds.</summary>
    public DiscoveryKind? Discovery { get; init; }

    /// <summary>How it looks for it in Kubernetes; null where nothing is said of that.</summary>
    public KubernetesDiscovery? Kubernetes { get; init; }

    /// <summary>Encryption between nodes; null for none.</summary>
    public NodeTlsSettings? Tls { get; init; }

    /// <summary>Parts into which symbols are divided; null for the engine's own number.</summary>
    public int? Shards { get; init; }

    /// <summary>
    /// Events of a symbol between two snapshots of it; null for the engine's own number, which is not the embedded engine's.
    /// </summary>
    public int? SnapshotEvery { get; init; }

    /// <summary>Records that the node has taken in and that are not answered yet, at most; null for the engine's own number.</summary>
    public int? WindowRecords { get; init; }

    /// <summary>Symbols that it has a batch under way to, at most; null for the engine's own number.</summary>
    public int? WindowSymbols { get; init; }

    /// <summary>How long a batch may be unanswered before it is sent again; null for the engine's own time.</summary>
    public TimeSpan? ResendAfter { get; init; }

    /// <summary>
    /// After how long without a message a symbol is put to sleep; null for the time after which a symbol is idle in any
    /// engine.
    /// </summary>
    public TimeSpan? PassivateAfter { get; init; }

    /// <summary>How long a symbol that is to stop waits for its journal and its administrator; null for the engine's own time.</summary>
    public TimeSpan? StopPatience { get; init; }

    /// <summary>How long the node waits until it is in the cluster; null for the engine's own time.</summary>
    public TimeSpan? StartPatience { get; init; }

    /// <summary>How long a question to a symbol or a node may go unanswered; null for the engine's own time.</summary>
    public TimeSpan? AskPatience { get; init; }

    /// <summary>How long the shard region may be without an answer before the node is not ready; null for the engine's own time.</summary>
    public TimeSpan? RegionPatience { get; init; }

    /// <summary>
    /// How long every write of the node's symbols may fail, while the journal answers, before it ends; null for the engine's own time.
    /// </summary>
    public TimeSpan? WritePatience { get; init; }

    /// <summary>A file of settings of Akka.NET that go before those in <c>hocon/</c>; null for none.</summary>
    public string? Hocon { get; init; }
}
