using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded.Sleeping;

/// <summary>
/// The data kept in memory for a passivated symbol: about 100 bytes, and up to 500 more if bars of it have closed since the engine started.
/// The journal has its state. Used on the thread of its partition only.
/// </summary>
internal sealed class PassivatedSymbol
{
    private readonly long lastPrice;
    private readonly Timestamp lastTime;
    private readonly long applied;
    private readonly long late;
    private readonly long signals;
    private readonly long snapshotBefore;
    private readonly long recordsCovered;
    private Seen? seen;

    public PassivatedSymbol(HostedSymbol symbol)
    {
        Symbol = symbol.Symbol;
        LastEvent = symbol.LastFolded;
        LastSnapshot = symbol.LastSnapshot;
        snapshotBefore = symbol.SnapshotBefore;
        recordsCovered = symbol.RecordsCovered;
        HasRecords = symbol.HasRecords;
        DeletedAt = symbol.DeletedAt;
        var state = symbol.State;
        NextClose = state.Ohlcv.NextClose;
        (lastPrice, lastTime, signals) = (state.Ohlcv.LastPrice, state.Ohlcv.LastTime, state.Ohlcv.Signals);
        (applied, late) = (state.Sources.Applied, state.Sources.Late);
        if (!symbol.Trace.IsEmpty || symbol.BarsClosed.AsSpan().ContainsAnyExcept(0)) seen = new Seen(symbol.BarsClosed, symbol.Trace);
    }

    public Symbol Symbol { get; }

    /// <summary>The number of its last event, whether durable or still being written.</summary>
    public long LastEvent { get; set; }

    public long LastSnapshot { get; }

    public bool HasRecords { get; }

    /// <summary>The number of the event that deleted it; 0 for none.</summary>
    public long DeletedAt { get; }

    /// <summary>Whether it was deleted and no record was accepted since. Clock advances do not apply to it.</summary>
    public bool IsGone => DeletedAt > 0 && !HasRecords;

    /// <summary>The earliest clock time that closes a bar of it.</summary>
    public Timestamp NextClose { get; }

    public SymbolSummary Summary(int partition) => new(Symbol, lastPrice, lastTime, applied, late, signals, partition);

    /// <summary>
    /// Reads the symbol from the journal, with the bar counts and market trace from before passivation. On any thread, once. Blocks.
    /// </summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public HostedSymbol Read(IJournalStore store, SymbolPlan plan)
    {
        var found = StateHistory.Newest(store, Symbol, plan)
            ?? throw new RecoveryException(PersistenceIds.Of(Symbol), 1, "it and all other events were deleted, and no snapshot is usable");
        (found.LastSnapshot, found.SnapshotBefore, found.RecordsCovered) = (LastSnapshot, snapshotBefore, recordsCovered);
        if (seen is not null) found.Recall(seen.BarsClosed, seen.Trace);
        return found;
    }

    /// <summary>Returns the symbol folded with another plan, which replaces this one.</summary>
    public HostedSymbol SwitchPlan(HostedSymbol folded, SymbolPlan before)
    {
        if (folded.LastFolded != LastEvent)
            throw new InvalidOperationException($"{folded.Id} was replayed up to event {folded.LastFolded}, not {LastEvent}.");
        if (seen is not null) folded.CarryBars(seen.BarsClosed, before);
        return folded;
    }

    /// <summary>A copy that another thread may read.</summary>
    public PassivatedSymbol Copy()
    {
        var copy = (PassivatedSymbol)MemberwiseClone();
        if (seen is not null) copy.seen = new Seen([.. seen.BarsClosed], seen.Trace.Copy());
        return copy;
    }

    private sealed record Seen(long[] BarsClosed, MarketTrace Trace);
}
