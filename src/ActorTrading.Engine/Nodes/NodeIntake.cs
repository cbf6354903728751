using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;

namespace ActorTrading.Engine.Nodes;

/// <summary>A node's open TCP connections, and what became of everything that it took in.</summary>
/// <param name="Node">The node, as in <see cref="NodeStatus.Node"/>.</param>
public sealed record NodeIntake(string Node, IReadOnlyList<ConnectionStatus> Connections, IReadOnlyList<LedgerLine> Ledger);

/// <summary>Which refusals are wanted: at most <see cref="Limit"/>, of one reason and one source, where those are given.</summary>
public sealed record RejectFilter(int Limit, RejectReason? Reason = null, Source? Source = null);

/// <summary>A refusal, and its place among those of its node since that started, from 1.</summary>
public sealed record KeptReject(long Number, Refusal Refusal);

/// <summary>The last refusals of a node, newest first.</summary>
public sealed record NodeRejects(string Node, IReadOnlyList<KeptReject> Refusals);

/// <summary>What nodes answered, and the nodes (HOST:PORT) that did not.</summary>
public sealed record FromNodes<T>(IReadOnlyList<T> Told, IReadOnlyList<string> Silent);
