using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Connectors;

/// <summary>What the node gives its connectors.</summary>
/// <param name="System">Where their graphs run; an actor system of their own, on both engines.</param>
/// <param name="Folder">Where they may keep what a restart needs, each in files that begin with its name.</param>
public sealed record ConnectorServices(
    IEngine Engine, IngestPipeline IngestPipeline, ActorSystem System, string Folder, TimeProvider Time, ILogger Logger)
{
    /// <summary>The position of the last signal of the log; 0 before the first.</summary>
    public Func<long> LastSignal { get; init; } = static () => 0;

    /// <summary>
    /// Whether this node does what only one node of a cluster does: send results to other systems. On the embedded
    /// engine always, in a cluster on the node that has the signal log.
    /// </summary>
    public Func<bool> IsActive { get; init; } = static () => true;

    /// <summary>
    /// Whether this node reads what only one node of a cluster reads. On the embedded engine always, in a cluster on the
    /// oldest of the nodes that take records.
    /// </summary>
    public Func<bool> IsReader { get; init; } = static () => true;
}
