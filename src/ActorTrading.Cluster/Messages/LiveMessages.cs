using ActorTrading.Engine;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// The live events of other nodes' symbols that the readers of this node want. Valid for a few seconds. Null: none (any more).
/// </summary>
internal sealed record LiveWanted(LiveFilter? Filter);

/// <summary>Live events of another node. One message is in flight at a time: the next is sent after <see cref="LiveTaken"/>.</summary>
internal sealed record LiveHappened(long Number, IReadOnlyList<LiveEvent> Events);

/// <summary>Acknowledges a <see cref="LiveHappened"/>.</summary>
internal sealed record LiveTaken(long Number);
