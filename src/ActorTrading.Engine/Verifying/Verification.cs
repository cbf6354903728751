using System.Diagnostics;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Verifying;

/// <summary>
/// Verifies a journal: folds it from its first event, in one scan, and compares the result with the snapshots (byte for byte) and the
/// signal log. Needs the memory of all states, and 32 bytes per signal not yet found in the log. Reads only. A node may be running, unless
/// it deletes old events; events written during the verification are ignored.
/// </summary>
public sealed class Verification : IFoldOutput
{
    /// <summary>Maximum number of faults that a report lists; all are counted.</summary>
    public const int MaxFaults = 1_000;

    private const int EventsBetweenReports = 4_096;

    private readonly IJournalStore store;
    private readonly Faults faults = new();
    private readonly Dictionary<Symbol, VerifiedSymbol> symbols = [];
    private readonly Dictionary<string, VerifiedSymbol> byId = [];
    private readonly List<UnverifiedEvents> unverified = [];
    private readonly List<Signal> fired = [];
    private readonly SnapshotCheck snapshots;
    private readonly SignalLogCheck log;
    private readonly SignalCheck signals;
    private readonly EventReplay replay;
    private readonly CompiledPlans plans;
    private readonly PlanHistory history;
    private readonly Plan plan;

    private Verification(IJournalStore store, Plan? plan)
    {
        this.store = store;
        snapshots = new SnapshotCheck(store, faults);
        log = new SignalLogCheck(store, faults);
        history = PlanHistory.None.TryReadOn(store, out var fault);
        if (fault is not null) faults.Add(VerifiedPart.Plan, PersistenceIds.Plan, history.Count + 1, fault);
        plan = history.Present is { } present ? (plan ?? present).WithExclusionsOf(present) : plan ?? Plan.Default;
        this.plan = plan;
        signals = new SignalCheck(store, (plan, history), symbols, log, faults);
        replay = new EventReplay(this, judges: true);
        plans = new CompiledPlans(plan);
    }

    /// <summary>Verifies a journal with a plan; if none is given, with the journal's own plan. Damage is reported and not thrown.</summary>
    /// <exception cref="JournalException">The journal cannot be read.</exception>
    public static VerificationReport Run(
        IJournalStore store, Plan? plan, IProgress<VerificationProgress>? progress = null, CancellationToken cancellation = default) =>
        new Verification(store, plan).Run(progress, cancellation);

    /// <inheritdoc/>
    void IFoldOutput.OnSignal(Signal signal) => fired.Add(signal);

    /// <inheritdoc/>
    void IFoldOutput.OnBar(SymbolState symbol, Series series, in Bar bar)
    {
    }

    /// <inheritdoc/>
    void IFoldOutput.OnLate(in Record record)
    {
    }

    /// <inheritdoc/>
    void IFoldOutput.OnFault(IndicatorFault fault)
    {
    }

    private VerificationReport Run(IProgress<VerificationProgress>? progress, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var (logged, listed, all) = (0L, 0L, 0L);
        foreach (var head in store.Heads())
        {
            if (head.PersistenceId == PersistenceIds.Administrator) logged = head.HighestSequenceNumber;
            if (head.PersistenceId == PersistenceIds.Subscriptions) listed = head.HighestSequenceNumber;
            if (PersistenceIds.SymbolOf(head.PersistenceId) is not { } symbol) continue;
            var verified = new VerifiedSymbol(new HostedSymbol(new SymbolState(symbol, plans.Of(symbol))), head.HighestSequenceNumber);
            symbols.Add(symbol, verified);
            byId.Add(head.PersistenceId, verified);
            snapshots.Collect(verified);
            Begin(verified);
            all += head.HighestSequenceNumber;
            cancellation.ThrowIfCancellationRequested();
        }

        log.Collect();
        var changes = 0L;
        var unreported = EventsBetweenReports;
        store.ReadAll(0, (in JournalRow row) =>
        {
            if (row.PersistenceId == PersistenceIds.Administrator) signals.Logged(row, logged);
            else if (row.PersistenceId == PersistenceIds.Subscriptions) Take(row, ref changes);
            else if (byId.TryGetValue(row.PersistenceId, out var symbol) && !symbol.IsBroken) Take(symbol, row);
            if (--unreported > 0) return true;
            unreported = EventsBetweenReports;
            progress?.Report(new VerificationProgress(replay.Events, all, replay.Records));
            return !cancellation.IsCancellationRequested;
        });
        cancellation.ThrowIfCancellationRequested();
        if (changes < listed)
            faults.Add(VerifiedPart.Subscription, PersistenceIds.Subscriptions, changes + 1, $"it and all up to {listed} are missing");
        End(logged);
        progress?.Report(new VerificationProgress(replay.Events, all, replay.Records));
        return Report(Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Checks a change of the subscription list.</summary>
    private void Take(in JournalRow row, ref long changes)
    {
        if (!SubscriptionEvents.TryRead(row, changes + 1, out _, out _, out var fault))
            faults.Add(VerifiedPart.Subscription, PersistenceIds.Subscriptions, changes + 1, fault);
        changes = row.SequenceNumber;
    }

    /// <summary>If the first events were deleted, starts at the oldest snapshot that covers them.</summary>
    private void Begin(VerifiedSymbol symbol)
    {
        var first = symbol.Head + 1; // if every event was deleted
        store.Read(symbol.Hosted.Id, 1, symbol.Head, (in JournalRow row) =>
        {
            first = row.SequenceNumber;
            return false;
        });
        var deletedAt = EventPlaces.DeletionOf(store, symbol.Hosted.Id);
        symbol.SignalsBefore = SymbolDeleted.LastSignalBefore(deletedAt);
        if (first == 1 || deletedAt > 0) return; // no earlier event is needed
        if (snapshots.TryBeginAt(symbol, first)) unverified.Add(new UnverifiedEvents(symbol.Hosted.Symbol, symbol.BeganAfter));
        else Break(symbol, 1, $"it and all up to {first - 1} are missing, and no snapshot of the current plan covers them");
    }

    private void Take(VerifiedSymbol symbol, in JournalRow row)
    {
        var hosted = symbol.Hosted;
        if (row.SequenceNumber <= symbol.BeganAfter || row.SequenceNumber > symbol.Head) return;
        if (row.SequenceNumber <= hosted.LastEvent)
        {
            Break(symbol, row.SequenceNumber, $"it comes after event {hosted.LastEvent}");
            return;
        }

        try
        {
            replay.Fold(hosted, row);
        }
        catch (RecoveryException e)
        {
            Break(symbol, e.SequenceNumber, e.Fault);
        }

        if (row.Manifest == EventManifests.SymbolDeleted)
            symbol.LastLogged = Math.Max(symbol.LastLogged, SymbolDeleted.LastSignalBefore(row.SequenceNumber));
        signals.Fired(symbol, fired, row.Ordering);
        if (!symbol.IsBroken) snapshots.Compare(symbol);
    }

    private void Break(VerifiedSymbol symbol, long sequenceNumber, string fault)
    {
        symbol.IsBroken = true;
        faults.Add(VerifiedPart.Event, symbol.Hosted.Id, sequenceNumber, fault);
    }

    private void End(long logged)
    {
        foreach (var symbol in symbols.Values)
        {
            if (!symbol.IsBroken && symbol.Hosted.LastEvent < symbol.Head)
                Break(symbol, symbol.Hosted.LastEvent + 1, $"it and all up to {symbol.Head} are missing");
            snapshots.End(symbol);
        }

        signals.End(logged);
    }

    private VerificationReport Report(TimeSpan elapsed)
    {
        var isWhole = symbols.Values.All(symbol => !symbol.IsBroken);
        return new VerificationReport
        {
            Faults = faults.Listed,
            FaultCount = faults.Count,
            Symbols = symbols.Count,
            Events = replay.Events,
            Records = replay.Records,
            Snapshots = snapshots.Same + log.Same,
            SnapshotsOfOtherPlans = snapshots.OfOtherPlans,
            Signals = signals.Same,
            SignalsOfOtherPlans = signals.OfOtherPlans,
            SignalsUnverified = signals.Unverified,
            SignalsWithdrawn = signals.Withdrawn,
            Exclusions = plan.ExcludingSymbols.Sum(symbol => plan.For(symbol).Exclusions?.All.Count ?? 0),
            RecordsExcluded = replay.Excluded,
            SignalsNotInForce = symbols.Values.Sum(symbol => symbol.NotInForce),
            SignalsToLog = symbols.Values.Sum(symbol => (long)symbol.Unlogged),
            Unverified = [.. unverified.OrderBy(events => events.Symbol)],
            Hash = isWhole
                ? StateHash.Of(
                    StateHash.Each(symbols.Values.Where(symbol => symbol.Hosted.HasRecords).Select(symbol => symbol.Hosted.State)))
                : null,
            Elapsed = elapsed,
        };
    }
}
