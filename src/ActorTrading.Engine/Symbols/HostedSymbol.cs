using System.Buffers;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Engine.Symbols;

/// <summary>A symbol in its partition: its state, and how far its events have come.</summary>
internal sealed class HostedSymbol(SymbolState state)
{
    private const int FewEvents = 8;
    private const int FewRecords = 128;

    public Symbol Symbol { get; } = state.Symbol;

    public string Id { get; } = PersistenceIds.Of(state.Symbol);

    public SymbolState State { get; set; } = state;

    /// <summary>The number of its last event, durable or on its way.</summary>
    public long LastEvent { get; set; }

    /// <summary>The number of the last event that its state contains.</summary>
    public long LastFolded { get; set; }

    /// <summary>Whether anything of it was accepted; nothing was where all of it is excluded.</summary>
    public bool HasRecords =>
        LastFolded > 0 && ((State.Plan.Settings.Exclusions is null && DeletedAt == 0) || State.Sources.Applied + State.Sources.Late > 0);

    /// <summary>The event that deleted it the last time; 0 for none. Its state has it.</summary>
    public long DeletedAt => SymbolDeleted.DeletionBefore(State.Ohlcv.LastSignalNumber);

    /// <summary>That event, where it was folded or its snapshot restored.</summary>
    public SymbolDeleted? Deletion { get; private set; }

    /// <summary>Whether it was deleted and nothing of it was accepted since. Advances of the clock do not concern it.</summary>
    public bool IsGone => DeletedAt > 0 && IsSettled && !HasRecords;

    /// <summary>Folds its deletion, or restores it to that.</summary>
    public void Delete(SymbolDeleted deleted, long sequenceNumber)
    {
        var plan = State.Plan;
        State = SymbolState.After(deleted, sequenceNumber, plan);
        foreach (var exclusion in plan.Settings.Exclusions?.All ?? [])
        {
            foreach (var id in exclusion.Newest) Fold.PassOver(State, id);
        }

        (BarsClosed, Trace) = (new long[plan.Shown.Count], new MarketTrace(plan));
        LastEvent = LastFolded = sequenceNumber;
        Deletion = deleted;
    }

    /// <summary>The event that its newest snapshot covers, and that of the one before; 0 for none.</summary>
    public long LastSnapshot { get; set; }

    public long SnapshotBefore { get; set; }

    /// <summary>How many records its newest snapshot covers.</summary>
    public long RecordsCovered { get; set; }

    /// <summary>When an event of records was folded last, in the turns of its partition.</summary>
    public int LastTurn { get; set; }

    /// <summary>Bars closed since the engine began, by the place of their series among those shown.</summary>
    public long[] BarsClosed { get; private set; } = new long[state.Plan.Shown.Count];

    /// <summary>What a table of the market shows of it beyond its state.</summary>
    public MarketTrace Trace { get; private set; } = new(state.Plan);

    /// <summary>Where its turn for a snapshot begins.</summary>
    public uint Turn { get; } = state.Symbol.StableHash >> 1;

    /// <summary>
    /// Whether it is its turn for a snapshot: every so many events, beginning at another number for each symbol, and
    /// not before it is worth it; never when that is 0.
    /// </summary>
    public bool IsSnapshotDue(int every) =>
        every > 0 && (LastFolded + Turn) % every == 0 && (LastFolded - LastSnapshot >= every || IsSnapshotWorthwhile);

    /// <summary>
    /// Whether a snapshot is worth its bytes: of few events and records since the last one it is not, for folding them
    /// again costs less. A deletion is its own.
    /// </summary>
    public bool IsSnapshotWorthwhile => !IsGone && IsFoldingDear;

    private bool IsFoldingDear =>
        LastFolded - LastSnapshot > FewEvents
            || (LastFolded > LastSnapshot && State.Sources.Applied + State.Sources.Late - RecordsCovered > FewRecords);

    /// <summary>Whether nothing of it is on its way to the journal.</summary>
    public bool IsSettled => Grouped == 0 && LastFolded == LastEvent;

    /// <summary>Takes note of a snapshot of what is folded.</summary>
    public void NoteSnapshot()
    {
        SnapshotBefore = LastSnapshot;
        LastSnapshot = LastFolded;
        RecordsCovered = State.Sources.Applied + State.Sources.Late;
    }

    /// <summary>Takes over what had been seen of it before it was read from the journal.</summary>
    public void Recall(long[] barsClosed, MarketTrace trace) => (BarsClosed, Trace) = (barsClosed, trace);

    /// <summary>Takes over its state by another plan, of which no snapshot is there yet.</summary>
    public void GoOver(HostedSymbol folded)
    {
        if (folded.LastFolded != LastFolded)
            throw new InvalidOperationException($"{Id} was folded anew up to event {folded.LastFolded}, not {LastFolded}.");
        BarsClosed = Carried(BarsClosed, State.Plan, folded.State.Plan);
        State = folded.State;
        Trace = folded.Trace;
        LastSnapshot = SnapshotBefore = RecordsCovered = 0;
    }

    /// <summary>What bars were closed under another plan before this one was folded by its own.</summary>
    public void CarryBars(long[] closed, SymbolPlan before) => BarsClosed = Carried(closed, before, State.Plan);

    private static long[] Carried(long[] closed, SymbolPlan before, SymbolPlan after) =>
        [.. after.Shown.Select(series => before.SeriesOf(series.Frame) is { } same ? closed[same.Index] : 0)];

    /// <summary>What a table of the market shows of it at present.</summary>
    public MarketReading ReadMarket() => Trace.Read(State, LastFolded);

    /// <summary>Writes a snapshot of what is folded; the writer is scratch memory.</summary>
    public void WriteSnapshot(StateWriter scratch, IBufferWriter<byte> output)
    {
        scratch.Clear();
        State.Write(scratch);
        Span<byte> hash = stackalloc byte[PlanHash.Length];
        State.Plan.Settings.Hash.CopyTo(hash);
        SnapshotCodec.Encode(hash, Symbol, LastFolded, scratch.Written, output);
    }

    /// <summary>About where it lies in the journal's index: the order of its name's first eight characters.</summary>
    public ulong IndexKey { get; } = KeyOf(state.Symbol.Name);

    // Of the group that is being collected: how many of its records are in it, and which of its symbols it is.
    internal int Grouped;
    internal int Slot;

    private static ulong KeyOf(string name)
    {
        var key = 0UL;
        for (var i = 0; i < sizeof(ulong); i++) key = (key << 8) | (i < name.Length ? name[i] : 0UL);
        return key;
    }
}
