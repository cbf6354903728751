using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Deleting;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.Explaining;
using ActorTrading.Engine.History;

namespace ActorTrading.Engine;

/// <summary>
/// The engine: accepts records, makes them durable, folds them, and publishes the results. For the same records in the same order per
/// symbol, every implementation gives the same signals and the same state hash.
/// </summary>
public interface IEngine : IAsyncDisposable
{
    /// <summary>The plan in force for all symbols.</summary>
    Plan Plan { get; }

    /// <summary>
    /// Submits records in order. Returns when the engine has room for them: a full engine applies back-pressure. The caller must not change
    /// the memory until <see cref="Admitted{T}.Durable"/> completes. Batches of one caller are folded in the order of submission. After a
    /// batch has failed, every later batch of that caller fails too: if a later batch passed, the resend of the lost batch would look like
    /// duplicates.
    /// </summary>
    /// <exception cref="EngineStoppedException">
    /// The engine is draining, has stopped, or has failed. <see cref="Admitted{T}.Durable"/> can fail with it too.
    /// </exception>
    ValueTask<Admitted<IngestResult>> SubmitAsync(ReadOnlyMemory<Record> records, CancellationToken cancellation = default);

    /// <summary>
    /// Advances the exchange time of every symbol to that timestamp. The advance is journaled, so that a replay includes it. Completes when
    /// it is durable.
    /// </summary>
    Task AdvanceClockAsync(Timestamp to, CancellationToken cancellation = default);

    /// <summary>
    /// The state of a symbol as canonical bytes: the current one, or the one as of the last record with a timestamp at or before
    /// <paramref name="at"/>. Null if no record of the symbol was accepted (by then).
    /// </summary>
    /// <exception cref="EventsDeletedException">The events of that time were deleted.</exception>
    Task<SymbolState?> StateAsync(Symbol symbol, Timestamp? at = null, CancellationToken cancellation = default);

    /// <summary>
    /// Streams the states of a symbol: first the current state, then a new state each time a poll finds a change. Polls at the given
    /// interval; of several changes between two polls, only the last is seen. Yields nothing until a record of the symbol is accepted. A
    /// passivated symbol is read from the journal: reading does not affect passivation.
    /// </summary>
    IAsyncEnumerable<SymbolState> StatesAsync(Symbol symbol, TimeSpan every, CancellationToken cancellation = default);

    /// <summary>All symbols with at least one accepted record, ordered by name.</summary>
    Task<IReadOnlyList<SymbolSummary>> SymbolsAsync(CancellationToken cancellation = default);

    /// <summary>The names of the same symbols, in no order. Cheaper than <see cref="SymbolsAsync"/> if there are many symbols.</summary>
    async Task<IReadOnlyCollection<Symbol>> SymbolNamesAsync(CancellationToken cancellation = default) =>
        [.. (await SymbolsAsync(cancellation).ConfigureAwait(false)).Select(summary => summary.Symbol)];

    /// <summary>
    /// The subset of these symbols that other processes have added so far; empty if there are no other processes. Costs one look-up in the
    /// journal per symbol.
    /// </summary>
    Task<IReadOnlyCollection<Symbol>> SymbolNamesAmongAsync(
        IReadOnlyCollection<Symbol> symbols, CancellationToken cancellation = default) =>
        Task.FromResult<IReadOnlyCollection<Symbol>>([]);

    /// <summary>
    /// The hash over all symbols: <see cref="StateHash.Of(IEnumerable{KeyValuePair{Symbol, StateHash}})"/>. Equal in every engine that has
    /// folded the same records. While records are being folded, the symbols are hashed one after another, not at one moment.
    /// </summary>
    Task<StateHash> HashAsync(CancellationToken cancellation = default);

    /// <summary>
    /// The current readings of these symbols, ordered by name; symbols without accepted records are left out. Costs a few requests per
    /// partition, whatever the number of symbols, and never blocks a partition for long.
    /// </summary>
    Task<IReadOnlyList<SymbolReading>> ReadingsAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation = default);

    /// <summary>The partitions of the engine and their status. Each symbol belongs to one partition.</summary>
    IReadOnlyList<PartitionStatus> Partitions { get; }

    /// <summary>Per source: how many records were received, applied, late, duplicate and rejected.</summary>
    Task<IReadOnlyList<LedgerLine>> LedgerAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Signals after a position in the signal log (0: from the first), then new signals as they are logged, in log order. A slow reader
    /// catches up from the log and slows down nothing else.
    /// </summary>
    IAsyncEnumerable<LoggedSignal> SignalsAsync(long afterPosition, CancellationToken cancellation = default);

    /// <summary>
    /// Accepted records after a position in the journal (0: from the first that exists), in the order of writing, then new records as they
    /// become durable. A slow reader catches up from the journal and slows down nothing else.
    /// </summary>
    IAsyncEnumerable<JournaledRecords> RecordsAsync(long afterPosition, CancellationToken cancellation = default);

    /// <summary>The position of the last event in the journal, even if that event was deleted; 0 if there is none.</summary>
    Task<long> JournalEndAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Bars closed by the events after a position in the journal (0: from the first that exists), in the order of the events, then new bars
    /// as their events become durable. Uses the plan in force at the time of reading. Folds the journal a second time beside the engine:
    /// this costs as much as the fold itself, and slows down nothing else. Between the bars it reports how far the journal was read. Bars
    /// of events that are deleted before they are read are lost.
    /// </summary>
    IAsyncEnumerable<JournaledBar> BarsAsync(long afterPosition, BarFilter filter, CancellationToken cancellation = default);

    /// <summary>
    /// Closed bars of a symbol that opened at or after <paramref name="from"/> and before <paramref name="to"/>, in the order in which they
    /// closed. Folded from the journal beside the engine. If old events were deleted, the bars that they closed are missing.
    /// </summary>
    /// <exception cref="ArgumentException">The symbol's plan does not have this frame.</exception>
    IAsyncEnumerable<BarClosed> BarsAsync(
        Symbol symbol, Frame frame, Timestamp from, Timestamp to, CancellationToken cancellation = default);

    /// <summary>
    /// Explains why a signal fired: the logged signal, the signal that the journal gives when it is folded again, the rule with its values,
    /// and the bar with its records. Null if neither the log nor the journal contains the id.
    /// </summary>
    Task<SignalExplanation?> ExplainAsync(string signalId, CancellationToken cancellation = default);

    /// <summary>
    /// Live events from now on: closed bars, late records and accepted records. A slow reader loses the oldest unread events and receives
    /// the number of lost ones.
    /// </summary>
    IAsyncEnumerable<LiveEvent> LiveAsync(LiveFilter filter, CancellationToken cancellation = default);

    /// <summary>
    /// Rows of a table of the whole market: first all symbols with accepted records, then, once per interval, the symbols that have changed
    /// since (possibly none), in no order. Costs nothing without readers. Queries do not affect passivation: a passivated symbol is read
    /// from the journal and stays passivated.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<MarketReading>> MarketAsync(TimeSpan every, CancellationToken cancellation = default);

    /// <summary>
    /// Subscribes to these symbols. The first subscription creates the list: without a list the engine accepts records of every symbol,
    /// with a list only of the symbols on it. Records of other symbols are refused with <see cref="RejectReason.NotSubscribed"/>. Completes
    /// when the change is durable.
    /// </summary>
    Task SubscribeAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation = default);

    /// <summary>
    /// Unsubscribes from these symbols: their records are refused from now on. Their states and journals are kept. If there is no list, a
    /// list of all other known symbols is created first. Completes when the change is durable.
    /// </summary>
    Task UnsubscribeAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation = default);

    /// <summary>
    /// Removes the list: records of every symbol are accepted from now on, as if there had never been a subscription. Completes when the
    /// change is durable.
    /// </summary>
    Task ClearSubscriptionsAsync(CancellationToken cancellation = default);

    /// <summary>The current subscriptions.</summary>
    Task<Subscriptions> SubscriptionsAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Switches to another plan, durably: every symbol is folded again with it from its first event on, and new records are validated with
    /// it. Records that arrive meanwhile are folded or wait; none is lost. Signals that the new plan's rules would have fired in the past
    /// are not logged. Completes when every symbol has switched; at once if the plan is already in force. A change that fails before it is
    /// durable has no effect.
    /// </summary>
    /// <exception cref="PlanChangeException">The past events cannot be folded with the new plan.</exception>
    Task ChangePlanAsync(Plan plan, CancellationToken cancellation = default);

    /// <summary>
    /// Excludes accepted records of a symbol, durably: the symbol is folded again without them from its first event on. Applies to records
    /// accepted so far. Logged signals that the remaining records do not give are withdrawn, each by its own entry in the signal log.
    /// <see cref="PlanSettings.Exclusions"/> of the plan lists the exclusions in force. Records that arrive meanwhile are folded or wait;
    /// none is lost. Completes when all of it is durable; a change that fails before that has no effect. Excluding the same records again
    /// changes nothing.
    /// </summary>
    /// <exception cref="ExclusionException">The exclusion is refused.</exception>
    /// <exception cref="EventsDeletedException">The first events of the symbol were deleted.</exception>
    Task<ExclusionOutcome> ExcludeAsync(Symbol symbol, ExclusionRequest request, CancellationToken cancellation = default);

    /// <summary>Ends an exclusion in the same way: its records are folded again. Signals that they cause are not logged again.</summary>
    /// <param name="number">The number of the exclusion.</param>
    /// <param name="by">The name of the caller in the access rules; empty if there are no rules.</param>
    /// <exception cref="ExclusionException">The change is refused.</exception>
    /// <exception cref="EventsDeletedException">The first events of the symbol were deleted.</exception>
    Task<ExclusionOutcome> IncludeAsync(Symbol symbol, long number, string by = "", CancellationToken cancellation = default);

    /// <summary>
    /// Deletes a symbol, durably: it is removed from lists, hash, market and subscriptions, and its events are removed from the journal.
    /// The deletion itself stays in the journal with time and name; signals stay in the log. A later record starts the symbol again; a
    /// record that was accepted before the deletion is still a duplicate. Completes when the deletion is durable. Deleting a deleted symbol
    /// changes nothing, except that it completes an unfinished purge.
    /// </summary>
    /// <param name="by">The name of the caller in the access rules; empty if there are no rules.</param>
    Task<DeletionOutcome> DeleteSymbolAsync(Symbol symbol, string by = "", CancellationToken cancellation = default);

    /// <summary>Stops the engine: accepts no more records, waits until accepted ones are durable, and writes snapshots.</summary>
    Task DrainAsync(CancellationToken cancellation = default);
}
