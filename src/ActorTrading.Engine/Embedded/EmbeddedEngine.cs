using System.Runtime.CompilerServices;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Deleting;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Embedded.Replanning;
using ActorTrading.Engine.Embedded.Signals;
using ActorTrading.Engine.Embedded.Sleeping;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.Explaining;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Live;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Signals;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// Engine within one process: partitions fold, one journal makes records durable, and one administrator logs signals. Step 5 of the way of
/// a tick: listener, connection, session, admission, engine. Design and guarantees: docs/engine.md. The caller owns the journal and closes
/// it after the engine.
/// Long because it has every operation of the engine, most of them one line.
/// </summary>
public sealed class EmbeddedEngine : IEngine
{
    private const int HashedAtOnce = 64;
    private const int ReadAtOnce = 1_024; // number of symbols after which a partition processes records again

    private readonly IJournalStore store;
    private readonly EmbeddedOptions options;
    private readonly Partition[] partitions;
    private readonly SignalLog log;
    private readonly PlanKeeper plans;
    private readonly SymbolRemoval removal;
    private readonly LiveHub live = new();
    private readonly Lock sync = new();
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EngineStoppedException? stopped;
    private Task? drained;
    private JournalHistory? past;
    private ITimer? sweeping;

    private EmbeddedEngine(IJournalStore store, EmbeddedOptions options)
    {
        this.store = store;
        this.options = options;
        log = new SignalLog(store, options.SignalTail);
        plans = new PlanKeeper(this, store, options);
        removal = new SymbolRemoval(this, store, options);
        Retention = new Retention(store, options);
        Journal = new JournalWriter(store, Retention, Fail, options.Meter);
        Administrator = new Administrator(Journal, log, options.SignalSnapshotEvery);
        Subscriptions = new SubscriptionLog(Journal);
        partitions = [.. Enumerable.Range(0, options.Partitions).Select(number =>
            new Partition(number, this, new SymbolOutput(live, options.OnFault), options))];
        Gate = new BackpressureGate(partitions, options.QueueRecords, options.Clock);
    }

    /// <inheritdoc/>
    public Plan Plan => plans.Present;

    /// <summary>The result of the recovery when the engine was opened.</summary>
    public RecoveryReport Recovery { get; private set; } = null!;

    /// <summary>Why the engine failed; null if it has not failed.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Why the last deletion of old events and snapshots failed; null if it succeeded. A failed deletion is tried again.</summary>
    public JournalException? RetentionFailure => Retention.Failure;

    /// <summary>The position of the last signal in the log; 0 if there is none.</summary>
    public long LastSignal => log.Last;

    /// <summary>Number of batches that wait for room.</summary>
    public int WaitingBatches => Gate.Waiting;

    /// <inheritdoc/>
    public Task ChangePlanAsync(Plan plan, CancellationToken cancellation = default) => plans.ChangeAsync(plan, cancellation);

    /// <inheritdoc/>
    public Task<ExclusionOutcome> ExcludeAsync(Symbol symbol, ExclusionRequest request, CancellationToken cancellation = default) =>
        plans.ExcludeAsync(symbol, request, cancellation);

    /// <inheritdoc/>
    public Task<ExclusionOutcome> IncludeAsync(Symbol symbol, long number, string by = "", CancellationToken cancellation = default) =>
        plans.IncludeAsync(symbol, number, by, cancellation);

    /// <inheritdoc/>
    public async Task<DeletionOutcome> DeleteSymbolAsync(Symbol symbol, string by = "", CancellationToken cancellation = default)
    {
        DeletionOutcome? outcome = null;
        await plans.InTurnAsync(
            async _ => outcome = await removal.RunAsync(symbol, by).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        await OrFailure(Subscriptions.ChangeAsync(
            current => current.HasList ? current.Removing([symbol], []) : null, cancellation)).ConfigureAwait(false);
        return outcome!;
    }

    /// <inheritdoc/>
    public Task SubscribeAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation = default) =>
        OrFailure(Subscriptions.ChangeAsync(current => current.Adding(symbols), cancellation));

    /// <inheritdoc/>
    public async Task UnsubscribeAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation = default)
    {
        var known = (await SymbolsAsync(cancellation).ConfigureAwait(false)).Select(summary => summary.Symbol).ToList();
        await OrFailure(Subscriptions.ChangeAsync(current => current.Removing(symbols, known), cancellation)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task ClearSubscriptionsAsync(CancellationToken cancellation = default) =>
        OrFailure(Subscriptions.ChangeAsync(static current => current.Clearing(), cancellation));

    /// <inheritdoc/>
    public Task<Subscriptions> SubscriptionsAsync(CancellationToken cancellation = default) => Task.FromResult(Subscriptions.Current);

    /// <inheritdoc/>
    public IReadOnlyList<PartitionStatus> Partitions => [.. partitions.Select(partition => partition.Status)];

    /// <summary>Number of active symbols: those whose state is in memory.</summary>
    internal int AwakeSymbols => partitions.Sum(partition => partition.Symbols.Awake);

    internal IJournalStore Store => store;

    internal JournalWriter Journal { get; }

    internal Administrator Administrator { get; }

    internal Retention Retention { get; }

    internal IReadOnlyList<Partition> Parts => partitions;

    internal BackpressureGate Gate { get; }

    internal SubscriptionLog Subscriptions { get; }

    /// <summary>Opens an engine: recovers all symbols from the journal, then accepts records.</summary>
    /// <param name="plan">
    /// The plan to switch to if the journal has another one. Null: the plan of the journal, or the default plan if the journal has none.
    /// </param>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    /// <exception cref="JournalException">The journal is not available.</exception>
    /// <exception cref="PlanChangeException">The journal has another plan, and events needed for the switch were deleted.</exception>
    public static async Task<EmbeddedEngine> OpenAsync(Plan? plan, IJournalStore store, EmbeddedOptions? options = null)
    {
        options ??= new EmbeddedOptions();
        options.Validate();
        var engine = new EmbeddedEngine(store, options);
        try
        {
            await Task.Run(() => engine.Subscriptions.Recover(store)).ConfigureAwait(false);
            await Task.Run(() => engine.plans.Recover(plan)).ConfigureAwait(false);
            engine.Administrator.Plan = engine.Plan;
            foreach (var partition in engine.partitions) partition.Symbols.Begin(engine.Plan);
            var recovery = new Recovery(store, engine.partitions, engine.Administrator, engine.plans.History, options);
            engine.Recovery = await Task.Factory.StartNew(
                recovery.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            await engine.OrFailure(engine.Journal.FlushAsync()).ConfigureAwait(false); // signals that a crash prevented from being logged
            await engine.plans.WithdrawMissingAsync().ConfigureAwait(false);
            await engine.plans.BeginAsync().ConfigureAwait(false);
            await Task.Run(engine.removal.Recover).ConfigureAwait(false);
            foreach (var partition in engine.partitions) partition.Start();
            engine.BeginSweeping();
            if (plan is not null) await engine.ChangePlanAsync(plan).ConfigureAwait(false);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<Admitted<IngestResult>> SubmitAsync(ReadOnlyMemory<Record> records, CancellationToken cancellation = default)
    {
        if (records.IsEmpty) return new(new Admitted<IngestResult>(Task.FromResult(new IngestResult(0, 0, 0, []))));
        return Gate.EnterAsync(new Submission(records, partitions.Length), cancellation);
    }

    /// <inheritdoc/>
    public async Task AdvanceClockAsync(Timestamp to, CancellationToken cancellation = default)
    {
        var advance = await Gate.EnterAsync(new Submission(to, partitions.Length), cancellation).ConfigureAwait(false);
        await advance.Durable.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<SymbolState?> StateAsync(Symbol symbol, Timestamp? at = null, CancellationToken cancellation = default)
    {
        if (at is { } moment) return Past.StateAsync(symbol, moment, cancellation);
        var partition = partitions[PersistenceIds.PartitionOf(symbol, partitions.Length)];
        return StateAsync(partition, symbol, cancellation);
    }

    private async Task<SymbolState?> StateAsync(Partition partition, Symbol symbol, CancellationToken cancellation)
    {
        var (state, sleeper) = await partition.AskAsync(hosts =>
            (hosts.Find(symbol) is { HasRecords: true } found ? found.State.Clone() : null, hosts.ReadPassivated(symbol)))
            .WaitAsync(cancellation).ConfigureAwait(false);
        return sleeper is null ? state : (await sleeper.ReadAsync(cancellation).ConfigureAwait(false)).State;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SymbolState> StatesAsync(
        Symbol symbol, TimeSpan every, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var partition = partitions[PersistenceIds.PartitionOf(symbol, partitions.Length)];
        var seen = default(StateVersion);
        while (true)
        {
            var known = seen;
            (seen, var state, var sleeper) = await partition.AskAsync<(StateVersion, SymbolState?, PassivatedRead?)>(hosts =>
                hosts.Find(symbol) is { HasRecords: true } found && StateVersion.Of(found) is var version && version != known
                    ? (version, found.State.Clone(), null)
                    : (known, null, hosts.ReadPassivated(symbol))).WaitAsync(cancellation).ConfigureAwait(false);
            if (sleeper is not null && sleeper.Version != known)
            {
                var read = await sleeper.ReadAsync(cancellation).ConfigureAwait(false);
                (seen, state) = (StateVersion.Of(read), read.State);
                if (seen == known) state = null; // its last event is not durable yet, so it is not visible
            }

            if (state is not null) yield return state;
            await Task.Delay(every, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<StateHash> HashAsync(CancellationToken cancellation = default)
    {
        var parts = await Task.WhenAll(partitions.Select(partition => HashesAsync(partition, cancellation))).ConfigureAwait(false);
        return StateHash.Of(parts.SelectMany(part => part));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SymbolSummary>> SymbolsAsync(CancellationToken cancellation = default)
    {
        var parts = await Task.WhenAll(partitions.Select(partition => partition.AskAsync(asked =>
            asked.Active.Where(symbol => symbol.HasRecords).Select(symbol => SymbolSummary.Of(symbol.State, partition.Number))
                .Concat(asked.Asleep.Where(symbol => symbol.HasRecords).Select(symbol => symbol.Summary(partition.Number))).ToList())))
            .WaitAsync(cancellation).ConfigureAwait(false);
        return [.. parts.SelectMany(part => part).OrderBy(summary => summary.Symbol)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SymbolReading>> ReadingsAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation = default)
    {
        var readings = new List<SymbolReading>(symbols.Count);
        foreach (var some in symbols.Chunk(ReadAtOnce))
        {
            var parts = some.GroupBy(symbol => PersistenceIds.PartitionOf(symbol, partitions.Length))
                .Select(part => partitions[part.Key].AskAsync(asked =>
                {
                    var reader = new SymbolReader();
                    return (Awake: part.Select(asked.Find).Where(found => found is { HasRecords: true })
                        .Select(found => reader.Read(found!)).ToList(),
                        Asleep: part.Select(asked.ReadPassivated).OfType<PassivatedRead>().ToList());
                }));
            foreach (var (awake, asleep) in await Task.WhenAll(parts).WaitAsync(cancellation).ConfigureAwait(false))
            {
                readings.AddRange(awake);
                readings.AddRange(await PassivatedRead.ReadAllAsync(
                    asleep, static found => new SymbolReader().Read(found), cancellation).ConfigureAwait(false));
            }
        }

        return [.. readings.OrderBy(reading => reading.Symbol)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LedgerLine>> LedgerAsync(CancellationToken cancellation = default)
    {
        var parts = await Task.WhenAll(partitions.Select(partition => partition.AskAsync(static asked =>
        {
            var copy = new Ledger();
            copy.Add(asked.Ledger);
            return copy;
        }))).WaitAsync(cancellation).ConfigureAwait(false);
        var all = new Ledger();
        foreach (var part in parts) all.Add(part);
        return [.. all.Lines];
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<LoggedSignal> SignalsAsync(long afterPosition, CancellationToken cancellation = default) =>
        log.ReadAsync(Math.Max(0, afterPosition), cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<JournaledRecords> RecordsAsync(long afterPosition, CancellationToken cancellation = default) =>
        new RecordReader(store, afterPosition).FollowAsync(Journal.Committed, Timeout.InfiniteTimeSpan, cancellation);

    /// <inheritdoc/>
    public Task<long> JournalEndAsync(CancellationToken cancellation = default) =>
        ReadingThreads.OfQueries.RunAsync(() => store.Until(cancellation).LastOrdering(), cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<JournaledBar> BarsAsync(long afterPosition, BarFilter filter, CancellationToken cancellation = default) =>
        new BarReader(store, () => Plan, filter, afterPosition).FollowAsync(Journal.Committed, Timeout.InfiniteTimeSpan, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<BarClosed> BarsAsync(
        Symbol symbol, Frame frame, Timestamp from, Timestamp to, CancellationToken cancellation = default) =>
        Past.BarsAsync(symbol, frame, from, to, cancellation);

    /// <inheritdoc/>
    public Task<SignalExplanation?> ExplainAsync(string signalId, CancellationToken cancellation = default) =>
        Past.ExplainAsync(signalId, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<LiveEvent> LiveAsync(LiveFilter filter, CancellationToken cancellation = default) =>
        live.ReadAsync(filter, options.LiveBuffer, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<MarketReading>> MarketAsync(TimeSpan every, CancellationToken cancellation = default) =>
        new MarketScan(partitions).FollowAsync(every, cancellation);

    /// <inheritdoc/>
    public Task DrainAsync(CancellationToken cancellation = default)
    {
        lock (sync) drained ??= Task.Run(DrainOnceAsync, CancellationToken.None);
        return drained.WaitAsync(cancellation);
    }

    /// <summary>
    /// Stops at once. Batches that are not durable yet fail; their outcome is unknown to their senders. Durable data is not lost.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Stop(new EngineStoppedException("The engine is stopped."), failed: false);
        await plans.CloseAsync().ConfigureAwait(false); // readers of the journal end before the journal is closed
        await Task.Run(() =>
        {
            Journal.Join();
            foreach (var partition in partitions) partition.Join();
        }).ConfigureAwait(false);
    }

    /// <summary>Fails the engine: it cannot continue, because its memory may be ahead of the durable state.</summary>
    internal void Fail(Exception cause)
    {
        var why = cause switch
        {
            JournalConflictException => "Another writer has taken over the journal: ",
            JournalException { Failure: JournalFailure.OutcomeUnknown } =>
                "It is unknown whether the last commit is durable; reopen the journal: ",
            JournalException => "The journal failed: ",
            _ => "The engine failed: ",
        };
        lock (sync)
        {
            if (stopped is not null) return;
            Failure = cause;
        }

        Stop(new EngineStoppedException(why + cause.Message, cause), failed: true);
    }

    /// <summary>Waits for a task, or throws if the engine fails: then the task may never complete.</summary>
    internal async Task OrFailure(Task task)
    {
        await Task.WhenAny(task, over.Task).ConfigureAwait(false);
        if (!task.IsCompletedSuccessfully && over.Task.IsCompleted) throw Stopped();
        await task.ConfigureAwait(false);
    }

    internal EngineStoppedException Stopped()
    {
        lock (sync) return new EngineStoppedException(stopped?.Message ?? "The engine is stopped.", stopped?.InnerException);
    }

    /// <summary>The journal's past, folded with the current plan.</summary>
    private JournalHistory Past
    {
        get
        {
            lock (sync) return past?.Plan == Plan ? past : past = new JournalHistory(Plan, store);
        }
    }

    /// <summary>Hashes the symbols in slices, so that the partition processes records in between.</summary>
    private static async Task<List<KeyValuePair<Symbol, StateHash>>> HashesAsync(Partition partition, CancellationToken cancellation)
    {
        var all = new List<KeyValuePair<Symbol, StateHash>>();
        var (symbols, passivated) = await partition.AskAsync(static asked =>
            (asked.Active.Where(symbol => symbol.HasRecords).ToArray(),
                asked.Asleep.Select(symbol => asked.ReadPassivated(symbol.Symbol)).OfType<PassivatedRead>().ToArray()))
            .WaitAsync(cancellation).ConfigureAwait(false);
        foreach (var some in symbols.Chunk(HashedAtOnce))
        {
            all.AddRange(await partition.AskAsync(_ => StateHash.Each(some.Select(symbol => symbol.State)))
                .WaitAsync(cancellation).ConfigureAwait(false));
        }

        all.AddRange(await PassivatedRead.ReadAllAsync(
            passivated, static found => KeyValuePair.Create(found.Symbol, StateHash.Of(found.State)), cancellation)
            .ConfigureAwait(false));
        return all;
    }

    /// <summary>
    /// Starts the timer for passivation. Its interval ensures that an idle symbol is passivated at most a quarter later than its idle time.
    /// </summary>
    private void BeginSweeping()
    {
        if (options.IdleAfter is not { } idle) return;
        var every = TimeSpan.FromTicks(Math.Max(idle.Ticks / PartitionSymbols.TurnsAwake, TimeSpan.TicksPerMillisecond));
        sweeping = options.Clock.CreateTimer(_ =>
        {
            foreach (var partition in partitions) partition.Symbols.Sweep();
        }, null, every, every);
    }

    private async Task DrainOnceAsync()
    {
        await plans.CloseAsync().ConfigureAwait(false);
        var why = new EngineStoppedException("The engine is draining and accepts no more input.");
        await OrFailure(Gate.CloseAsync(why)).ConfigureAwait(false);
        await OrFailure(Task.WhenAll(partitions.Select(partition => partition.AskAsync(static asked =>
        {
            asked.TakeAllSnapshots();
            return true;
        })))).ConfigureAwait(false);
        Administrator.TakeSnapshot();
        await OrFailure(Journal.FlushAsync()).ConfigureAwait(false);
        Stop(new EngineStoppedException("The engine was drained and is stopped."), failed: false);
        Journal.Join();
        foreach (var partition in partitions) partition.Join();
    }

    private void Stop(EngineStoppedException why, bool failed)
    {
        lock (sync)
        {
            if (stopped is not null) return;
            stopped = why;
        }

        sweeping?.Dispose();
        Journal.Stop();
        foreach (var partition in partitions) partition.Stop();
        Gate.Fail(why);
        log.End(failed ? why : null);
        live.End(failed ? why : null);
        Journal.Committed.End(failed ? why : null);
        over.TrySetResult();
    }
}
