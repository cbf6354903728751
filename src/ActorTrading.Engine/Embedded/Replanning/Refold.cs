using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded.Replanning;

/// <summary>
/// Folds the symbols that another plan changes, from their first event on, beside the engine. Each call of <c>CatchUp</c> folds the events
/// journaled since the last call.
/// </summary>
internal sealed class Refold
{
    private readonly IJournalStore store;
    private readonly Plan present;
    private readonly Plan plan;
    private readonly CompiledPlans plans;
    private readonly Dictionary<string, HostedSymbol?> byId = []; // null for symbols that keep their settings
    private readonly EventReplay[] replays;
    private readonly Symbol? only;
    private long last;

    /// <param name="only">The only symbol whose settings differ; null if unknown.</param>
    public Refold(IJournalStore store, Plan present, Plan plan, int lanes, Symbol? only = null)
    {
        this.store = store;
        this.only = only;
        this.present = present;
        this.plan = plan;
        plans = new CompiledPlans(plan);
        replays = [.. Enumerable.Range(0, lanes).Select(_ => new EventReplay(new TraceOutput()))];
    }

    /// <summary>The symbols that were folded again.</summary>
    public IEnumerable<HostedSymbol> Symbols => byId.Values.OfType<HostedSymbol>();

    /// <summary>The folded symbol; null if it keeps its settings.</summary>
    public HostedSymbol? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>Folds the events written since the last call. Returns their number.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public long CatchUp(CancellationToken cancellation)
    {
        var before = replays.Sum(replay => replay.Events);
        if (only is not null) CatchUp(only, cancellation);
        else last = new LaneScan(store, replays.Length).Run(last, SymbolOf, Fold, cancellation);
        return replays.Sum(replay => replay.Events) - before;
    }

    /// <summary>Catches up with a single symbol: reads only its events.</summary>
    private void CatchUp(Symbol symbol, CancellationToken cancellation)
    {
        if (SymbolOf(PersistenceIds.Of(symbol)) is not { } hosted) return;
        RecoveryException? failure = null;
        store.Read(hosted.Id, hosted.LastEvent + 1, long.MaxValue, (in JournalRow row) =>
        {
            try
            {
                replays[0].Fold(hosted, row);
            }
            catch (RecoveryException e)
            {
                failure = e;
            }

            return failure is null && !cancellation.IsCancellationRequested;
        });
        cancellation.ThrowIfCancellationRequested();
        if (failure is not null) throw failure;
    }

    private HostedSymbol? SymbolOf(in JournalRow row) => SymbolOf(row.PersistenceId);

    private HostedSymbol? SymbolOf(string id)
    {
        if (byId.TryGetValue(id, out var known)) return known;
        var symbol = PersistenceIds.SymbolOf(id);
        var changed = symbol is null || plan.For(symbol).Hash == present.For(symbol).Hash
            ? null
            : new HostedSymbol(new SymbolState(symbol, plans.Of(symbol)));
        byId.Add(id, changed);
        return changed;
    }

    private void Fold(int lane, ReplayBlock block)
    {
        for (var i = 0; i < block.Count; i++) replays[lane].Fold(block.SymbolAt(i), block.RowAt(i));
    }
}
