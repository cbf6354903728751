using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using ActorTrading.Cluster;
using ActorTrading.Connectors;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Deleting;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.Engine.Ingest.Admission;
using ActorTrading.Engine.Ingest.Connections;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Past;
using ActorTrading.Engine.Recovering;
using ActorTrading.Host.Commands;
using ActorTrading.Host.Connecting;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Watching;
using ActorTrading.Host.Web;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Live;
using ActorTrading.Host.Web.Queries;
using ActorTrading.Host.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTrading.Host.Nodes;

/// <summary>
/// A running node. It locks its data folder and owns the journal, the engine, TCP ingest and the web server. These are services of one
/// host, see <see cref="NodeHost"/>.
/// </summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HttpPatience = TimeSpan.FromSeconds(10);

    private readonly NodeOptions options;
    private readonly DataFolder folder;
    private readonly LimitedLogger logger;
    private IJournalStore? store;
    private HostedEngine? engine;
    private IngestPipeline? pipeline;
    private IIngestListener? door;
    private BarClock? barClock;
    private Task publishing = Task.CompletedTask;
    private WebApplication? app;
    private bool isListening;
    private WebhookSinks? webhooks;
    private NodeConnectors? connectors;
    private bool isReady;
    private readonly Plan? given;
    private Plan? replaced; // the journaled plan before this start, if a plan was configured
    private JournalPast? past;
    private bool isDraining;
    private bool isDisposed;

    private Node(NodeOptions options, DataFolder folder, Plan? plan, ILoggerFactory loggers)
    {
        this.options = options;
        this.folder = folder;
        Loggers = loggers;
        logger = new LimitedLogger(loggers.CreateLogger(NodeLogging.Category), options.Log.PerSecond, options.Time);
        given = plan;
        Audit = new AccessAudit(Path.Combine(options.Data, "audit"), new AuditOptions { Time = options.Time, OnNotice = logger.Notice });
        Requests = new RequestAudit(this);
        Watch = new NodeWatch(this, options.Watch, logger);
        Queries = new QueryPool(options.Queries, options.Time) { Meter = Watch.Meter };
        States = new StateWatch(() => Engine);
        Market = new MarketTable(this);
        Reporter = new NodeReporter(this, options.Time);
        Pending = new PendingConnections(options.Web, options.Tls?.HandshakeTimeout ?? TimeSpan.Zero);
    }

    /// <summary>The current plan. It can change while the node runs. Until recovery has finished: the configured plan.</summary>
    public Plan Plan => Hosting?.Engine.Plan ?? given ?? Plan.Default;

    /// <summary>The loggers of the node and its components.</summary>
    public ILoggerFactory Loggers { get; }

    /// <summary>The cluster engine, available before it joins its cluster; null for a node with the embedded engine.</summary>
    public ClusterEngine? Cluster { get; private set; }

    /// <summary>The options of the node.</summary>
    public NodeOptions Options => options;

    /// <summary>The current phase of the node.</summary>
    public NodePhase Phase =>
        Volatile.Read(ref engine)?.Failure is not null ? NodePhase.Failed
        : Volatile.Read(ref isDraining) ? NodePhase.Draining
        : Volatile.Read(ref isReady) ? NodePhase.Ready
        : NodePhase.Recovering;

    /// <summary>The progress of recovery; meaningful only during recovery.</summary>
    public RecoveryProgress Progress { get; private set; }

    /// <summary>The engine. Not available during recovery.</summary>
    public IEngine Engine => Hosted.Engine;

    /// <summary>The position of the last signal in the log; 0 before the first signal.</summary>
    public long LastSignal => Hosted.LastSignal;

    /// <summary>The position of the last signal that recovery found.</summary>
    public long RecoveredSignals { get; private set; }

    /// <summary>The exception that stopped the engine; null while it has not failed.</summary>
    public Exception? Failure => engine?.Failure;

    /// <summary>The location of the journal, without secrets.</summary>
    public string JournalLocation => store!.Location;

    /// <summary>The health check of the journal.</summary>
    public JournalHealth Health { get; private set; } = null!;

    /// <summary>Queries past states in the journal, using the current plan.</summary>
    public JournalPast Past
    {
        get
        {
            var (kept, plan) = (Volatile.Read(ref past), Plan);
            if (kept?.Plan == plan) return kept;
            Volatile.Write(ref past, kept = new JournalPast(plan, store!));
            return kept;
        }
    }

    /// <summary>The free disk space of the node.</summary>
    public DiskWatch Disk { get; private set; } = null!;

    /// <summary>Number of batches that were delayed or rejected because of a caller's quota.</summary>
    public long Delayed => Volatile.Read(ref pipeline)?.Quotas.Delayed ?? 0;

    /// <summary>The audit log: a line for each change and each denied access.</summary>
    public AccessAudit Audit { get; }

    /// <summary>The audit log of HTTP requests.</summary>
    public RequestAudit Requests { get; }

    /// <summary>The address of the TCP ingest port. Only a node with the role <see cref="Role.Ingest"/> has one.</summary>
    public IPEndPoint Ingest => door!.Address;

    /// <summary>Connections to the TCP port; empty without a TCP port.</summary>
    public IReadOnlyList<ConnectionStatus> Connections => door?.Connections ?? [];

    /// <summary>Totals over all TCP connections; null while there is no TCP port.</summary>
    public IngestTotals? Totals => Volatile.Read(ref door)?.Totals;

    /// <summary>The metrics of the node.</summary>
    public NodeWatch Watch { get; }

    /// <summary>Running and queued HTTP queries of the journal.</summary>
    public QueryPool Queries { get; }

    /// <summary>The states of symbols that subscribers watch.</summary>
    public StateWatch States { get; }

    /// <summary>The current market row of every symbol, for subscribers.</summary>
    public MarketTable Market { get; }

    /// <summary>Reports the status of this node.</summary>
    public NodeReporter Reporter { get; }

    /// <summary>The address of the TCP ingest port; null without a TCP port and during recovery.</summary>
    public IPEndPoint? Ticks => Volatile.Read(ref door)?.Address;

    /// <summary>Number of symbols that count against <c>ingest:max_symbols</c>; null during recovery.</summary>
    public int? KnownSymbols => Volatile.Read(ref pipeline)?.KnownSymbols;

    /// <summary>The status of the quarantine; null during recovery.</summary>
    public QuarantineStatus? Quarantine => Volatile.Read(ref pipeline)?.Rejects.Quarantine;

    /// <summary>Problems that do not stop service, one line each; empty when there are none.</summary>
    public IReadOnlyList<string> Degraded
    {
        get
        {
            var problems = new List<string>();
            if (Hosting?.RetentionFailure is { } retention)
                problems.Add($"Old events and snapshots cannot be deleted: {retention.Message}");
            if (Hosting?.SignalLogFault is { } damaged) problems.Add($"Signals cannot be logged: {damaged.Message}");
            if (Quarantine?.Problem is { } quarantine) problems.Add($"Refusals cannot be kept: {quarantine}");
            if (Audit.Problem is { } audit) problems.Add($"The audit log cannot be written, so nothing is changed: {audit}");
            problems.AddRange(Volatile.Read(ref connectors)?.Problems ?? []);
            return problems;
        }
    }

    /// <summary>The status of each webhook.</summary>
    public IReadOnlyList<WebhookStatus> Webhooks => Volatile.Read(ref webhooks)?.Status ?? [];

    /// <summary>The connector with that name; null when there is none.</summary>
    public IConnector? Connector(string name) => Volatile.Read(ref connectors)?.Find(name);

    /// <summary>The status of each connector.</summary>
    public IReadOnlyList<ConnectorStatus> Connectors => Volatile.Read(ref connectors)?.Status ?? [];

    /// <summary>The engine; null during recovery.</summary>
    public HostedEngine? Hosting => Volatile.Read(ref engine);

    /// <summary>
    /// The recovery report; null during recovery. In a cluster, symbols recover when they are activated: the report covers the symbols
    /// recovered so far.
    /// </summary>
    public RecoveryReport? Recovered => Hosting?.Recovery;

    /// <summary>The location of the journal. For a journal that is not a file, no file exists at this path.</summary>
    public string? JournalFile => store?.Location;

    /// <summary>The access rules for TCP and HTTP; null: every caller may do everything.</summary>
    public AccessRules? Access { get; private set; }

    /// <summary>The TCP and HTTP connections of each caller, counted against its quota.</summary>
    public CallerConnections Callers { get; } = new();

    /// <summary>HTTP connections whose caller is not identified yet.</summary>
    public PendingConnections Pending { get; }

    /// <summary>The TLS certificate of TCP and HTTP; null: no encryption.</summary>
    public CertificateFile? Certificate { get; private set; }

    /// <summary>The routes of the HTTP interface.</summary>
    public IEnumerable<RouteEndpoint> Routes =>
        ((IEndpointRouteBuilder)app!).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>The addresses of the HTTP interface.</summary>
    public IReadOnlyList<Uri> Http => [.. Server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    /// <summary>Cancelled when the node begins to stop, for any reason.</summary>
    public CancellationToken Stopping => app!.Lifetime.ApplicationStopping;

    /// <summary>The pipeline that receives the input of all listeners. Not available during recovery.</summary>
    public IngestPipeline IngestPipeline => Volatile.Read(ref pipeline) ?? throw new EngineStoppedException("The node is recovering.");

    private IServer Server => app!.Services.GetRequiredService<IServer>();

    private HostedEngine Hosted => Volatile.Read(ref engine) ?? throw new EngineStoppedException("The node is recovering.");

    /// <summary>Starts a node. It accepts ticks when this method returns.</summary>
    /// <param name="loggers">Loggers of the node and its components; null: no logging.</param>
    /// <param name="open">Opens the journal; default: the journal that the options name.</param>
    /// <param name="run">What stops the node; default: the caller.</param>
    /// <exception cref="CommandException">The node cannot start; the message gives the reason.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the node had started.</exception>
    public static async Task<Node> StartAsync(
        NodeOptions options, ILoggerFactory? loggers = null, Func<NodeOptions, IJournalStore>? open = null, NodeRun? run = null)
    {
        var plan = options.Plan is { } file ? PlanFile.Load(file, options.MaxSymbolBytes) : null;
        var node = new Node(options, DataFolder.Hold(options.Data), plan, loggers ?? NullLoggerFactory.Instance);
        try
        {
            await node.StartAsync(open ?? OpenJournal, run ?? NodeRun.InProcess);
            return node;
        }
        catch (Exception exception)
        {
            await node.DisposeAsync();
            if (node.RefusalOf(exception) is { } refusal) throw refusal;
            throw;
        }
    }

    /// <summary>Whether this node serves that <see cref="Role"/>.</summary>
    public bool Has(string role) => Hosted.Has(role);

    /// <summary>Changes the plan; see <see cref="IEngine.ChangePlanAsync"/>.</summary>
    /// <exception cref="WebhookException">A webhook names a rule that is not in the plan.</exception>
    /// <exception cref="PlanChangeException">The plan cannot be applied to the journaled events.</exception>
    public async Task ChangePlanAsync(Plan plan, CancellationToken cancellation)
    {
        foreach (var webhook in options.Webhooks) WebhookSinks.Check(webhook, plan);
        var (before, begun) = (Plan, options.Time.GetTimestamp());
        await Engine.ChangePlanAsync(plan, cancellation);
        if (plan.Hash != before.Hash) logger.PlanChanged(before.Hash.Short, plan.Hash.ToString(), options.Time.GetElapsedTime(begun));
    }

    /// <summary>Excludes records; see <see cref="IEngine.ExcludeAsync"/>.</summary>
    public async Task<ExclusionOutcome> ExcludeAsync(Symbol symbol, ExclusionRequest request, CancellationToken cancellation)
    {
        var begun = options.Time.GetTimestamp();
        var outcome = await Engine.ExcludeAsync(symbol, request, cancellation);
        if (outcome.IsChanged) logger.RecordsExcluded(symbol.Name, outcome, request.By, options.Time.GetElapsedTime(begun));
        return outcome;
    }

    /// <summary>Ends an exclusion; see <see cref="IEngine.IncludeAsync"/>.</summary>
    public async Task<ExclusionOutcome> IncludeAsync(Symbol symbol, long number, string by, CancellationToken cancellation)
    {
        var begun = options.Time.GetTimestamp();
        var outcome = await Engine.IncludeAsync(symbol, number, by, cancellation);
        logger.RecordsIncluded(symbol.Name, outcome, by, options.Time.GetElapsedTime(begun));
        return outcome;
    }

    /// <summary>Deletes a symbol; see <see cref="IEngine.DeleteSymbolAsync"/>.</summary>
    public async Task<DeletionOutcome> DeleteSymbolAsync(Symbol symbol, string by, CancellationToken cancellation)
    {
        var begun = options.Time.GetTimestamp();
        var outcome = await Engine.DeleteSymbolAsync(symbol, by, cancellation);
        if (outcome.IsChanged) logger.SymbolDeleted(symbol.Name, by, outcome.Event, options.Time.GetElapsedTime(begun));
        return outcome;
    }

    /// <summary>The ledger: the outcome of all records received since the start.</summary>
    public Task<IReadOnlyList<LedgerLine>> LedgerAsync(CancellationToken cancellation) => IngestPipeline.LedgerAsync(cancellation);

    /// <summary>
    /// Stops the host in order (see <see cref="NodeHost"/>): stops accepting records, waits until accepted records are durable, then stops.
    /// </summary>
    /// <exception cref="EngineStoppedException">The engine failed before all accepted records were durable.</exception>
    public async Task StopAsync()
    {
        try
        {
            await app!.StopAsync();
        }
        catch (AggregateException exception)
            when (exception.InnerExceptions.OfType<EngineStoppedException>().FirstOrDefault() is { } stopped)
        {
            throw new EngineStoppedException(stopped.Message, exception);
        }

        logger.Stopped();
    }

    /// <summary>Stops immediately. Durable data is not lost.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed) return;
        isDisposed = true;
        app?.Lifetime.StopApplication(); // ends the streams
        if (door is not null) await door.DisposeAsync();
        if (connectors is not null) await connectors.DisposeAsync();
        if (barClock is not null) await barClock.DisposeAsync();
        if (isListening) await Server.StopAsync(new CancellationToken(canceled: true));
        if (pipeline is not null) await pipeline.DisposeAsync();
        await publishing;
        await Market.DisposeAsync();
        if (webhooks is not null) await webhooks.DisposeAsync();
        if (engine is not null) await engine.DisposeAsync();
        else if (Cluster is not null) await Cluster.DisposeAsync();
        if (app is not null) await app.DisposeAsync();
        await Watch.DisposeAsync();
        Access?.Dispose();
        Certificate?.Dispose();
        store?.Dispose();
        Disk?.Dispose();
        Audit.Dispose();
        folder.Dispose();
    }

    /// <summary>Called when the web server listens.</summary>
    internal void OnListening() => isListening = true;

    /// <summary>Runs recovery. A cluster engine has joined its cluster before this call.</summary>
    internal async Task StartEngineAsync(CancellationToken cancellation)
    {
        Volatile.Write(ref engine, Cluster is { } cluster
            ? new ClusterHosting(cluster)
            : await EmbeddedHosting.OpenAsync(given, store!, options.Engine, Hooks));
        this.AuditPlan(replaced);
        RecoveredSignals = LastSignal;
        LogRecovery();
        logger.PlanInForce(Plan.Hash.ToString(), Plan.Settings.Rules.Count);
    }

    /// <summary>Waits until accepted records are durable, and writes snapshots.</summary>
    internal Task StopEngineAsync(CancellationToken cancellation) => Engine.DrainAsync(cancellation);

    internal Task StartIntakeAsync(CancellationToken cancellation)
    {
        var settings = options.Intake with
        {
            Folder = options.Data, OnNotice = logger.Notice, Meter = Watch.Meter, Time = options.Time, Disk = Disk,
        };
        Volatile.Write(ref pipeline, new IngestPipeline(Engine, settings));
        publishing = Hosted.PublishRejectsAsync(IngestPipeline);
        return Task.CompletedTask;
    }

    /// <summary>Writes the last audit line while the ledger of the engine is still available.</summary>
    internal async Task StopIntakeAsync(CancellationToken cancellation) => await IngestPipeline.DisposeAsync();

    /// <summary>Starts the webhooks. They stop when the node is disposed, together with the engine's signal log.</summary>
    internal async Task StartWebhooksAsync(CancellationToken cancellation)
    {
        var kept = Path.Combine(options.Data, "webhooks");
        Volatile.Write(ref webhooks, await WebhookSinks.StartAsync(options.Webhooks, Engine, () => LastSignal, kept, logger));
    }

    internal async Task StartConnectorsAsync(CancellationToken cancellation) =>
        Volatile.Write(ref connectors, await NodeConnectors.StartAsync(
            options.Connectors, Has(Role.Ingest), () => new ConnectorServices(
                Engine, IngestPipeline, ConnectorSystem.Create(), Path.Combine(options.Data, "connectors"), options.Time, logger)
            {
                LastSignal = () => LastSignal, IsActive = () => Hosted.HasSignalLog, IsReader = () => Hosted.IsOldest(Role.Ingest),
            }));

    /// <summary>
    /// Stops the connectors: waits until their records are durable and acknowledged to the external systems. The engine still accepts
    /// records.
    /// </summary>
    internal async Task StopConnectorsAsync(CancellationToken cancellation)
    {
        if (connectors is not null) await connectors.DisposeAsync();
    }

    internal void StartBarClock()
    {
        if (options.CloseSilentBars) barClock = new BarClock(Engine, options.Grace);
    }

    internal async Task StopBarClockAsync(CancellationToken cancellation)
    {
        if (barClock is not null) await barClock.DisposeAsync();
    }

    /// <summary>Opens the TCP port when the node has the ingest role; the node is then ready.</summary>
    internal void StartListener()
    {
        if (Has(Role.Ingest)) Volatile.Write(ref door, OpenListener());
        Volatile.Write(ref isReady, true);
        logger.Ready(door?.Address.ToString() ?? "other nodes", string.Join(", ", Http));
    }

    /// <summary>Stops accepting records over TCP and HTTP, and answers for the accepted ones.</summary>
    internal async Task CloseDoorsAsync(CancellationToken cancellation)
    {
        Volatile.Write(ref isDraining, true);
        logger.Draining();

        // A full disk can keep rejections from being stored: do not wait for them. They are not acknowledged, so the senders keep the
        // records.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(ClosePatience);
        if (door is not null) await door.StopAsync(patience.Token);
        patience.CancelAfter(HttpPatience);
        await Server.StopAsync(patience.Token);
        this.AuditStop();
    }

    private static IJournalStore OpenJournal(NodeOptions options) =>
        JournalStore.Open(options.JournalAddress, new JournalOptions { Clock = options.Time });

    private EngineHooks Hooks => new(Loggers, Watch.Meter, new Reports(this), LogFault, LogRetention, Reporter) { Audit = Audit };

    private async Task StartAsync(Func<NodeOptions, IJournalStore> open, NodeRun run)
    {
        if (options.Access is { } rules) Access = AccessRules.Load(rules, logger.Notice);
        if (options.Tls is { } tls) Certificate = CertificateFile.Open(tls, logger.Notice);
        this.AuditFiles();
        this.AuditStart();
        store = open(options);
        var plan = given?.Hash.ToString() ?? "as journaled";
        logger.Starting(BuildInfo.Version, options.Data, store.Location, plan, options.Listen, options.Port, options.Webhooks.Count);
        if (given is not null) replaced = PlanHistory.None.TryReadOn(store, out _).Present;
        if (store.Notice is { } found) logger.Notice(found);
        foreach (var notice in folder.Notices) logger.Notice(notice);
        if (options.Access is { } readable && PrivateFiles.IsReadByAll(readable))
            logger.Notice($"{readable}: everybody can read it; tokens in plain text are no secrets there");
        Disk = WatchDisk();
        Health = new JournalHealth(store, options.Time);
        if (options.Kind == EngineKind.Cluster) Cluster = await ClusterHosting.OpenAsync(given, store, options, Hooks);
        app = NodeHost.Build(this, run);
        await app.StartAsync();
    }

    /// <summary>Watches the data folder, and the folder of a journal file outside of it.</summary>
    private DiskWatch WatchDisk()
    {
        List<string> folders = [options.Data];
        if (File.Exists(JournalFile) && Path.GetDirectoryName(Path.GetFullPath(JournalFile)) is { } folder) folders.Add(folder);
        var disk = new DiskWatch(folders, options.MinFreeDisk, options.FreeDisk, options.Time);
        if (disk.IsLow) logger.DiskLow(disk.Free!.Value, disk.Mark);
        disk.OnChange = (isLow, free) =>
        {
            if (isLow) logger.DiskLow(free, disk.Mark);
            else logger.DiskHasRoom(free);
        };
        return disk;
    }

    /// <summary>The message for the operator when the node cannot start; null for a bug in the program.</summary>
    private CommandException? RefusalOf(Exception exception)
    {
        var message = exception.Message;
        return exception switch
        {
            CommandException or OperationCanceledException => null,
            JournalException { Failure: JournalFailure.Full or JournalFailure.ReadOnly } =>
                new CommandException(ExitCode.BadOutput, message),
            JournalException or RecoveryException or PlanChangeException or EngineStoppedException =>
                new CommandException(ExitCode.BadInput, message),
            WebhookException or AccessException or CertificateException => new CommandException(ExitCode.BadInput, message),
            TimeoutException or AuthenticationException => new CommandException(ExitCode.NoNode, message),
            IOException or SocketException or InvalidOperationException when app is not null && !isListening =>
                new CommandException(ExitCode.BadOutput, $"HTTP: {message}"),
            IOException => new CommandException(ExitCode.BadOutput, message),
            _ when ClusterEngine.SocketFault(exception) is { } cause => new CommandException(ExitCode.BadOutput,
                $"cluster port {options.Cluster.Host}:{options.Cluster.Port}: {cause.Message}; --cluster-port names another one, "
                + "0 any that is free"),
            _ => null,
        };
    }

    private IIngestListener OpenListener()
    {
        try
        {
            return Hosted.OpenListener(IngestPipeline, options.Ingest with
            {
                Address = new IPEndPoint(options.Listen, options.Port),
                AllowRemote = !options.IsLocal,
                Access = Access,
                Callers = Callers,
                HttpPort = Http[0].Port,
                Tls = Certificate,
                OnClosed = OnClosed,
            }, options.Time);
        }
        catch (SocketException exception)
        {
            throw new CommandException(ExitCode.BadOutput, $"port {options.Port}: {exception.Message}");
        }
    }

    private void OnClosed(ConnectionStatus ended)
    {
        Watch.Ends.Add(ended);
        this.AuditRefusal(ended);
        var (remote, source) = (ended.Remote?.ToString() ?? "", ended.Source?.Name ?? "no name");
        if (ended.Error is { } error)
            logger.ConnectionClosed(ended.Number, remote, source, error.Code, error.Message, ended.Records, ended.Rejected, ended.BytesIn);
        else
            logger.ConnectionEnded(ended.Number, remote, source, ended.Records, ended.Rejected, ended.BytesIn);
    }

    private void LogRecovery()
    {
        if (Hosted.Address is { } address)
        {
            logger.Joined(address, RecoveredSignals);
            return;
        }

        var report = Hosted.Recovery;
        logger.Recovered(report.Symbols, report.Elapsed, report.SnapshotsUsed, report.Events, report.Records, RecoveredSignals);
        foreach (var unused in report.SnapshotsUnused) logger.UnusedSnapshot(unused.PersistenceId, unused.SequenceNumber, unused.Reason);
    }

    private void LogRetention(JournalException? failure)
    {
        if (failure is null) logger.RetentionWorksAgain();
        else logger.RetentionFails(failure.Message);
    }

    private void LogFault(IndicatorFault fault) =>
        logger.IndicatorFailed(fault.Indicator, fault.Symbol.Name, fault.Frame.Name(), fault.Message);

    private sealed class Reports(Node node) : IProgress<RecoveryProgress>
    {
        private readonly Lock sync = new();

        public void Report(RecoveryProgress value)
        {
            lock (sync)
            {
                if (value.Events > node.Progress.Events) node.Progress = value;
            }
        }
    }
}
