using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Deleting;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.Explaining;
using ActorTrading.Engine.Past;

namespace ActorTrading.Engine;

/// <summary>
/// What hosts the fold: takes records, makes them durable, folds them, and lets others see what came out. Every engine
/// gives the same signals and the same state hash for the same records in the same order per symbol.
/// </summary>
public interface IEngine : IAsyncDisposable
{
    /// <summary>The plan that all symbols are folded by at present.</summary>
    Plan Plan { get; }

    /// <summary>
    /// Submits records in their order. Returns when the engine has room for them: a full engine applies back-pressure. The memory must not
    /// change until <see cref="Admitted{T}.Durable"/> completes. Batches of one caller are folded in the order of their submission. Once a
    /// batch has failed, every later batch of that caller fails too: one that passed would make the resend of the lost
    /// one look like duplicates.
    /// </summary>
    /// <exception cref="EngineStoppedException">
    /// The engine is draining, stopped, or has failed. <see cref="Admitted{T}.Durable"/> may fail so, too.
    /// </exception>
    ValueTask<Admitted<IngestResult>> SubmitAsync(ReadOnlyMemory<Record> records, CancellationToken cancellation = default);

    /// <summary>
    /// Says that exchange time has come to that moment, for every symbol; journaled, so that a replay sees it too.
    /// Completes when it is durable.
    /// </summary>
    Task AdvanceClockAsync(Timestamp to, CancellationToken cancellation = default);

    /// <summary>
    /// The state of a symbol as its canonical bytes now, or as of the last record stamped at or before <paramref name="at"/>;
    /// null where nothing of it was accepted (by then).
    /// </summary>
    /// <exception cref="EventsDeletedException">The events of that time were deleted.</exception>
    Task<SymbolState?> StateAsync(Symbol symbol, Timestamp? at = null, CancellationToken cancellation = default);

    /// <summary>
    /// The state of a symbol as it is, then each time it is found changed; it is looked at no more often than that, so
    /// of several changes between two looks only the last is seen. Nothing comes before anything was accepted of it. A
    /// symbol that sleeps is read from the journal: looking wakes none and keeps none awake.
    /// </summary>
    IAsyncEnumerable<SymbolState> StatesAsync(Symbol symbol, TimeSpan every, CancellationToken cancellation = default);

    /// <summary>Every symbol of which something was accepted, ordered by name.</summary>
    Task<IReadOnlyList<SymbolSummary>> SymbolsAsync(CancellationToken cancellation = default);

    /// <summary>The names of the same symbols, in no order; where there are many that is cheaper than <see cref="SymbolsAsync"/>.</summary>
    async Task<IReadOnlyCollection<Symbol>> SymbolNamesAsync(CancellationToken cancellation = default) =>
        [.. (await SymbolsAsync(cancellation).ConfigureAwait(false)).Select(summary => summary.Symbol)];

    /// <summary>
    /// Which of these symbols other processes have brought by now; none where there are no other processes. Costs a
    /// look-up in the journal for each.
    /// </summary>
    Task<IReadOnlyCollection<Symbol>> SymbolNamesAmongAsync(
        IReadOnlyCollection<Symbol> symbols, CancellationToken cancellation = default) =>
        Task.FromResult<IReadOnlyCollection<Symbol>>([]);

    /// <summary>
    /// The hash over all symbols, the same in every engine that has folded the same records:
    /// <see cref="StateHash.Of(IEnumerable{KeyValuePair{Symbol, StateHash}})"/>. While records are being folded, symbols are
    /// hashed one after another and not at one moment.
    /// </summary>
    Task<StateHash> HashAsync(CancellationToken cancellation = default);

    /// <summary>
    /// What these symbols show now, ordered by name; those of which nothing was accepted are left out. Costs each partition a few
    /// questions, however many symbols there are, and never keeps it from its records for long.
    /// </summary>
    Task<IReadOnlyList<SymbolReading>> ReadingsAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation = default);

    /// <summary>The parts that the engine spreads symbols over, and how they are doing.</summary>
    IReadOnlyList<PartitionStatus> Partitions { get; }

    /// <summary>What became of everything received, per source.</summary>
    Task<IReadOnlyList<LedgerLine>> LedgerAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Signals from a position in the signal log on (0: from the first), those to come included, in the order of the log. A
    /// reader that falls behind reads from the log and delays nobody.
    /// </summary>
    IAsyncEnumerable<LoggedSignal> SignalsAsync(long afterPosition, CancellationToken cancellation = default);

    /// <summary>
    /// Accepted records after a position in the journal (0: from the first that is there), in the order of writing, then those to come
    /// as they become durable. A reader that falls behind reads on from the journal and delays nobody.
    /// </summary>
    IAsyncEnumerable<JournaledRecords> RecordsAsync(long afterPosition, CancellationToken cancellation = default);

    /// <summary>The position of the last event of the journal, also if it was deleted; 0 where there is none.</summary>
    Task<long> JournalEndAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Bars that the events after a position in the journal close (0: from the first that is there), in the order of the events, then
    /// those to come as they become durable, by the plan in force when they are read. Folds the journal once more beside the engine,
    /// which costs what folding costs there, and delays nobody. Between the bars it says how far the journal was read. Of events that
    /// are deleted before they are read the bars are gone.
    /// </summary>
    IAsyncEnumerable<JournaledBar> BarsAsync(long afterPosition, BarFilter filter, CancellationToken cancellation = default);

    /// <summary>
    /// Bars of a symbol that opened from <paramref name="from"/> on and before <paramref name="to"/> and are closed, in the order in which
    /// they closed, folded from the journal beside the engine. Where old events have been deleted, bars that closed within those are gone.
    /// </summary>
    /// <exception cref="ArgumentException">The symbol's plan has no such bars.</exception>
    IAsyncEnumerable<BarClosed> BarsAsync(
        Symbol symbol, Frame frame, Timestamp from, Timestamp to, CancellationToken cancellation = default);

    /// <summary>
    /// Why a signal fired: as it was logged, as the journal gives it when it is folded again, the rule, its values, the bar and the
    /// records that made it; null for an id that neither log nor journal knows.
    /// </summary>
    Task<SignalExplanation?> ExplainAsync(string signalId, CancellationToken cancellation = default);

    /// <summary>
    /// Bars as they close, late records and accepted records as they come, from now on. A reader that does not keep up loses the
    /// oldest of what it has not read, and is told how many.
    /// </summary>
    IAsyncEnumerable<LiveEvent> LiveAsync(LiveFilter filter, CancellationToken cancellation = default);

    /// <summary>
    /// What a table of the whole market shows: first every symbol of which something was accepted, then, once each
    /// interval, those that have changed since (perhaps none), in no order. Costs nothing while nobody reads it. Queries
    /// do not affect passivation: a symbol that sleeps is read from the journal and sleeps on.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<MarketReading>> MarketAsync(TimeSpan every, CancellationToken cancellation = default);

    /// <summary>
    /// Takes records of these symbols from now on. The first subscription makes the list: until then every symbol is taken, from
    /// then on only those on it, and others are refused with <see cref="RejectReason.NotSubscribed"/>. Completes when it is durable.
    /// </summary>
    Task SubscribeAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation = default);

    /// <summary>
    /// Refuses records of these symbols from now on; their states and journals stay. Without a list, one of all other symbols that
    /// the engine knows by now is made first. Completes when it is durable.
    /// </summary>
    Task UnsubscribeAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation = default);

    /// <summary>
    /// Takes the list away: every symbol is taken from now on, as if nobody had ever subscribed. Completes when it is durable.
    /// </summary>
    Task ClearSubscriptionsAsync(CancellationToken cancellation = default);

    /// <summary>Which symbols are taken.</summary>
    Task<Subscriptions> SubscriptionsAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Goes over to another plan, durably: every symbol is folded by it from its first event on, and what comes is judged by it. Records
    /// that arrive meanwhile are folded, or wait; none is lost. What the new plan's rules would have fired in the past is not logged.
    /// Completes when every symbol has gone over; at once for the present plan. A change that fails before it is durable leaves no trace.
    /// </summary>
    /// <exception cref="PlanChangeException">The past cannot be folded by it.</exception>
    Task ChangePlanAsync(Plan plan, CancellationToken cancellation = default);

    /// <summary>
    /// Takes accepted records of a symbol back, durably: it is folded without them from its first event on. Covers what is
    /// accepted by now. Signals of the log that the other records do not give are withdrawn, each by an entry of its own in the
    /// log. Which are in force is told by <see cref="PlanSettings.Exclusions"/> of the plan. Records that arrive meanwhile are
    /// folded, or wait; none is lost. Completes when all of it is durable; a change that fails before that leaves no trace.
    /// Excluding once more what is excluded changes nothing.
    /// </summary>
    /// <exception cref="ExclusionException">It is refused.</exception>
    /// <exception cref="EventsDeletedException">The first events of the symbol were deleted.</exception>
    Task<ExclusionOutcome> ExcludeAsync(Symbol symbol, ExclusionRequest request, CancellationToken cancellation = default);

    /// <summary>Ends an exclusion, in the same way: its records are folded again. What they made fire is not logged again.</summary>
    /// <param name="number">The number of the exclusion.</param>
    /// <param name="by">The name by which the access rules know the caller; empty where there are none.</param>
    /// <exception cref="ExclusionException">It is refused.</exception>
    /// <exception cref="EventsDeletedException">The first events of the symbol were deleted.</exception>
    Task<ExclusionOutcome> IncludeAsync(Symbol symbol, long number, string by = "", CancellationToken cancellation = default);

    /// <summary>
    /// Deletes a symbol, durably: it is gone from lists, hash, market and subscriptions, and its events from the
    /// journal. The deletion stays there, with time and name; signals stay in the log. A later record begins the symbol
    /// anew; one that was accepted before is still a duplicate. Completes when the deletion is durable. Deleting once
    /// more what is deleted changes nothing, and finishes what was left of it.
    /// </summary>
    /// <param name="by">The name by which the access rules know the caller; empty where there are none.</param>
    Task<DeletionOutcome> DeleteSymbolAsync(Symbol symbol, string by = "", CancellationToken cancellation = default);

    /// <summary>Takes nothing more, lets what was taken become durable, writes snapshots, and stops.</summary>
    Task DrainAsync(CancellationToken cancellation = default);
}

/// <summary>The engine takes nothing (any more); the message says why.</summary>
public sealed class EngineStoppedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The same, to be thrown to one more caller.</summary>
    internal EngineStoppedException Again() => new(Message, InnerException);
}

/// <summary>The plan stays as it is; the message says why.</summary>
public sealed class PlanChangeException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A record of a batch that was refused: its place in the batch, from 0, and why.</summary>
public readonly record struct RejectedRecord(int Index, Rejection Rejection);

/// <summary>What became of a batch: applied + late + duplicate + refused is its length. The refused are listed in their order.</summary>
public sealed record IngestResult(int Applied, int Late, int Duplicate, IReadOnlyList<RejectedRecord> Refused);

/// <summary>
/// A symbol at a glance: last price in units of its plan (0 before the first), its stamp, its signals, and the partition that hosts it.
/// </summary>
public sealed record SymbolSummary(Symbol Symbol, long LastPrice, Timestamp LastTime, long Applied, long Late, long Signals, int Partition)
{
    internal static SymbolSummary Of(SymbolState state, int partition) => new(
        state.Symbol, state.Ohlcv.LastPrice, state.Ohlcv.LastTime, state.Sources.Applied, state.Sources.Late, state.Ohlcv.Signals,
        partition);
}

/// <summary>
/// How a partition is doing: symbols hosted, records folded since the start, records waiting to be judged, and the age of the oldest of
/// them.
/// </summary>
public sealed record PartitionStatus(int Number, string Owner, int Symbols, long Records, int Waiting, TimeSpan Lag);

/// <summary>A signal and its place in the signal log, from 1 without a gap.</summary>
public sealed record LoggedSignal(long Position, Domain.Signals.Signal Signal)
{
    /// <summary>
    /// Which entry of the log it is: the id of the signal; of a withdrawal, which has the id of the signal that it takes back, that and
    /// <c>/withdrawn</c>. No two entries have the same.
    /// </summary>
    public string EntryId => Signal.Action == Domain.Signals.SignalAction.Withdrawn ? $"{Signal.Id}/withdrawn" : Signal.Id;
}

/// <summary>Which live events are wanted; null for all. <paramref name="Ticks"/>: every accepted record, of whatever kind.</summary>
public sealed record LiveFilter(
    IReadOnlySet<Symbol>? Symbols = null, IReadOnlySet<Frame>? Frames = null, bool Bars = true, bool Late = false, bool Ticks = false)
{
    /// <summary>
    /// Whether the frame <c>tick</c> is among the frames where <see cref="Frames"/> is null. Within a node: it is not sent to others.
    /// </summary>
    public bool TickBars { get; init; } = true;

    /// <summary>The symbols that its reader may see; null for all. Within a node: it is not sent to others.</summary>
    public LiveScope? Scope { get; init; }

    /// <summary>The symbols that are wanted and may be seen, now.</summary>
    internal SymbolScope Now => Symbols is null
        ? Scope?.Current ?? SymbolScope.All
        : SymbolScope.Of(Scope?.Current is { } scope ? Symbols.Where(scope.Contains) : Symbols);
}

/// <summary>
/// Something that just happened: a bar, a late record, a record that was folded (after the bars that it closed), or that
/// <see cref="Missed"/> events were dropped before this one.
/// </summary>
public sealed record LiveEvent(BarClosed? Bar = null, Record? Late = null, long Missed = 0, Record? Tick = null)
{
    private EncodedOnce encoded;

    /// <summary>The bytes that one of its readers has made of it, for all others. All readers of an engine make the same.</summary>
    public ReadOnlyMemory<byte> EncodedBy(Func<LiveEvent, byte[]> encode) => encoded.Bytes ??= encode(this);

    /// <summary>No part of what an event is: all are equal.</summary>
    private struct EncodedOnce : IEquatable<EncodedOnce>
    {
        public byte[]? Bytes;

        public readonly bool Equals(EncodedOnce other) => true;

        public override readonly bool Equals(object? obj) => obj is EncodedOnce;

        public override readonly int GetHashCode() => 0;
    }
}

/// <summary>
/// An event of a symbol as the journal has it: accepted records in their order, or none and the moment that its clock has come to.
/// <see cref="Position"/> grows from event to event, with gaps; <see cref="Event"/> counts the events of the symbol from 1.
/// </summary>
public sealed record JournaledRecords(long Position, Symbol Symbol, long Event, IReadOnlyList<Record> Records, Timestamp? Clock);

/// <summary>A closed bar, with the values of the indicators of its frame in the order of the plan's columns (NaN where absent).</summary>
public sealed record BarClosed(Symbol Symbol, Frame Frame, Domain.Bars.Bar Bar, IReadOnlyList<double> Values)
{
    /// <summary>The settings whose columns those are, where that is known: the plan may have been changed since.</summary>
    public PlanSettings? Settings { get; init; }

    /// <summary>What its prices and volume count.</summary>
    public Units Units { get; init; }
}
