using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Past;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded.Sleeping;

/// <summary>
/// What stays in memory of a symbol whose state has left it: about 100 bytes, and up to 500 more where bars of it have
/// closed since the engine began. The state is the journal's. Belongs to the thread of its partition.
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

    /// <summary>The number of its last event, durable or on its way.</summary>
    public long LastEvent { get; set; }

    public long LastSnapshot { get; }

    public bool HasRecords { get; }

    /// <summary>The event that deleted it; 0 for none.</summary>
    public long DeletedAt { get; }

    /// <summary>Whether it was deleted and nothing of it was accepted since. Advances of the clock do not concern it.</summary>
    public bool IsGone => DeletedAt > 0 && !HasRecords;

    /// <summary>From when on an advance of the clock closes a bar of it.</summary>
    public Timestamp NextClose { get; }

    public SymbolSummary Summary(int partition) => new(Symbol, lastPrice, lastTime, applied, late, signals, partition);

    /// <summary>Reads the symbol from the journal, with what had been seen of it while it was awake. On any thread, once. Blocks.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public HostedSymbol Read(IJournalStore store, SymbolPlan plan)
    {
        var found = PastState.Newest(store, Symbol, plan)
            ?? throw new RecoveryException(PersistenceIds.Of(Symbol), 1, "it was deleted, as were all others, and no snapshot helps");
        (found.LastSnapshot, found.SnapshotBefore, found.RecordsCovered) = (LastSnapshot, snapshotBefore, recordsCovered);
        if (seen is not null) found.Recall(seen.BarsClosed, seen.Trace);
        return found;
    }

    /// <summary>The symbol as it was folded by another plan, in place of this one.</summary>
    public HostedSymbol GoOver(HostedSymbol folded, SymbolPlan before)
    {
        if (folded.LastFolded != LastEvent)
            throw new InvalidOperationException($"{folded.Id} was folded anew up to event {folded.LastFolded}, not {LastEvent}.");
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
