using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Signals that may be missing in the signal log, folded again from the newest usable snapshot: signals of the previous plan that a
/// crash during a plan change kept from the log, and signals beyond the bound of an outbox. A limited number is read at a time, to
/// bound memory. Blocks.
/// </summary>
internal sealed class RefoldedSignals : IFoldOutput
{
    private readonly long after;
    private readonly List<Signal> signals = [];
    private PlanEpochs inForce = null!;
    private long folding;

    private RefoldedSignals(SymbolPlan? plan, PlanHash key, long after)
    {
        Plan = plan;
        Key = key;
        this.after = after;
    }

    /// <summary>The plan of these signals; null for withdrawals.</summary>
    public SymbolPlan? Plan { get; }

    /// <summary>The plan hash that identifies these signals in the log.</summary>
    public PlanHash Key { get; }

    /// <summary>The signals in the order of their numbers.</summary>
    public List<Signal> Signals => signals;

    /// <summary>Signals of the previous plan, from the first number that may be missing; null if there are none.</summary>
    /// <param name="last">The last event before the current plan came into force; 0: none.</param>
    /// <param name="snapshot">The event that a snapshot by the current plan covers. When it was taken, all earlier signals were in
    /// the log.</param>
    public static RefoldedSignals? Earlier(IJournalStore store, PlanHistory plans, Symbol symbol, long last, long snapshot) =>
        last == 0 || snapshot >= last || PlanAt(store, plans, symbol, last) is not { } settings
            ? null
            : Of(store, plans, new MissingSignals(symbol, new SymbolPlan(settings), After: 0), last);

    /// <summary>The missing signals that were fired up to an event.</summary>
    public static RefoldedSignals Of(IJournalStore store, PlanHistory plans, MissingSignals missing, long last)
    {
        if (missing.Plan is not { } plan) return Withdrawals(store, plans, missing);
        var refolded = new RefoldedSignals(plan, plan.Settings.Hash, missing.After);
        var hosted = new HostedSymbol(new SymbolState(missing.Symbol, plan));
        new SnapshotHistory(store, hosted).TryRestoreAtMost(last);
        refolded.Fold(store, plans, hosted, last);
        return refolded;
    }

    void IFoldOutput.OnSignal(Signal signal)
    {
        if (signal.Number > after && inForce.Contains(folding)) signals.Add(signal);
    }

    void IFoldOutput.OnBar(SymbolState symbol, Series series, in Bar bar)
    {
    }

    void IFoldOutput.OnLate(in Record record)
    {
    }

    void IFoldOutput.OnFault(IndicatorFault fault)
    {
    }

    private static RefoldedSignals Withdrawals(IJournalStore store, PlanHistory plans, MissingSignals missing)
    {
        var found = WithdrawnSignals.Find(store, plans, missing.Symbol);
        var withdrawals = new RefoldedSignals(null, found.Key, missing.After);
        withdrawals.signals.AddRange(found.Withdrawn.Where(signal => signal.Number > missing.After).Take(SignalOutbox.MostHeld));
        return withdrawals;
    }

    private static PlanSettings? PlanAt(IJournalStore store, PlanHistory plans, Symbol symbol, long number)
    {
        PlanSettings? settings = null;
        store.Read(PersistenceIds.Of(symbol), number, number, (in JournalRow row) =>
        {
            settings = plans.At(row.Ordering)?.For(symbol);
            return false;
        });
        return settings;
    }

    private void Fold(IJournalStore store, PlanHistory plans, HostedSymbol hosted, long last)
    {
        inForce = new PlanEpochs(store, plans, hosted.Symbol, hosted.State.Plan, hosted.LastEvent);
        using var replay = new EventReplay(this);
        store.Read(hosted.Id, hosted.LastEvent + 1, last, (in JournalRow row) =>
        {
            folding = row.SequenceNumber;
            if (signals.Count >= SignalOutbox.MostHeld) return false;
            try
            {
                replay.Fold(hosted, row);
                return true;
            }
            catch (Exception)
            {
                return false; // the symbol was quarantined here and fired nothing more
            }
        });
    }
}

/// <summary>
/// Position of signals that are not in memory: all signals of a symbol by a plan after a number. Without a plan: the withdrawals of
/// the last change of exclusions.
/// </summary>
internal sealed record MissingSignals(Symbol Symbol, SymbolPlan? Plan, long After);
