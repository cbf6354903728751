using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ActorTrading.Cluster.Discovery;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Ingest;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Overview;
using ActorTrading.Cluster.Plans;
using ActorTrading.Cluster.Queries;
using ActorTrading.Cluster.Remoting;
using ActorTrading.Cluster.Shards;
using ActorTrading.Cluster.Signals;
using ActorTrading.Cluster.Symbols;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Deleting;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.Explaining;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Journal.Sqlite;
using ActorTrading.Engine.Live;
using ActorTrading.Engine.Nodes;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Signals;
using ActorTrading.Engine.Verifying;
using ActorTrading.Wire.Events;
using Akka;
using Akka.Actor;
using Akka.Hosting;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster;

/// <summary>
/// Engine of one cluster node. Accepts records for all symbols of the cluster and answers queries about all of them, wherever they
/// are hosted. Step 5 of the way of a tick: listener, connection, session, admission, engine. Guarantees: docs/cluster.md. Thread-safe.
/// Long because it has every operation of the engine, most of them one line, and the start and the stop of a node.
/// </summary>
public sealed class ClusterEngine : IEngine
{
    private const string Draining = "The node is draining and accepts no more input.";
    private const string Gone = "This node is no longer in the cluster.";

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private readonly ClusterOptions options;
    private readonly IJournalStore store;
    private readonly PlanView plans;
    private readonly SignalLog log;
    private readonly SignalLogHealth logHealth = new(TimeProvider.System);
    private readonly LiveHub live = new();
    private readonly SubscriptionView subscriptions;
    private readonly SymbolExtractor extractor;
    private readonly NodeContext symbols;
    private readonly InFlightWindow window;
    private readonly ShardWatchParts shards;
    private readonly ClusterHistory history = new(TimeProvider.System);
    private readonly bool ownsStore;
    private readonly Plan? given;
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock sync = new();
    private ActorSystem system = null!;
    private ClusterQueries queries = null!;
    private SymbolDirectory directory = null!;
    private NodeReports reports = null!;
    private ClusterOverview overview = null!;
    private PlanChange change = null!;
    private IActorRef region = ActorRefs.Nobody;
    private IActorRef answers = ActorRefs.Nobody;
    private IActorRef publisher = ActorRefs.Nobody;
    private TimeSpan started;
    private EngineStoppedException? stopped;
    private Exception? failure;
    private Task? drained;

    private ClusterEngine(Plan? plan, ClusterOptions options, IJournalStore store, bool ownsStore)
    {
        (given, this.ownsStore) = (plan, ownsStore);
        plans = new PlanView(store, plan) { OnChanged = SwitchPlan };
        this.options = options;
        this.store = store;
        log = new SignalLog(store, options.SignalTail);
        subscriptions = new SubscriptionView(store);
        extractor = new SymbolExtractor(options.Shards);
        symbols = new NodeContext(Plan, store, options, live) { BeforeFold = options.BeforeFold };
        symbols.SwitchPlan(plans.History);
        window = new InFlightWindow(Plan, options, message => region.Tell(message, answers), () => subscriptions.Current);
        shards = new ShardWatchParts(symbols.Board, window, new ShardMap(history), new RegionHealth(options.RegionPatience));
        Parts = new NodeParts
        {
            Options = options,
            Symbols = symbols,
            Extractor = extractor,
            Window = window,
            Gateway = new GatewayParts(symbols.Reads, log, logHealth, window.Ledger, () => plans.History.Count, ReadOn),
            Shards = shards,
            History = history,
            Reporter = options.Reporter ?? new BareReporter(this),
            Identity = options.Tls is { } tls ? NodeIdentity.Open(tls, options.Roles) : null,
        };
        options.Meter?.Meter.CreateObservableCounter(
            "actortrading.cluster.messages.refused", () => RefusedMessages, "{message}",
            "Messages and connections refused at the cluster's port.");
    }

    /// <inheritdoc/>
    public Plan Plan => plans.Present;

    /// <summary>This node's address in the cluster, as HOST:PORT.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Position of the last signal that this node has read from the log; 0 before the first.</summary>
    public long LastSignal => log.Last;

    /// <summary>Number of batches that wait for room in the window.</summary>
    public int WaitingBatches => window.Waiting;

    /// <summary>
    /// Recovery statistics of the symbols of this node since it started. The elapsed time is the start time: until the node joined
    /// the cluster and, for a node that begins a cluster, until all symbols had recovered.
    /// </summary>
    public RecoveryReport Recovery => symbols.Recovered.Read(started);

    /// <summary>The active symbols of this node.</summary>
    internal IReadOnlyCollection<Symbol> HostedSymbols => [.. symbols.Awake.Keys];

    /// <summary>The shard of a symbol, from 0.</summary>
    internal int ShardOf(Symbol symbol) => extractor.ShardOf(symbol);

    /// <summary>Reason why this node is no longer in the cluster; null while it is a member, and after a drain.</summary>
    public Exception? Failure =>
        failure ?? (system is { WhenTerminated.IsCompleted: true } && drained is null ? new EngineStoppedException(Gone) : null);

    /// <summary>Nodes that did not answer the last ledger query. Their records are missing from its result.</summary>
    public IReadOnlyList<string> SilentNodes => reports.SilentNodes;

    /// <summary>Whether the cluster has other nodes that are up and reachable. True on a node that has left, too.</summary>
    public bool HasOthers => stopped is not null || queries.Members.Staying.Any();

    /// <summary>Whether this node hosts the signal log singleton, or is about to host it.</summary>
    public bool HasSignalLog => IsOldest(NodeRole.Admin);

    /// <summary>Whether this node is the oldest cluster member with a <see cref="NodeRole"/>.</summary>
    public bool IsOldest(string role) => stopped is null && queries.Members.IsOldest(role);

    /// <summary>Fault that keeps this node from reaching symbols, e.g. a shard region that does not answer; null: no fault.</summary>
    public string? Fault => shards.Health.Fault;

    /// <summary>The missing or damaged entry of the signal log. No signal can be logged while it exists. Null: no known damage.</summary>
    public RecoveryException? SignalLogFault => logHealth.Fault;

    /// <summary>Why the last deletion of old events failed, on the node that runs retention; null: it succeeded.</summary>
    public JournalException? RetentionFailure => symbols.Retention.Failure;

    /// <summary>One entry for this node: its active symbols, and the records that it accepted for symbols on any node.</summary>
    public IReadOnlyList<PartitionStatus> Partitions =>
        [new PartitionStatus(0, Address, symbols.Awake.Count, symbols.Records, window.Held, window.Lag)];

    /// <summary>Number of refused remoting messages, inbound and outbound. A message is refused if nodes never send its type.</summary>
    public long RefusedMessages => system is null ? 0 : Serialization.RefusedMessages.Of(system).Count;

    internal ActorSystem System => system;

    // SQLite assigns positions in commit order. In PostgreSQL a later position can become visible first.
    private TimeSpan SettlingOfJournal => store is SqliteJournalStore ? TimeSpan.Zero : Settling;

    /// <summary>Audit log of this node; null: none.</summary>
    internal AccessAudit? Audit => options.Audit;

    /// <summary>Configured cluster port; 0: any free port.</summary>
    internal int ConfiguredPort => options.Port;

    /// <summary>Dependencies of the node's actors.</summary>
    internal NodeParts Parts { get; }

    /// <summary>Opens an engine. It accepts no records until a host starts it; see <see cref="TradingHosting.AddTradingNode"/>.</summary>
    /// <param name="plan">The plan to use. If the journal has another plan, the whole cluster switches to this one. Null: the plan of
    /// the journal, or the default plan if the journal has none.</param>
    /// <param name="store">The journal of the options; the caller disposes it. Null: the engine opens its own.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message names it.</exception>
    /// <exception cref="JournalException">The journal does not answer.</exception>
    /// <exception cref="CertificateException">A file of <see cref="ClusterOptions.Tls"/> cannot be read.</exception>
    public static ClusterEngine Open(Plan? plan, ClusterOptions options, IJournalStore? store = null)
    {
        options.Validate();
        var opened = store ?? JournalStore.Open(options.Journal);
        try
        {
            return new ClusterEngine(plan, options, opened, ownsStore: store is null);
        }
        catch
        {
            if (store is null) opened.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Roles of this node, from <see cref="NodeRole.All"/>. The engine accepts records and answers queries with any roles. The caller
    /// that opens listeners must check the roles.
    /// </summary>
    public IReadOnlyList<string> Roles => options.Roles;

    /// <summary>Addresses (HOST:PORT) of the other nodes that are up and have the role.</summary>
    public IReadOnlyList<string> NodesWith(string role) =>
        stopped is not null ? [] : [.. queries.Members.With(role).Select(member => ClusterNodeBuilder.AddressOf(member.Address))];

    /// <summary>Opens a TCP listener on this node. The pipeline receives the input and must pass it to this engine.</summary>
    /// <exception cref="ArgumentException">The address is not a local one and the options do not allow that.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is in use, or is not an address of this machine.</exception>
    public IngestListener OpenListener(IngestPipeline pipeline, IngestOptions ingest, TimeProvider? time = null) =>
        IngestGraph.Listen(system, pipeline, ingest, time);

    /// <inheritdoc/>
    public ValueTask<Admitted<IngestResult>> SubmitAsync(ReadOnlyMemory<Record> records, CancellationToken cancellation = default)
    {
        if (records.IsEmpty) return new(new Admitted<IngestResult>(Task.FromResult(new IngestResult(0, 0, 0, []))));
        return window.EnterAsync(new ClusterSubmission(records), cancellation);
    }

    /// <inheritdoc/>
    public async Task AdvanceClockAsync(Timestamp to, CancellationToken cancellation = default)
    {
        // First the symbols with records in this node's window, in the order of these records; then the other symbols of the journal.
        var mine = window.Symbols();
        var done = window.Advance(mine, to);
        var others = (await queries.SymbolsAsync(cancellation).ConfigureAwait(false)).Keys.Except(mine);
        done.AddRange(window.Advance(others, to));
        await Task.WhenAll(done).WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<SymbolState?> StateAsync(Symbol symbol, Timestamp? at = null, CancellationToken cancellation = default) =>
        at is { } moment ? plans.Past.StateAsync(symbol, moment, cancellation) : directory.StateAsync(symbol, cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<SymbolState> StatesAsync(
        Symbol symbol, TimeSpan every, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var look = directory.Query(symbol);
        while (true)
        {
            if (await look.NextAsync(cancellation).ConfigureAwait(false) is { } state) yield return state;
            await Task.Delay(every, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<StateHash> HashAsync(CancellationToken cancellation = default) => directory.HashAsync(cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SymbolSummary>> SymbolsAsync(CancellationToken cancellation = default) =>
        directory.SummariesAsync(cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<Symbol>> SymbolNamesAsync(CancellationToken cancellation = default) =>
        (await queries.SymbolsAsync(cancellation).ConfigureAwait(false)).Keys;

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<Symbol>> SymbolNamesAmongAsync(
        IReadOnlyCollection<Symbol> asked, CancellationToken cancellation = default)
    {
        queries.ThrowIfStopped();
        return await symbols.Reads.RunAsync<IReadOnlyCollection<Symbol>>(journal =>
            [.. asked.Where(symbol => journal.HighestSequenceNumber(PersistenceIds.Of(symbol)) > 0)])
            .WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SymbolReading>> ReadingsAsync(IReadOnlyList<Symbol> asked, CancellationToken cancellation = default) =>
        directory.ReadingsAsync(asked, cancellation);

    /// <summary>
    /// Ledger of all records that the nodes accepted since their starts. Nodes that did not answer: <see cref="SilentNodes"/>.
    /// </summary>
    public Task<IReadOnlyList<LedgerLine>> LedgerAsync(CancellationToken cancellation = default) => reports.LedgerAsync(cancellation);

    /// <summary>Location and state of all shards, collected from all nodes.</summary>
    public Task<ShardReport> ShardsAsync(CancellationToken cancellation = default) => reports.ShardsAsync(cancellation);

    /// <summary>The cluster as this node sees it: members, singletons, shards, and the events after an event number.</summary>
    public Task<ClusterReport> ClusterAsync(long afterEvent = 0, CancellationToken cancellation = default) =>
        overview.ReportAsync(afterEvent, cancellation);

    /// <summary>Connections and ledger of each node.</summary>
    public Task<FromNodes<NodeIntake>> IntakeAsync(CancellationToken cancellation = default) => overview.IntakeAsync(cancellation);

    /// <summary>The latest rejections of each node.</summary>
    public Task<FromNodes<NodeRejects>> RejectsAsync(RejectFilter filter, CancellationToken cancellation = default) =>
        overview.RejectsAsync(filter, cancellation);

    /// <summary>
    /// Folds the whole journal again and compares all its snapshots and signals with the result. Takes as long as reading the
    /// journal.
    /// </summary>
    internal Task<VerificationReport> VerifyAsync(CancellationToken cancellation) => stopped is not null
        ? Task.FromException<VerificationReport>(stopped.Copy())
        : ReadingThreads.OfQueries.RunAsync(() => Verification.Run(store.Until(cancellation), Plan, null, cancellation), cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<LoggedSignal> SignalsAsync(long afterPosition, CancellationToken cancellation = default) =>
        log.ReadAsync(Math.Max(0, afterPosition), cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<JournaledRecords> RecordsAsync(long afterPosition, CancellationToken cancellation = default) =>
        // Other nodes write to the journal, too, so it is polled.
        new RecordReader(store, afterPosition, SettlingOfJournal).FollowAsync(symbols.Committed, PollInterval, cancellation);

    /// <inheritdoc/>
    public Task<long> JournalEndAsync(CancellationToken cancellation = default) =>
        ReadingThreads.OfQueries.RunAsync(() => store.Until(cancellation).LastOrdering(), cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<JournaledBar> BarsAsync(long afterPosition, BarFilter filter, CancellationToken cancellation = default) =>
        new BarReader(store, () => Plan, filter, afterPosition, SettlingOfJournal)
            .FollowAsync(symbols.Committed, PollInterval, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<BarClosed> BarsAsync(
        Symbol symbol, Frame frame, Timestamp from, Timestamp to, CancellationToken cancellation = default) =>
        plans.Past.BarsAsync(symbol, frame, from, to, cancellation);

    /// <inheritdoc/>
    public Task<SignalExplanation?> ExplainAsync(string signalId, CancellationToken cancellation = default) =>
        plans.Past.ExplainAsync(signalId, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<LiveEvent> LiveAsync(LiveFilter filter, CancellationToken cancellation = default)
    {
        var events = live.ReadAsync(filter, options.LiveBuffer, cancellation);
        publisher.Tell(LivePublisher.Poll.Instance); // and of the other nodes as soon as they receive the request
        return events;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<MarketReading>> MarketAsync(TimeSpan every, CancellationToken cancellation = default) =>
        new MarketView(symbols, store, queries).FollowAsync(every, cancellation);

    /// <summary>
    /// Publishes the rejections of this node's listeners on the topic <see cref="Topics.Rejects"/> until the sequence ends. Costs
    /// nothing without subscribers.
    /// </summary>
    public async Task PublishAsync(IAsyncEnumerable<LiveReject> refusals)
    {
        await foreach (var (refusal, _) in refusals.ConfigureAwait(false))
        {
            if (refusal is null || !symbols.AreRejectsFollowed) continue;
            var input = refusal.Input;
            publisher.Tell(new RejectPublished(
                Timestamp.FromDateTime(refusal.Time.UtcDateTime), refusal.Sender.Listener, refusal.Symbol, input.Id, input.Rejection,
                input.Raw));
        }
    }

    /// <inheritdoc/>
    public Task ChangePlanAsync(Plan plan, CancellationToken cancellation = default)
    {
        ThrowIfDraining();
        return change.RunAsync(plan, cancellation);
    }

    /// <inheritdoc/>
    public Task<ExclusionOutcome> ExcludeAsync(Symbol symbol, ExclusionRequest request, CancellationToken cancellation = default)
    {
        ThrowIfDraining();
        return change.ExcludeAsync(symbol, request, cancellation);
    }

    /// <inheritdoc/>
    public Task<ExclusionOutcome> IncludeAsync(Symbol symbol, long number, string by = "", CancellationToken cancellation = default)
    {
        ThrowIfDraining();
        return change.IncludeAsync(symbol, number, by, cancellation);
    }

    /// <inheritdoc/>
    public async Task<DeletionOutcome> DeleteSymbolAsync(Symbol symbol, string by = "", CancellationToken cancellation = default)
    {
        ThrowIfDraining();
        var asked = new DeleteSymbol(symbol, Timestamp.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), by);
        var answer = await queries.AskAsync<SymbolDeletion>(asked, cancellation).ConfigureAwait(false);
        SymbolDeleted? deleted = null;
        if (answer.Event > 0 && !DeletionCodec.TryDecode(answer.Deletion, out deleted, out var error))
            throw new InvalidDataException($"A deletion: {error}.");
        if (subscriptions.Current is { HasList: true } list && list.Take(symbol))
            await ChangeAsync(new ChangeSubscriptions(false, [symbol], []), cancellation).ConfigureAwait(false);
        return new DeletionOutcome(symbol, answer.Event, deleted, IsChanged: deleted?.Time == asked.Time, answer.IsPurged);
    }

    /// <inheritdoc/>
    public Task SubscribeAsync(IReadOnlyList<Symbol> wanted, CancellationToken cancellation = default) =>
        ChangeAsync(new ChangeSubscriptions(true, wanted, []), cancellation);

    /// <inheritdoc/>
    public async Task UnsubscribeAsync(IReadOnlyList<Symbol> unwanted, CancellationToken cancellation = default)
    {
        var known = (await SymbolsAsync(cancellation).ConfigureAwait(false)).Select(summary => summary.Symbol).ToList();
        await ChangeAsync(new ChangeSubscriptions(false, unwanted, known), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task ClearSubscriptionsAsync(CancellationToken cancellation = default) => ChangeAsync(ClearSubscriptions.Instance, cancellation);

    /// <inheritdoc/>
    public Task<Subscriptions> SubscriptionsAsync(CancellationToken cancellation = default) => Task.FromResult(subscriptions.Current);

    /// <summary>Stops accepting records, waits for all answers, then leaves the cluster. Other nodes take over the symbols.</summary>
    public Task DrainAsync(CancellationToken cancellation = default)
    {
        lock (sync) drained ??= Task.Run(DrainOnceAsync, CancellationToken.None);
        return drained.WaitAsync(cancellation);
    }

    /// <summary>
    /// Stops at once, like a crash: the other nodes find this node unreachable. Pending submissions fail, and their outcome is
    /// unknown.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Stop(new EngineStoppedException("The node is stopped."), failed: false);
        if (system is not null) await system.Terminate().ConfigureAwait(false);
        if (ownsStore) store.Dispose();
    }

    /// <summary>The socket error inside an exception that Akka.NET throws at a start; null if it has another cause.</summary>
    public static SocketException? SocketFault(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException fault) return fault;
        }

        return null;
    }

    /// <summary>Joins the cluster and waits until this node is up. It accepts records from then on.</summary>
    /// <param name="actorSystem">The started actor system of the node.</param>
    /// <param name="stop">Stops the host. Called if the node leaves the cluster in another way, e.g. by an operator's command.</param>
    /// <exception cref="IOException">The port of <see cref="ClusterOptions.Discovery"/> is in use.</exception>
    /// <exception cref="TimeoutException">No cluster admitted this node within <see cref="ClusterOptions.StartPatience"/>.</exception>
    /// <exception cref="PlanChangeException">The journal has another plan, and events that are needed to change the plan are
    /// deleted.</exception>
    internal async Task JoinAsync(ActorSystem actorSystem, Action stop, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        system = actorSystem;
        var registry = ActorRegistry.For(system);
        var isUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cluster = AkkaCluster.Get(system);
        cluster.RegisterOnMemberUp(() => isUp.TrySetResult());
        _ = system.WhenTerminated.ContinueWith(
            _ => Stop(new EngineStoppedException(Gone), failed: true), CancellationToken.None, TaskContinuationOptions.None,
            TaskScheduler.Default);
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceUnbind, "stop-the-host", () => LeaveAsync(stop));
        Address = ClusterNodeBuilder.AddressOf(cluster.SelfAddress);
        await Task.Run(subscriptions.Read, cancellation).ConfigureAwait(false);
        log.BeginAt(await Task.Run(() => store.HighestSequenceNumber(PersistenceIds.Administrator), cancellation).ConfigureAwait(false));
        region = registry.Get<ActorKeys.Symbols>();
        queries = new ClusterQueries(system, region, store, options.AskPatience, () => stopped);
        directory = new SymbolDirectory(symbols, store, queries);
        reports = new NodeReports(window, shards.Map, queries);
        overview = new ClusterOverview(system, options, shards.Map, history, queries);
        change = new PlanChange(plans, store, queries, registry.Get<ActorKeys.Plan>(), () => SignalLogFault is not null)
        {
            Retention = options.DeletesEvents ? registry.Get<ActorKeys.Retention>() : null,
        };
        answers = registry.Get<ActorKeys.Window>();
        publisher = registry.Get<ActorKeys.Live>();
        if (options.Discovery is { } pods) await KubernetesBootstrap.StartAsync(system, options, pods).ConfigureAwait(false);
        var reading = FirstReadings.OfAsync(system);
        try
        {
            await await Task.WhenAny(isUp.Task, system.WhenTerminated).WaitAsync(options.StartPatience, cancellation).ConfigureAwait(false);
            if (!isUp.Task.IsCompleted) throw new EngineStoppedException("The node stopped before it joined a cluster.");
        }
        catch (Exception e) when (NodeIdentity.IsRefused(system))
        {
            throw NodeIdentity.Refused(e);
        }
        catch (TimeoutException)
        {
            throw options.Discovery is { } discovery
                ? Seeds.NotFound(options.Name, Address, options.StartPatience, discovery)
                : await Seeds.NotLetInAsync(options.Name, Address, options.StartPatience, options.Seeds).ConfigureAwait(false);
        }

        await reading.ConfigureAwait(false);
        if (options.BeginsCluster) await RecoverAllAsync(cancellation).ConfigureAwait(false);
        await change.BeginAsync(given, cancellation).ConfigureAwait(false);
        started = Stopwatch.GetElapsedTime(began);
    }

    /// <summary>
    /// Recovers all symbols before the node that begins a cluster accepts records. Waits until the signals that a crash kept from the
    /// signal log are logged, unless the log is damaged.
    /// </summary>
    private async Task RecoverAllAsync(CancellationToken cancellation) => await ClusterQueries.ForEachAsync(
        (await queries.SymbolsAsync(cancellation).ConfigureAwait(false)).Keys,
        async (symbol, token) =>
        {
            while ((await queries.AskAsync<SymbolAnswer>(new GetSymbol(symbol), token).ConfigureAwait(false)).Unconfirmed > 0
                && SignalLogFault is null) await Task.Delay(20, token).ConfigureAwait(false);
        },
        cancellation).ConfigureAwait(false);

    /// <summary>Leaves the cluster like a stop of the host: this node first answers all accepted records.</summary>
    internal void Leave() => _ = CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);

    /// <summary>
    /// Task of every coordinated shutdown. If the host began it, nothing is left to do. Otherwise it stops the host, and the host
    /// drains this engine. After downing by the cluster there is nothing to wait for.
    /// </summary>
    private async Task<Done> LeaveAsync(Action stop)
    {
        if (CoordinatedShutdown.Get(system).ShutdownReason is not CoordinatedShutdown.ClusterDowningReason && !closed.Task.IsCompleted)
        {
            stop();
            await closed.Task.ConfigureAwait(false);
        }

        return Done.Instance;
    }

    private async Task DrainOnceAsync()
    {
        await window.CloseAsync(new EngineStoppedException(Draining)).ConfigureAwait(false);
        closed.TrySetResult();
        await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance).ConfigureAwait(false);
        await Task.Run(ReadLastSignals).ConfigureAwait(false);
        Stop(new EngineStoppedException("The node was drained and is stopped."), failed: false);
    }

    /// <summary>Publishes all logged signals to the subscribers of this node before it stops.</summary>
    private void ReadLastSignals()
    {
        try
        {
            while (GatewayActor.ReadAfter(store, log.Last, options.SignalTail) is { Count: > 0 } page) log.Publish(page);
        }
        catch (RecoveryException damage)
        {
            log.End(damage);
        }
    }

    private void Stop(EngineStoppedException why, bool failed)
    {
        lock (sync)
        {
            if (stopped is not null || (failed && drained is not null)) return;
            stopped = why;
            if (failed) failure = why;
        }

        window.Fail(why);
        log.End(failed ? why : null);
        live.End(failed ? why : null);
        symbols.Committed.End(failed ? why : null);
    }

    private async Task ChangeAsync(object wanted, CancellationToken cancellation)
    {
        ThrowIfDraining();
        var keeper = ActorRegistry.For(system).Get<ActorKeys.Subscriptions>();
        await queries.AskAsync<SubscriptionsChanged>(keeper, wanted, cancellation).ConfigureAwait(false);
        await Task.Run(subscriptions.Read, cancellation).ConfigureAwait(false);
    }

    private void ThrowIfDraining()
    {
        if (drained is not null) throw new EngineStoppedException(Draining);
    }

    /// <summary>Reads changes by other nodes: subscriptions and plans.</summary>
    private void ReadOn()
    {
        subscriptions.Read();
        plans.Read();
    }

    /// <summary>Applies a changed plan: first to this node, then to its active symbols, which recover with it.</summary>
    private void SwitchPlan(PlanHistory known)
    {
        symbols.SwitchPlan(known);
        window.SwitchPlan(known.Present!);
        foreach (var symbol in symbols.Awake.Keys) region.Tell(new RefoldSymbol(symbol, known.Count), ActorRefs.NoSender);
    }
}
