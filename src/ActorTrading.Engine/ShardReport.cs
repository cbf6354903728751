using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>
/// Status of the shards of a cluster, by number. <paramref name="SilentNodes"/>: nodes (HOST:PORT) that did not answer; only the owner of
/// their shards is known.
/// </summary>
public sealed record ShardReport(string Region, IReadOnlyList<ShardStatus> Shards, IReadOnlyList<string> SilentNodes);

/// <summary>
/// Status of a shard. <paramref name="Owner"/>: HOST:PORT of the node that hosts it; null if no node does. <paramref name="Symbols"/>:
/// active symbols in it. <paramref name="Records"/>: records folded since its owner started. <paramref name="Rate"/>: records a second,
/// over the last five seconds. <paramref name="Waiting"/>: records on their way to it from any node. <paramref name="Lag"/>: age of the
/// oldest of them. <paramref name="Moves"/>: changes of owner since the answering node started.
/// </summary>
public sealed record ShardStatus(
    int Number, string? Owner, int Symbols, long Records, double Rate, int Waiting, TimeSpan Lag, ShardEvent? Last, long Moves);

/// <summary>An event of a symbol and the time at which it was folded, by the clock of its node.</summary>
public sealed record ShardEvent(Symbol Symbol, long Number, Timestamp Time);
