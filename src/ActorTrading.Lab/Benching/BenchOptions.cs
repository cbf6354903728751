using System.Net;
using ActorTrading.Host.Api;
using ActorTrading.Host.Nodes.Engines;

namespace ActorTrading.Lab.Benching;

/// <summary>
/// A load: so many symbols, records a second (null: as many as will go) for so long after a warm-up, over so many connections with so many
/// records unacknowledged at most. To a running node, with its API where that is given, or (null) to one of its own
/// with that plan and folder.
/// </summary>
internal sealed record BenchOptions(
    int Symbols, long? Rate, TimeSpan Duration, TimeSpan WarmUp, bool Binary, int Connections, int Window,
    IPEndPoint? To, NodeApi? Api, string? Plan, string? Data)
{
    /// <summary>The engine of a node of its own.</summary>
    public EngineKind Engine { get; init; }
}
