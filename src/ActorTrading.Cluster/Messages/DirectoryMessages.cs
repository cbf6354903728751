using ActorTrading.Domain.Folding;
using ActorTrading.Engine;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Cluster.Messages;

/// <summary>Entry of a symbol in the symbol directory. <see cref="Events"/> is 0 if none of its records was accepted.</summary>
/// <param name="Summary">Summary of the symbol. Its partition is not sent to other nodes.</param>
/// <param name="Events">Sequence number of the last folded event.</param>
/// <param name="Hash">Hash of its state; null unless requested.</param>
internal sealed record DirectoryEntry(SymbolSummary Summary, long Events, StateHash? Hash)
{
    /// <summary>The entry of a symbol, without its partition.</summary>
    public static DirectoryEntry Of(HostedSymbol symbol, bool isHashed) => new(
        SymbolSummary.Of(symbol.State, partition: 0), symbol.HasRecords ? symbol.LastFolded : 0,
        isHashed && symbol.HasRecords ? StateHash.Of(symbol.State) : null);
}

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
