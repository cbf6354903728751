using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.Engine.Ingest.Connections;

namespace ActorTrading.Engine.Nodes;

/// <summary>A node's open TCP connections, and the ledger of all its input.</summary>
/// <param name="Node">The node, as in <see cref="NodeStatus.Node"/>.</param>
public sealed record NodeIntake(string Node, IReadOnlyList<ConnectionStatus> Connections, IReadOnlyList<LedgerLine> Ledger);

/// <summary>Filter of rejections: at most <see cref="Limit"/>, and only with the reason and the source, if given.</summary>
public sealed record RejectFilter(int Limit, RejectReason? Reason = null, Source? Source = null);

/// <summary>A rejection and its number since the start of its node, from 1.</summary>
public sealed record KeptReject(long Number, Reject Reject);

/// <summary>The newest rejections of a node, newest first.</summary>
public sealed record NodeRejects(string Node, IReadOnlyList<KeptReject> Rejects);

/// <summary>The answers of nodes, and the nodes (HOST:PORT) that did not answer.</summary>
public sealed record FromNodes<T>(IReadOnlyList<T> Told, IReadOnlyList<string> Silent);
