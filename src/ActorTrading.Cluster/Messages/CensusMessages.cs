using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;

namespace ActorTrading.Cluster.Messages;

/// <summary>Asks a symbol for its <see cref="DirectoryEntry"/>.</summary>
/// <param name="IsHashed">Whether its state is to be hashed, too.</param>
internal sealed record GetDirectoryEntry(Symbol Symbol, bool IsHashed) : ISymbolMessage;

/// <summary>A symbol as it is counted; <see cref="Events"/> is 0 where nothing was accepted.</summary>
/// <param name="Summary">What it shows. Its partition stays on the node.</param>
/// <param name="Events">The number of the last event that it has folded.</param>
/// <param name="Hash">The hash of its state; null unless that was asked for.</param>
internal sealed record DirectoryEntry(SymbolSummary Summary, long Events, StateHash? Hash);

/// <summary>
/// Asks a node for the <see cref="SymbolChange"/> of a symbol, if that is awake on it; no <see cref="ISymbolMessage"/>,
/// since what goes by way of the shard wakes the symbol and keeps it awake.
/// </summary>
/// <param name="Event">The number of the last event in the state that the asker has; 0 for none.</param>
/// <param name="Plan">The plan which that state is folded by.</param>
internal sealed record AskChange(Symbol Symbol, long Event, PlanHash Plan);

/// <summary>A state as a snapshot would hold it; empty where it is the one that the asker has, or nothing was accepted.</summary>
/// <param name="IsAwake">Whether the symbol is awake on the node that was asked.</param>
internal sealed record SymbolChange(Symbol Symbol, bool IsAwake, byte[] Snapshot);

/// <summary>
/// Asks a node for a <see cref="DirectoryPage"/>: of the symbols awake on it, those whose names come after that one, in the order
/// of their characters' codes.
/// </summary>
internal sealed record GetDirectory(string After, bool IsHashed);

/// <summary>
/// Symbols that are awake on a node, by name, those of which something was accepted. Ask again behind <see cref="Last"/>; where
/// that is empty there is no more.
/// </summary>
internal sealed record DirectoryPage(IReadOnlyList<DirectoryEntry> Entries, string Last);
