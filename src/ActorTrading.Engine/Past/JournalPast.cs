using System.Runtime.CompilerServices;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.DryRuns;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Explaining;
using ActorTrading.Engine.Journal;

namespace ActorTrading.Engine.Past;

/// <summary>
/// What a journal tells of the past, folded by a plan beside whoever writes to it: delays nobody. A missing or damaged event ends
/// what is being read with a <see cref="RecoveryException"/>. Safe for any number of threads.
/// </summary>
public sealed class JournalPast(Plan plan, IJournalStore store)
{
    private readonly Lock sync = new();
    private readonly CompiledPlans plans = new(plan);

    /// <summary>The plan that it is folded by.</summary>
    public Plan Plan => plan;

    /// <summary>
    /// The state of a symbol as of the last record stamped at or before a moment, in the order of acceptance; null where nothing of
    /// it was accepted by then.
    /// </summary>
    /// <exception cref="EventsDeletedException">The events of that time were deleted.</exception>
    public Task<SymbolState?> StateAsync(Symbol symbol, Timestamp at, CancellationToken cancellation = default) =>
        Task.Run(() => PastState.At(store, symbol, PlanOf(symbol), at), cancellation);

    /// <summary>
    /// Bars of a symbol that opened from <paramref name="from"/> on and before <paramref name="to"/>, in the order in which they closed,
    /// with the values of the plan's columns then. Read in pages while they are asked for. Where old events have been deleted,
    /// bars that closed within those are gone.
    /// </summary>
    /// <exception cref="ArgumentException">The symbol's plan has no such bars.</exception>
    public IAsyncEnumerable<BarClosed> BarsAsync(
        Symbol symbol, Frame frame, Timestamp from, Timestamp to, CancellationToken cancellation = default)
    {
        var symbolPlan = PlanOf(symbol);
        if (!symbolPlan.Settings.Frames.Contains(frame)) throw new ArgumentException($"The plan of {symbol} has no bars of {frame.Name()}.", nameof(frame));
        return ReadAsync();

        async IAsyncEnumerable<BarClosed> ReadAsync()
        {
            var past = new PastBars(store, symbol, symbolPlan, frame, from, to);
            while (await Task.Run(() => past.ReadPage(cancellation), cancellation).ConfigureAwait(false))
            {
                foreach (var bar in past.Page) yield return bar;
            }
        }
    }

    /// <summary>
    /// Accepted records after a position in the journal (0: from the first that is there), in the order of writing, to where the
    /// journal ends.
    /// </summary>
    public async IAsyncEnumerable<JournaledRecords> RecordsAsync(
        long afterPosition, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var reader = new RecordReader(store, afterPosition);
        while (await reader.ReadPageAsync(cancellation).ConfigureAwait(false))
        {
            foreach (var records in reader.Page) yield return records;
        }
    }

    /// <summary>
    /// Why a signal fired: as it was logged, as the events give it, and what led to it; null where neither log nor events know that id.
    /// Reads the log until it is found, and folds the symbol up to it.
    /// </summary>
    public Task<SignalExplanation?> ExplainAsync(string signalId, CancellationToken cancellation = default) => SignalId.TryParse(signalId, out var id)
        ? Task.Run(() => new SignalExplainer(store, this, plan).Explain(id, cancellation), cancellation)
        : Task.FromResult<SignalExplanation?>(null);

    /// <summary>
    /// Folds symbols by this plan and by another one, and compares the signals. Ends by itself when its time is over. Both plans are
    /// folded from the same event on, so that what differs comes of the plans alone.
    /// </summary>
    public Task<DryRunReport> DryRunAsync(DryRunRequest request, CancellationToken cancellation = default) => Task.Factory.StartNew(
        () => new PlanDryRun(store, plan, request).Run(cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Every symbol that has an event in the journal, ordered by name.</summary>
    public Task<IReadOnlyList<Symbol>> SymbolsAsync(CancellationToken cancellation = default) => Task.Run<IReadOnlyList<Symbol>>(
        () => [.. store.Heads().Select(head => PersistenceIds.SymbolOf(head.PersistenceId)).OfType<Symbol>().Order()], cancellation);

    /// <summary>
    /// The symbols whose first event was deleted, so that they cannot be folded by another plan. Reads one event of each symbol.
    /// </summary>
    public Task<IReadOnlyList<Symbol>> WithoutFirstEventAsync(CancellationToken cancellation = default) => Task.Run<IReadOnlyList<Symbol>>(
        () =>
        [
            .. from head in store.Heads()
               let symbol = PersistenceIds.SymbolOf(head.PersistenceId)
               where symbol is not null && !cancellation.IsCancellationRequested && !EventPlaces.IsFirstThere(store, head.PersistenceId)
               select symbol,
        ],
        cancellation);

    /// <summary>Hands over the accepted records of a symbol that are not excluded, the first accepted first, until the handler returns false.</summary>
    public Task ReadAsync(Symbol symbol, PastRecordHandler handler, CancellationToken cancellation = default) =>
        Task.Run(() => new PastRecords(store, symbol, plan.For(symbol).Exclusions).Read(handler, cancellation), cancellation);

    /// <summary>The records of a symbol accepted last that are not excluded, at most so many, that are stamped within [from, to), in the order of acceptance.</summary>
    public Task<IReadOnlyList<Record>> NewestAsync(
        Symbol symbol, Timestamp from, Timestamp to, int limit, CancellationToken cancellation = default) =>
        Task.Run<IReadOnlyList<Record>>(() => new PastRecords(store, symbol, plan.For(symbol).Exclusions).Newest(from, to, limit, cancellation), cancellation);

    internal SymbolPlan PlanOf(Symbol symbol)
    {
        lock (sync) return plans.Of(symbol);
    }
}
