using System.Buffers;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Engine.Symbols;

/// <summary>A symbol in its partition: its state and the progress of its events.</summary>
internal sealed class HostedSymbol(SymbolState state)
{
    private const int FewEvents = 8;
    private const int FewRecords = 128;

    public Symbol Symbol { get; } = state.Symbol;

    public string Id { get; } = PersistenceIds.Of(state.Symbol);

    public SymbolState State { get; set; } = state;

    /// <summary>The number of its last event, whether durable or still being written.</summary>
    public long LastEvent { get; set; }

    /// <summary>The number of the last event that the state includes.</summary>
    public long LastFolded { get; set; }

    /// <summary>Whether at least one record of it was accepted; false if all of its records are excluded.</summary>
    public bool HasRecords =>
        LastFolded > 0 && ((State.Plan.Settings.Exclusions is null && DeletedAt == 0) || State.Sources.Applied + State.Sources.Late > 0);

    /// <summary>The number of the event that deleted it last; 0 for none. Part of the state.</summary>
    public long DeletedAt => SymbolDeleted.DeletionBefore(State.Ohlcv.LastSignalNumber);

    /// <summary>That deletion, if it was folded or restored from a snapshot.</summary>
    public SymbolDeleted? Deletion { get; private set; }

    /// <summary>Whether it was deleted and no record was accepted since. Clock advances do not apply to it.</summary>
    public bool IsGone => DeletedAt > 0 && IsSettled && !HasRecords;

    /// <summary>Whether clock advances apply to it: a record was accepted, or is folded, since it was created or deleted.</summary>
    public bool TakesClock => State.HasUnapplied || (LastFolded > 0 && !IsGone);

    /// <summary>Folds its deletion, or restores it as deleted.</summary>
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

    /// <summary>The event that its newest snapshot covers, and the event of the previous snapshot; 0 for none.</summary>
    public long LastSnapshot { get; set; }

    public long SnapshotBefore { get; set; }

    /// <summary>Number of records that its newest snapshot covers.</summary>
    public long RecordsCovered { get; set; }

    /// <summary>When an event with records was folded last, counted in sweeps of the partition.</summary>
    public int LastTurn { get; set; }

    /// <summary>Bars closed since the engine started, by index of the series among the shown ones.</summary>
    public long[] BarsClosed { get; private set; } = new long[state.Plan.Shown.Count];

    /// <summary>The values of its market row that are not part of the state.</summary>
    public MarketTrace Trace { get; private set; } = new(state.Plan);

    /// <summary>Offset of its snapshots: spreads the snapshots of many symbols over time.</summary>
    public uint Turn { get; } = state.Symbol.StableHash >> 1;

    /// <summary>
    /// Whether a snapshot is due: every <paramref name="every"/> events, with a different offset for each symbol. If the last snapshot is
    /// more recent than that, a new one must be worthwhile. Never if <paramref name="every"/> is 0.
    /// </summary>
    public bool IsSnapshotDue(int every) =>
        every > 0 && (LastFolded + Turn) % every == 0 && (LastFolded - LastSnapshot >= every || IsSnapshotWorthwhile);

    /// <summary>
    /// Whether a snapshot is worthwhile. It is not after few events and records since the last snapshot: folding them again costs less. A
    /// deleted symbol needs none: the deletion serves as its snapshot.
    /// </summary>
    public bool IsSnapshotWorthwhile => !IsGone && IsFoldingDear;

    private bool IsFoldingDear =>
        LastFolded - LastSnapshot > FewEvents
            || (LastFolded > LastSnapshot && State.Sources.Applied + State.Sources.Late - RecordsCovered > FewRecords);

    /// <summary>Whether all of its events are durable and folded.</summary>
    public bool IsSettled => Grouped == 0 && LastFolded == LastEvent;

    /// <summary>Notes that a snapshot of the folded state was taken.</summary>
    public void NoteSnapshot()
    {
        SnapshotBefore = LastSnapshot;
        LastSnapshot = LastFolded;
        RecordsCovered = State.Sources.Applied + State.Sources.Late;
    }

    /// <summary>Restores the closed-bar counts and the trace that it had before it was read from the journal.</summary>
    public void Recall(long[] barsClosed, MarketTrace trace) => (BarsClosed, Trace) = (barsClosed, trace);

    /// <summary>Takes over the state folded with another plan; no snapshot of that state exists yet.</summary>
    public void SwitchPlan(HostedSymbol folded)
    {
        if (folded.LastFolded != LastFolded)
            throw new InvalidOperationException($"{Id} was replayed up to event {folded.LastFolded}, not {LastFolded}.");
        BarsClosed = Carried(BarsClosed, State.Plan, folded.State.Plan);
        State = folded.State;
        Trace = folded.Trace;
        LastSnapshot = SnapshotBefore = RecordsCovered = 0;
    }

    /// <summary>Carries over the counts of bars that were closed with the previous plan.</summary>
    public void CarryBars(long[] closed, SymbolPlan before) => BarsClosed = Carried(closed, before, State.Plan);

    private static long[] Carried(long[] closed, SymbolPlan before, SymbolPlan after) =>
        [.. after.Shown.Select(series => before.SeriesOf(series.Frame) is { } same ? closed[same.Index] : 0)];

    /// <summary>Its current market row.</summary>
    public MarketReading ReadMarket() => Trace.Read(State, LastFolded);

    /// <summary>Writes a snapshot of the folded state; <paramref name="scratch"/> is scratch memory.</summary>
    public void WriteSnapshot(StateWriter scratch, IBufferWriter<byte> output)
    {
        scratch.Clear();
        State.Write(scratch);
        Span<byte> hash = stackalloc byte[PlanHash.Length];
        State.Plan.Settings.Hash.CopyTo(hash);
        SnapshotCodec.Encode(hash, Symbol, LastFolded, scratch.Written, output);
    }

    /// <summary>Approximate position in the journal's index: ordered by the first eight characters of its name.</summary>
    public ulong IndexKey { get; } = KeyOf(state.Symbol.Name);

    // State in the commit group that is being collected: number of its records in the group, and its index among the group's symbols.
    internal int Grouped;
    internal int Slot;

    private static ulong KeyOf(string name)
    {
        var key = 0UL;
        for (var i = 0; i < sizeof(ulong); i++) key = (key << 8) | (i < name.Length ? name[i] : 0UL);
        return key;
    }
}
