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

namespace ActorTrading.Engine.History;

/// <summary>
/// Queries of the past: folds the journal with a plan, in parallel with the journal's writer, which is not slowed down. A missing or
/// damaged event ends the query with a <see cref="RecoveryException"/>. Reads on its own threads (<see cref="ReadingThreads"/>); a
/// cancelled query ends at the next row of the journal. Thread-safe.
/// </summary>
public sealed class JournalHistory(Plan plan, IJournalStore store)
{
    private readonly Lock sync = new();
    private readonly CompiledPlans plans = new(plan);
    private readonly Waypoints waypoints = new();

    /// <summary>The plan of the fold.</summary>
    public Plan Plan => plan;

    /// <summary>
    /// The state of a symbol as of the last record with a timestamp at or before a moment, in the order of acceptance. Null if no record of
    /// it was accepted by then.
    /// </summary>
    /// <exception cref="EventsDeletedException">The events of that time were deleted.</exception>
    public Task<SymbolState?> StateAsync(Symbol symbol, Timestamp at, CancellationToken cancellation = default) =>
        RunAsync(journal => StateHistory.At(journal, symbol, PlanOf(symbol), at), cancellation);

    /// <summary>
    /// Bars of a symbol that opened at or after <paramref name="from"/> and before <paramref name="to"/>, in the order in which they
    /// closed, with the values of the plan's columns at that time. Read in pages on demand. If old events were deleted, the bars that they
    /// closed are missing.
    /// </summary>
    /// <exception cref="ArgumentException">The symbol's plan does not have this frame.</exception>
    public IAsyncEnumerable<BarClosed> BarsAsync(
        Symbol symbol, Frame frame, Timestamp from, Timestamp to, CancellationToken cancellation = default)
    {
        var empty = EmptyWith(frame, symbol);
        return ReadAsync();

        async IAsyncEnumerable<BarClosed> ReadAsync()
        {
            using var past = new BarHistory(store.Until(cancellation), waypoints, empty, frame, (from, to));
            while (await ReadingThreads.OfQueries.RunAsync(past.ReadPage, cancellation).ConfigureAwait(false))
            {
                foreach (var bar in past.Page) yield return bar;
            }
        }
    }

    /// <summary>The first of those bars, at most <paramref name="limit"/>. Folds no more than needed for them.</summary>
    /// <exception cref="ArgumentException">The symbol's plan does not have this frame.</exception>
    public Task<IReadOnlyList<BarClosed>> FirstBarsAsync(
        Symbol symbol, Frame frame, (Timestamp From, Timestamp To) span, int limit, CancellationToken cancellation = default)
    {
        var empty = EmptyWith(frame, symbol);
        return RunAsync<IReadOnlyList<BarClosed>>(
            journal =>
            {
                using var past = new BarHistory(journal, waypoints, empty, frame, span) { Limit = limit };
                var found = new List<BarClosed>();
                while (found.Count < limit && past.ReadPage()) found.AddRange(past.Page);
                return [.. found.Take(limit)];
            },
            cancellation);
    }

    /// <summary>
    /// The last bars that opened before <paramref name="to"/>, at most <paramref name="limit"/>, with the values of the plan's columns at
    /// that time. Reads backwards, no more than needed: the last bar is in the newest snapshot, or was closed by an event after it. Bars
    /// that are not in a snapshot are folded once and then cached.
    /// </summary>
    /// <exception cref="ArgumentException">The symbol's plan does not have this frame.</exception>
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
    /// Accepted records after a position in the journal (0: from the first that exists), in the order of writing, up to the end of the
    /// journal.
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
    /// Explains why a signal fired: the logged signal, the signal that the events give, and what led to it. Null if neither the log nor the
    /// events contain the id. Reads the log until the signal is found, and folds the symbol up to it.
    /// </summary>
    public Task<SignalExplanation?> ExplainAsync(string signalId, CancellationToken cancellation = default) =>
        SignalId.TryParse(signalId, out var id)
            ? RunAsync(journal => new SignalExplainer(journal, this, plan).Explain(id, cancellation), cancellation)
            : Task.FromResult<SignalExplanation?>(null);

    /// <summary>
    /// Folds symbols with this plan and with another one, and compares the signals. Ends when its time limit is reached. Both folds start
    /// from the same event, so that differences come from the plans alone.
    /// </summary>
    public Task<DryRunReport> DryRunAsync(DryRunRequest request, CancellationToken cancellation = default) =>
        RunAsync(journal => new PlanDryRun(journal, plan, request).Run(cancellation), cancellation);

    /// <summary>Every symbol that has an event in the journal, ordered by name.</summary>
    public Task<IReadOnlyList<Symbol>> SymbolsAsync(CancellationToken cancellation = default) => RunAsync<IReadOnlyList<Symbol>>(
        journal => [.. journal.Heads().Select(head => PersistenceIds.SymbolOf(head.PersistenceId)).OfType<Symbol>().Order()], cancellation);

    /// <summary>Symbols whose first event was deleted: they cannot be folded with another plan. Reads one event per symbol.</summary>
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
    /// Passes the accepted records of a symbol to the handler, without excluded ones, in the order of acceptance, until it returns false.
    /// </summary>
    public Task ReadAsync(Symbol symbol, HistoryRecordHandler handler, CancellationToken cancellation = default) => RunAsync(
        journal =>
        {
            using var past = new RecordHistory(journal, symbol, plan.For(symbol).Exclusions);
            past.Read(handler, cancellation);
            return true;
        },
        cancellation);

    /// <summary>
    /// The last accepted records of a symbol, without excluded ones, with timestamps in [from, to), at most <paramref name="limit"/>, in
    /// the order of acceptance.
    /// </summary>
    public Task<IReadOnlyList<Record>> NewestAsync(
        Symbol symbol, Timestamp from, Timestamp to, int limit, CancellationToken cancellation = default) =>
        RunAsync<IReadOnlyList<Record>>(
            journal =>
            {
                using var past = new RecordHistory(journal, symbol, plan.For(symbol).Exclusions);
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
