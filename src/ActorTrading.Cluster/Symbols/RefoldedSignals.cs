using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Past;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Signals that the log may not have, folded again from the newest snapshot that helps: those of the plan before, which a crash in the middle of a change
/// may have kept from it, and those that an outbox had no room for. As many as are asked for at a time, so that memory is bounded.
/// </summary>
internal sealed class RefoldedSignals : IFoldOutput
{
    private readonly long after;
    private readonly List<Signal> signals = [];
    private EventsInForce inForce = null!;
    private long folding;

    private RefoldedSignals(SymbolPlan plan, long after)
    {
        Plan = plan;
        this.after = after;
    }

    /// <summary>What they are of.</summary>
    public SymbolPlan Plan { get; }

    /// <summary>In the order of their numbers.</summary>
    public List<Signal> Signals => signals;

    /// <summary>Those of the plan before, from the first number that may be missing; null where there is none.</summary>
    /// <param name="symbol">As it was restored by the present plan. A snapshot of that is taken when all earlier signals are in the log.</param>
    /// <param name="last">The last event before the present plan came into force.</param>
    public static RefoldedSignals? Earlier(IJournalStore store, PlanHistory plans, HostedSymbol symbol, long last) =>
        last == 0 || symbol.LastEvent >= last || PlanAt(store, plans, symbol, last) is not { } settings
            ? null
            : Of(store, plans, symbol.Symbol, new SymbolPlan(settings), last, after: 0);

    /// <summary>Those by a plan that have a number behind that one and fired up to an event.</summary>
    public static RefoldedSignals Of(IJournalStore store, PlanHistory plans, Symbol symbol, SymbolPlan plan, long last, long after)
    {
        var refolded = new RefoldedSignals(plan, after);
        var hosted = new HostedSymbol(new SymbolState(symbol, plan));
        new PastSnapshots(store, hosted).TryRestoreAtMost(last);
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

    private static PlanSettings? PlanAt(IJournalStore store, PlanHistory plans, HostedSymbol symbol, long number)
    {
        PlanSettings? settings = null;
        store.Read(symbol.Id, number, number, (in JournalRow row) =>
        {
            settings = plans.At(row.Ordering)?.For(symbol.Symbol);
            return false;
        });
        return settings;
    }

    private void Fold(IJournalStore store, PlanHistory plans, HostedSymbol hosted, long last)
    {
        inForce = new EventsInForce(plans, store, hosted);
        var replay = new EventReplay(this);
        store.Read(hosted.Id, hosted.LastEvent + 1, last, (in JournalRow row) =>
        {
            folding = row.SequenceNumber;
            if (signals.Count >= SignalOutbox.MostHeld) return false;
            try
            {
                replay.Fold(hosted, row.SequenceNumber, row.Manifest, row.SerializerId, row.Payload);
                return true;
            }
            catch (Exception)
            {
                return false; // here the symbol was put into quarantine, and said no more
            }
        });
    }
}
