using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;

namespace ActorTrading.Cluster.Messages;

/// <summary>Asks a symbol for its <see cref="DirectoryEntry"/>.</summary>
/// <param name="IsHashed">Whether the answer must contain the hash of its state.</param>
internal sealed record GetDirectoryEntry(Symbol Symbol, bool IsHashed) : ISymbolMessage;

/// <summary>Entry of a symbol in the symbol directory. <see cref="Events"/> is 0 if none of its records was accepted.</summary>
/// <param name="Summary">Summary of the symbol. Its partition is not sent to other nodes.</param>
/// <param name="Events">Sequence number of the last folded event.</param>
/// <param name="Hash">Hash of its state; null unless requested.</param>
internal sealed record DirectoryEntry(SymbolSummary Summary, long Events, StateHash? Hash);

/// <summary>
/// Asks a node for the <see cref="SymbolChange"/> of a symbol that is active on it. Not an <see cref="ISymbolMessage"/>: a message
/// through the shard would activate the symbol and delay its passivation.
/// </summary>
/// <param name="Event">The last event in the state that the requester has; 0: none.</param>
/// <param name="Plan">The plan of that state.</param>
internal sealed record AskChange(Symbol Symbol, long Event, PlanHash Plan);

/// <summary>A state as in a snapshot. Empty if it is the one that the requester has, or if no record was accepted.</summary>
/// <param name="IsAwake">Whether the symbol is active on the node that was asked.</param>
internal sealed record SymbolChange(Symbol Symbol, bool IsAwake, byte[] Snapshot);

/// <summary>
/// Asks a node for a <see cref="DirectoryPage"/>: its active symbols whose names come after <paramref name="After"/>, in ordinal
/// order.
/// </summary>
internal sealed record GetDirectory(string After, bool IsHashed);

/// <summary>
/// Active symbols of a node with accepted records, by name. Continue after <see cref="Last"/>; if that is empty, this is the last
/// page.
/// </summary>
internal sealed record DirectoryPage(IReadOnlyList<DirectoryEntry> Entries, string Last);
