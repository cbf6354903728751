using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Connectors;

/// <summary>Services that the node provides to its connectors.</summary>
/// <param name="System">The actor system of the connectors' graphs, separate from the engine's, on both engines.</param>
/// <param name="Folder">The folder for data that a restart needs; each connector's files start with its name.</param>
public sealed record ConnectorServices(
    IEngine Engine, IngestPipeline IngestPipeline, ActorSystem System, string Folder, TimeProvider Time, ILogger Logger)
{
    /// <summary>The position of the last signal of the log; 0 before the first.</summary>
    public Func<long> LastSignal { get; init; } = static () => 0;

    /// <summary>
    /// Whether this node does the work of a single node of the cluster: sending results to other systems. Always true on the embedded
    /// engine; in a cluster true on the node with the signal log.
    /// </summary>
    public Func<bool> IsActive { get; init; } = static () => true;

    /// <summary>
    /// Whether this node does the reading of a single node of the cluster. Always true on the embedded engine; in a cluster true on the
    /// oldest node that ingests records.
    /// </summary>
    public Func<bool> IsReader { get; init; } = static () => true;
}
