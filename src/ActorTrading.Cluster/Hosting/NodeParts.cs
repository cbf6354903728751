using ActorTrading.Cluster.Ingest;
using ActorTrading.Cluster.Overview;
using ActorTrading.Cluster.Remoting;
using ActorTrading.Cluster.Shards;
using ActorTrading.Cluster.Signals;
using ActorTrading.Cluster.Symbols;
using ActorTrading.Engine.Nodes;

namespace ActorTrading.Cluster.Hosting;

/// <summary>Dependencies shared by the engine and the actors of a node.</summary>
internal sealed record NodeParts
{
    public required ClusterOptions Options { get; init; }

    public required NodeContext Symbols { get; init; }

    public required SymbolExtractor Extractor { get; init; }

    public required InFlightWindow Window { get; init; }

    public required GatewayParts Gateway { get; init; }

    public required ShardWatchParts Shards { get; init; }

    public required ClusterHistory History { get; init; }

    public required INodeReporter Reporter { get; init; }

    /// <summary>Certificates for mutual authentication of nodes; null: nothing is encrypted.</summary>
    public required NodeIdentity? Identity { get; init; }
}
