using System.Net;
using ActorTrading.Host.Api;
using ActorTrading.Host.Nodes.Engines;

namespace ActorTrading.Lab.Benching;

/// <summary>
/// A load: the number of symbols, records per second (null: as many as possible), the duration after a warm-up, the number of connections,
/// and the maximum number of unacknowledged records. It goes to a running node, with its API when given, or (null) to a node that the bench
/// starts with the given plan and folder.
/// </summary>
internal sealed record BenchOptions(
    int Symbols, long? Rate, TimeSpan Duration, TimeSpan WarmUp, bool Binary, int Connections, int Window,
    IPEndPoint? To, NodeApi? Api, string? Plan, string? Data)
{
    /// <summary>The engine of the node that the bench starts.</summary>
    public EngineKind Engine { get; init; }
}
