using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Folding;
using ActorTrading.Engine;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Answers the questions to one symbol, used by its actor. Reads the state and changes nothing: the fold does not depend on it. Not
/// thread-safe.
/// </summary>
internal sealed class SymbolQuestions(HostedSymbol symbol, SymbolQuarantine quarantine, SignalDelivery signals)
{
    public SymbolAnswer Answer(GetSymbol asked)
    {
        var version = StateVersion.Of(symbol);
        var isChanged = symbol.HasRecords && version != asked.Seen;
        return new SymbolAnswer(version, DirectoryEntry.Of(symbol, asked.Parts.HasFlag(SymbolParts.Hash)))
        {
            Unconfirmed = signals.Unconfirmed,
            Quarantine = quarantine.Reason,
            Gauges = asked.Parts.HasFlag(SymbolParts.Gauges) && symbol.HasRecords ? new SymbolReader().Read(symbol) : null,
            Market = asked.Parts.HasFlag(SymbolParts.Market) && isChanged ? symbol.ReadMarket() : null,
            State = asked.Parts.HasFlag(SymbolParts.State) && isChanged ? StateBytes() : [],
        };
    }

    /// <summary>The folded state as in a snapshot; empty before the first event.</summary>
    public byte[] StateBytes()
    {
        if (symbol.LastFolded == 0) return [];
        var bytes = SymbolActor.Scratch;
        symbol.WriteSnapshot(new StateWriter(), bytes);
        return bytes.WrittenSpan.ToArray();
    }
}
