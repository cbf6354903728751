using System.Runtime.CompilerServices;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.DryRuns;
using ActorTrading.Engine.Explaining;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Engine.Past;

/// <summary>
/// What a journal tells of the past, folded by a plan beside whoever writes to it: delays nobody. A missing or damaged
/// event ends what is being read with a <see cref="RecoveryException"/>. Reads on threads of its own
/// (<see cref="ReadingThreads"/>); a cancelled query ends at the next row of the journal. Safe for any number of
/// threads.
/// </summary>
public sealed class JournalPast(Plan plan, IJournalStore store)
{
    private readonly Lock sync = new();
    private readonly CompiledPlans plans = new(plan);
    private readonly Waypoints waypoints = new();

    /// <summary>The plan that it is folded by.</summary>
    public Plan Plan => plan;

    /// <summary>
    /// The state of a symbol as of the last record stamped at or before a moment, in the order of acceptance; null where nothing of
    /// it was accepted by then.
    /// </summary>
    /// <exception cref="EventsDeletedException">The events of that time were deleted.</exception>
    public Task<SymbolState?> StateAsync(Symbol symbol, Timestamp at, CancellationToken cancellation = default) =>
        RunAsync(journal => PastState.At(journal, symbol, PlanOf(symbol), at), cancellation);

    /// <summary>
    /// Bars of a symbol that opened from <paramref name="from"/> on and before <paramref name="to"/>, in the order in which they closed,
    /// with the values of the plan's columns then. Read in pages while they are asked for. Where old events have been deleted,
    /// bars that closed within those are gone.
    /// </summary>
    /// <exception cref="ArgumentException">The symbol's plan has no such bars.</exception>
    public IAsyncEnumerable<BarClosed> BarsAsync(
        Symbol symbol, Frame frame, Timestamp from, Timestamp to, CancellationToken cancellation = default)
    {
        var empty = EmptyWith(frame, symbol);
        return ReadAsync();

        async IAsyncEnumerable<BarClosed> ReadAsync()
        {
            using var past = new PastBars(store.Until(cancellation), waypoints, empty, frame, (from, to));
            while (await ReadingThreads.OfQueries.RunAsync(past.ReadPage, cancellation).ConfigureAwait(false))
            {
                foreach (var bar in past.Page) yield return bar;
            }
        }
    }

    /// <summary>The first of those bars, at most so many. Folds no more than is needed for them.</summary>
    /// <exception cref="ArgumentException">The symbol's plan has no such bars.</exception>
    public Task<IReadOnlyList<BarClosed>> FirstBarsAsync(
        Symbol symbol, Frame frame, (Timestamp From, Timestamp To) span, int limit, CancellationToken cancellation = default)
    {
        var empty = EmptyWith(frame, symbol);
        return RunAsync<IReadOnlyList<BarClosed>>(
            journal =>
            {
                using var past = new PastBars(journal, waypoints, empty, frame, span) { Limit = limit };
                var found = new List<BarClosed>();
                while (found.Count < limit && past.ReadPage()) found.AddRange(past.Page);
                return [.. found.Take(limit)];
            },
            cancellation);
    }

    /// <summary>
    /// The last bars that opened before <paramref name="to"/>, at most so many, with the values of the plan's columns
    /// then. Reads backwards no more than is needed: the last bar is in the newest snapshot, or was closed by an event
    /// after it. What a snapshot does not have is folded once and then remembered.
    /// </summary>
    /// <exception cref="ArgumentException">The symbol's plan has no such bars.</exception>
    public Task<BarPage> NewestBarsAsync(Symbol symbol, Frame frame, Timestamp to, int limit, CancellationToken cancellation = default)
    {
        var empty = EmptyWith(frame, symbol);
        return RunAsync(
            journal =>
            {
                using var newest = new NewestBars(journal, waypoints, empty, frame, (to, limit));
                return newest.Find();
            },
            cancellation);
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
    public Task<SignalExplanation?> ExplainAsync(string signalId, CancellationToken cancellation = default) =>
        SignalId.TryParse(signalId, out var id)
            ? RunAsync(journal => new SignalExplainer(journal, this, plan).Explain(id, cancellation), cancellation)
            : Task.FromResult<SignalExplanation?>(null);

    /// <summary>
    /// Folds symbols by this plan and by another one, and compares the signals. Ends by itself when its time is over. Both plans are
    /// folded from the same event on, so that what differs comes of the plans alone.
    /// </summary>
    public Task<DryRunReport> DryRunAsync(DryRunRequest request, CancellationToken cancellation = default) =>
        RunAsync(journal => new PlanDryRun(journal, plan, request).Run(cancellation), cancellation);

    /// <summary>Every symbol that has an event in the journal, ordered by name.</summary>
    public Task<IReadOnlyList<Symbol>> SymbolsAsync(CancellationToken cancellation = default) => RunAsync<IReadOnlyList<Symbol>>(
        journal => [.. journal.Heads().Select(head => PersistenceIds.SymbolOf(head.PersistenceId)).OfType<Symbol>().Order()], cancellation);

    /// <summary>
    /// The symbols whose first event was deleted, so that they cannot be folded by another plan. Reads one event of each symbol.
    /// </summary>
    public Task<IReadOnlyList<Symbol>> WithoutFirstEventAsync(CancellationToken cancellation = default) => RunAsync<IReadOnlyList<Symbol>>(
        journal =>
        [
            .. from head in journal.Heads()
               let symbol = PersistenceIds.SymbolOf(head.PersistenceId)
               where symbol is not null && !EventPlaces.IsFirstThere(journal, head.PersistenceId)
               select symbol,
        ],
        cancellation);

    /// <summary>
    /// Hands over the accepted records of a symbol that are not excluded, the first accepted first, until the handler returns false.
    /// </summary>
    public Task ReadAsync(Symbol symbol, PastRecordHandler handler, CancellationToken cancellation = default) => RunAsync(
        journal =>
        {
            using var past = new PastRecords(journal, symbol, plan.For(symbol).Exclusions);
            past.Read(handler, cancellation);
            return true;
        },
        cancellation);

    /// <summary>
    /// The records of a symbol accepted last that are not excluded, at most so many, that are stamped within [from, to),
    /// in the order of acceptance.
    /// </summary>
    public Task<IReadOnlyList<Record>> NewestAsync(
        Symbol symbol, Timestamp from, Timestamp to, int limit, CancellationToken cancellation = default) =>
        RunAsync<IReadOnlyList<Record>>(
            journal =>
            {
                using var past = new PastRecords(journal, symbol, plan.For(symbol).Exclusions);
                return past.Newest(from, to, limit, cancellation);
            },
            cancellation);

    internal SymbolPlan PlanOf(Symbol symbol)
    {
        lock (sync) return plans.Of(symbol);
    }

    private SymbolState EmptyWith(Frame frame, Symbol symbol)
    {
        var symbolPlan = PlanOf(symbol);
        return symbolPlan.Settings.Frames.Contains(frame)
            ? new SymbolState(symbol, symbolPlan)
            : throw new ArgumentException($"The plan of {symbol} has no bars of {frame.Name()}.", nameof(frame));
    }

    private Task<T> RunAsync<T>(Func<IJournalStore, T> read, CancellationToken cancellation) =>
        ReadingThreads.OfQueries.RunAsync(() => read(store.Until(cancellation)), cancellation);
}
