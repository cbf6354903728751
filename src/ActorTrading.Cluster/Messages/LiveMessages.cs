using ActorTrading.Engine;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// What those who look on at a node want to see of the symbols of all others, from now on for a few seconds; null for nothing (any more).
/// </summary>
internal sealed record LiveWanted(LiveFilter? Filter);

/// <summary>
/// What has just happened on another node. Taken one message at a time: the next one is sent when <see cref="LiveTaken"/> comes back.
/// </summary>
internal sealed record LiveHappened(long Number, IReadOnlyList<LiveEvent> Events);

/// <summary>A <see cref="LiveHappened"/> has come in.</summary>
internal sealed record LiveTaken(long Number);
