using ActorTrading.Cluster;
using ActorTrading.Connectors;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Ingest.Admission;
using ActorTrading.Engine.Journal;
using ActorTrading.Host.Commands;
using ActorTrading.Host.Connecting;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Telemetry;
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
/// Long because it starts and stops every part of a node, and the order matters.
/// </summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HttpTimeout = TimeSpan.FromSeconds(10);

    private readonly NodeOptions options;
    private readonly DataFolder folder;
    private readonly LimitedLogger logger;
    private HostedEngine? engine;
    private BarClock? barClock;
    private WebApplication? app;
    private bool isListening;
    private WebhookSinks? webhooks;
    private NodeConnectors? connectors;
    private bool isReady;
    private readonly Plan? given;
    private Plan? replaced; // the journaled plan before this start, if a plan was configured
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
        Telemetry = new NodeTelemetry(this, options.Telemetry, logger);
        Queries = new QueryPool(options.Queries, options.Time) { Meter = Telemetry.Meter };
        States = new StateWatch(() => Engine);
        Market = new MarketTable(this);
        Reporter = new NodeReporter(this, options.Time);
        Security = new NodeSecurity(options);
        Ingest = new NodeIngest(this, logger);
        Changes = new NodeChanges(this, logger);
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

    /// <summary>The progress and the result of recovery.</summary>
    public NodeRecovery Recovery { get; } = new();

    /// <summary>The engine. Not available during recovery.</summary>
    public IEngine Engine => Hosted.Engine;

    /// <summary>The engine, with what the node reports about it. Not available during recovery.</summary>
    public HostedEngine Hosted => Hosting ?? throw new EngineStoppedException("The node is recovering.");

    /// <summary>The same; null during recovery.</summary>
    public HostedEngine? Hosting => Volatile.Read(ref engine);

    /// <summary>The changes that callers may make to the engine.</summary>
    public NodeChanges Changes { get; }

    /// <summary>The journal.</summary>
    public NodeJournal Journal { get; private set; } = null!;

    /// <summary>The input of the node: its pipeline and its TCP port.</summary>
    public NodeIngest Ingest { get; }

    /// <summary>Access rules, encryption, and the connections of each caller.</summary>
    public NodeSecurity Security { get; }

    /// <summary>The free disk space of the node.</summary>
    public DiskWatch Disk { get; private set; } = null!;

    /// <summary>The audit log: a line for each change and each denied access.</summary>
    public AccessAudit Audit { get; }

    /// <summary>The audit log of HTTP requests.</summary>
    public RequestAudit Requests { get; }

    /// <summary>The metrics of the node.</summary>
    public NodeTelemetry Telemetry { get; }

    /// <summary>Running and queued HTTP queries of the journal.</summary>
    public QueryPool Queries { get; }

    /// <summary>The states of symbols that subscribers watch.</summary>
    public StateWatch States { get; }

    /// <summary>The current market row of every symbol, for subscribers.</summary>
    public MarketTable Market { get; }

    /// <summary>Reports the status of this node.</summary>
    public NodeReporter Reporter { get; }

    /// <summary>The webhooks; null during recovery.</summary>
    public WebhookSinks? Webhooks => Volatile.Read(ref webhooks);

    /// <summary>The connectors; null during recovery, and if none are configured.</summary>
    public NodeConnectors? Connectors => Volatile.Read(ref connectors);

    /// <summary>The routes of the HTTP interface.</summary>
    public IEnumerable<RouteEndpoint> Routes =>
        ((IEndpointRouteBuilder)app!).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>The addresses of the HTTP interface.</summary>
    public IReadOnlyList<Uri> Http => [.. Server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    /// <summary>Cancelled when the node begins to stop, for any reason.</summary>
    public CancellationToken Stopping => app!.Lifetime.ApplicationStopping;

    private IServer Server => app!.Services.GetRequiredService<IServer>();

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
            if (StartFailure.Of(exception, options, node is { app: not null, isListening: false }) is { } refusal) throw refusal;
            throw;
        }
    }

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
        await Ingest.CloseListenerAsync();
        if (connectors is not null) await connectors.DisposeAsync();
        if (barClock is not null) await barClock.DisposeAsync();
        if (isListening) await Server.StopAsync(new CancellationToken(canceled: true));
        await Ingest.DisposeAsync();
        await Market.DisposeAsync();
        if (webhooks is not null) await webhooks.DisposeAsync();
        if (engine is not null) await engine.DisposeAsync();
        else if (Cluster is not null) await Cluster.DisposeAsync();
        if (app is not null) await app.DisposeAsync();
        await Telemetry.DisposeAsync();
        Security.Dispose();
        Journal?.Dispose();
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
            : await EmbeddedHosting.OpenAsync(given, Journal.Store, options.Engine, Hooks));
        this.AuditPlan(replaced);
        Recovery.Signals = Hosted.LastSignal;
        LogRecovery();
        logger.PlanInForce(Plan.Hash.ToString(), Plan.Settings.Rules.Count);
    }

    /// <summary>Waits until accepted records are durable, and writes snapshots.</summary>
    internal Task StopEngineAsync(CancellationToken cancellation) => Engine.DrainAsync(cancellation);

    /// <summary>Starts the webhooks. They stop when the node is disposed, together with the engine's signal log.</summary>
    internal async Task StartWebhooksAsync(CancellationToken cancellation)
    {
        var kept = Path.Combine(options.Data, "webhooks");
        Volatile.Write(ref webhooks, await WebhookSinks.StartAsync(
            options.Webhooks, new WebhookContext(Engine, () => Hosted.LastSignal, kept, logger)));
    }

    internal async Task StartConnectorsAsync(CancellationToken cancellation) =>
        Volatile.Write(ref connectors, await NodeConnectors.StartAsync(
            options.Connectors, Hosted.Has(Role.Ingest), () => new ConnectorServices(
                Engine, Ingest.Running, ConnectorSystem.Create(), Path.Combine(options.Data, "connectors"), options.Time, logger)
            {
                LastSignal = () => Hosted.LastSignal, IsActive = () => Hosted.HasSignalLog, IsReader = () => Hosted.IsOldest(Role.Ingest),
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
        Ingest.Listen();
        Volatile.Write(ref isReady, true);
        logger.Ready(Ingest.Listener?.Address.ToString() ?? "other nodes", string.Join(", ", Http));
    }

    /// <summary>Stops accepting records over TCP and HTTP, and answers for the accepted ones.</summary>
    internal async Task CloseListenersAsync(CancellationToken cancellation)
    {
        Volatile.Write(ref isDraining, true);
        logger.Draining();

        // A full disk can keep rejections from being stored: do not wait for them. They are not acknowledged, so the senders keep the
        // records.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(CloseTimeout);
        if (Ingest.Listener is { } listener) await listener.StopAsync(patience.Token);
        patience.CancelAfter(HttpTimeout);
        await Server.StopAsync(patience.Token);
        this.AuditStop();
    }

    private static IJournalStore OpenJournal(NodeOptions options) =>
        JournalStore.Open(options.JournalAddress, new JournalOptions { Clock = options.Time });

    private EngineHooks Hooks => new(Loggers, Telemetry.Meter, Recovery, LogFault, LogRetention, Reporter) { Audit = Audit };

    private async Task StartAsync(Func<NodeOptions, IJournalStore> open, NodeRun run)
    {
        Security.Load(logger.Notice);
        this.AuditFiles();
        this.AuditStart();
        var store = open(options);
        Journal = new NodeJournal(store, options.Time, () => Plan);
        var plan = given?.Hash.ToString() ?? "as journaled";
        logger.Starting(BuildInfo.Version, options.Data, store.Location, plan, options.Listen, options.Port, options.Webhooks.Count);
        if (given is not null) replaced = PlanHistory.None.TryReadOn(store, out _).Present;
        if (store.Notice is { } found) logger.Notice(found);
        foreach (var notice in folder.Notices) logger.Notice(notice);
        if (options.Access is { } readable && PrivateFiles.IsReadByAll(readable))
            logger.Notice($"{readable}: every user can read this file; plain-text tokens in it are not secret");
        Disk = WatchDisk();
        if (options.Kind == EngineKind.Cluster) Cluster = await ClusterHosting.OpenAsync(given, store, options, Hooks);
        app = NodeHost.Build(this, run);
        await app.StartAsync();
    }

    /// <summary>Watches the data folder, and the folder of a journal file outside of it.</summary>
    private DiskWatch WatchDisk()
    {
        List<string> folders = [options.Data];
        var file = Journal.Location;
        if (File.Exists(file) && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) folders.Add(folder);
        var disk = new DiskWatch(folders, options.MinFreeDisk, options.FreeDisk, options.Time);
        if (disk.IsLow) logger.DiskLow(disk.Free!.Value, disk.Mark);
        disk.OnChange = (isLow, free) =>
        {
            if (isLow) logger.DiskLow(free, disk.Mark);
            else logger.DiskHasRoom(free);
        };
        return disk;
    }

    private void LogRecovery()
    {
        if (Hosted.Address is { } address)
        {
            logger.Joined(address, Recovery.Signals);
            return;
        }

        var report = Hosted.Recovery;
        logger.Recovered(report.Symbols, report.Elapsed, report.SnapshotsUsed, report.Events, report.Records, Recovery.Signals);
        foreach (var unused in report.SnapshotsUnused) logger.UnusedSnapshot(unused.PersistenceId, unused.SequenceNumber, unused.Reason);
    }

    private void LogRetention(JournalException? failure)
    {
        if (failure is null) logger.RetentionWorksAgain();
        else logger.RetentionFails(failure.Message);
    }

    private void LogFault(IndicatorFault fault) =>
        logger.IndicatorFailed(fault.Indicator, fault.Symbol.Name, fault.Frame.Name(), fault.Message);
}
