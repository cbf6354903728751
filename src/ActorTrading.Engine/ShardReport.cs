using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>
/// Where the shards of a cluster are and how they do, by number. <paramref name="SilentNodes"/> (HOST:PORT) did not answer: of
/// their shards only the owner is known.
/// </summary>
public sealed record ShardReport(string Region, IReadOnlyList<ShardStatus> Shards, IReadOnlyList<string> SilentNodes);

/// <summary>
/// A shard. <paramref name="Owner"/>: HOST:PORT of the node that hosts it; null while nobody does. <paramref name="Symbols"/>: those awake
/// there. <paramref name="Records"/>: folded by its owner since that started, and <paramref name="Rate"/> of them a second over the last
/// five seconds. <paramref name="Waiting"/>: records on their way to it from any node, the oldest of them for <paramref name="Lag"/>.
/// <paramref name="Moves"/>: how often it has changed its owner since the node that was asked started.
/// </summary>
public sealed record ShardStatus(
    int Number, string? Owner, int Symbols, long Records, double Rate, int Waiting, TimeSpan Lag, ShardEvent? Last, long Moves);

/// <summary>An event of a symbol, and when it was folded, by the clock of its node.</summary>
public sealed record ShardEvent(Symbol Symbol, long Number, Timestamp Time);
