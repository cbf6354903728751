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
using ActorTrading.Engine.Ingest.Keeping;
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
/// A running node: it holds its folder and owns journal, engine, TCP ingest and web server. They are the services of one host, see
/// <see cref="NodeHost"/>.
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
    private IngestPipeline? reception;
    private IIngestListener? door;
    private BarClock? barClock;
    private Task publishing = Task.CompletedTask;
    private WebApplication? app;
    private bool isListening;
    private WebhookSinks? webhooks;
    private NodeConnectors? connectors;
    private bool isReady;
    private readonly Plan? given;
    private Plan? replaced; // the journal's before this start, where one was given
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

    /// <summary>What is computed. It can be changed while the node runs; until it has recovered, what it was told.</summary>
    public Plan Plan => Hosting?.Engine.Plan ?? given ?? Plan.Default;

    /// <summary>The loggers of the node and of what runs in it.</summary>
    public ILoggerFactory Loggers { get; }

    /// <summary>The cluster engine, from before it has joined; null for a node with the embedded one.</summary>
    public ClusterEngine? Cluster { get; private set; }

    /// <summary>What the node was told.</summary>
    public NodeOptions Options => options;

    /// <summary>How far it has come.</summary>
    public NodePhase Phase =>
        Volatile.Read(ref engine)?.Failure is not null ? NodePhase.Failed
        : Volatile.Read(ref isDraining) ? NodePhase.Draining
        : Volatile.Read(ref isReady) ? NodePhase.Ready
        : NodePhase.Recovering;

    /// <summary>How far recovery has come; of use while it goes on.</summary>
    public RecoveryProgress Progress { get; private set; }

    /// <summary>The engine. There is none while the node recovers.</summary>
    public IEngine Engine => Hosted.Engine;

    /// <summary>The position of the last signal in the log; 0 before the first.</summary>
    public long LastSignal => Hosted.LastSignal;

    /// <summary>The position of the last signal that recovery found.</summary>
    public long RecoveredSignals { get; private set; }

    /// <summary>Why the engine failed; null while it has not.</summary>
    public Exception? Failure => engine?.Failure;

    /// <summary>Where the journal is, without anything secret.</summary>
    public string JournalLocation => store!.Location;

    /// <summary>Whether the journal answers.</summary>
    public JournalHealth Health { get; private set; } = null!;

    /// <summary>What the journal tells of the past by the present plan.</summary>
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

    /// <summary>How much room is left on the disk.</summary>
    public DiskWatch Disk { get; private set; } = null!;

    /// <summary>Batches that had to wait, or were not taken, because of a caller's quota.</summary>
    public long Delayed => Volatile.Read(ref reception)?.Quotas.Delayed ?? 0;

    /// <summary>Who did what: a line for each change and each refusal of access.</summary>
    public AccessAudit Audit { get; }

    /// <summary>The same for requests.</summary>
    public RequestAudit Requests { get; }

    /// <summary>Where ticks are taken over TCP. Only a node with the role <see cref="Role.Ingest"/> has such a port.</summary>
    public IPEndPoint Ingest => door!.Address;

    /// <summary>Connections to the TCP port; none where there is none.</summary>
    public IReadOnlyList<ConnectionStatus> Connections => door?.Connections ?? [];

    /// <summary>Sums over all TCP connections; null while there is no port for them.</summary>
    public IngestTotals? Totals => Volatile.Read(ref door)?.Totals;

    /// <summary>What the node shows of itself.</summary>
    public NodeWatch Watch { get; }

    /// <summary>Who reads the journal by HTTP, and who waits to.</summary>
    public QueryPool Queries { get; }

    /// <summary>The states of symbols that somebody watches.</summary>
    public StateWatch States { get; }

    /// <summary>What every symbol shows at present, for those who look on.</summary>
    public MarketTable Market { get; }

    /// <summary>What it tells those who look on.</summary>
    public NodeReporter Reporter { get; }

    /// <summary>Where ticks are taken over TCP; null where they are not, and while the node recovers.</summary>
    public IPEndPoint? Ticks => Volatile.Read(ref door)?.Address;

    /// <summary>How many symbols count against <c>ingest:max_symbols</c>; null while the node recovers.</summary>
    public int? KnownSymbols => Volatile.Read(ref reception)?.KnownSymbols;

    /// <summary>How the quarantine is doing; null while the node recovers.</summary>
    public QuarantineStatus? Quarantine => Volatile.Read(ref reception)?.Quarantine;

    /// <summary>What does not work and keeps nobody from being served, each in a line; none where all is well.</summary>
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

    /// <summary>How the webhooks are doing.</summary>
    public IReadOnlyList<WebhookStatus> Webhooks => Volatile.Read(ref webhooks)?.Status ?? [];

    /// <summary>The connector of that name; null where there is none.</summary>
    public IConnector? Connector(string name) => Volatile.Read(ref connectors)?.Find(name);

    /// <summary>How the connectors are doing.</summary>
    public IReadOnlyList<ConnectorStatus> Connectors => Volatile.Read(ref connectors)?.Status ?? [];

    /// <summary>The engine, for those who can do without; null while the node recovers.</summary>
    public HostedEngine? Hosting => Volatile.Read(ref engine);

    /// <summary>
    /// What recovery found and did; null while it goes on. In a cluster symbols recover as they come to life: then it is what
    /// they have found up to now.
    /// </summary>
    public RecoveryReport? Recovered => Hosting?.Recovery;

    /// <summary>The journal where it is a file; a path without a file where it is not.</summary>
    public string? JournalFile => store?.Location;

    /// <summary>Who may do what, over TCP and HTTP alike; null: everybody everything.</summary>
    public AccessRules? Access { get; private set; }

    /// <summary>The connections of callers over TCP and HTTP, against their quotas.</summary>
    public CallerConnections Callers { get; } = new();

    /// <summary>HTTP connections of which it is not known who is at the other end.</summary>
    public PendingConnections Pending { get; }

    /// <summary>The certificate that TCP and HTTP show; null: nothing is encrypted.</summary>
    public CertificateFile? Certificate { get; private set; }

    /// <summary>The routes of its HTTP interface.</summary>
    public IEnumerable<RouteEndpoint> Routes =>
        ((IEndpointRouteBuilder)app!).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>Where HTTP is answered.</summary>
    public IReadOnlyList<Uri> Http => [.. Server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    /// <summary>Cancelled when the node begins to stop, whoever stops it.</summary>
    public CancellationToken Stopping => app!.Lifetime.ApplicationStopping;

    /// <summary>Where every door hands its input to. There is none while the node recovers.</summary>
    public IngestPipeline IngestPipeline => Volatile.Read(ref reception) ?? throw new EngineStoppedException("The node is recovering.");

    private IServer Server => app!.Services.GetRequiredService<IServer>();

    private HostedEngine Hosted => Volatile.Read(ref engine) ?? throw new EngineStoppedException("The node is recovering.");

    /// <summary>Starts a node; it takes ticks when this returns.</summary>
    /// <param name="loggers">For the node and what runs in it; null: nothing is logged.</param>
    /// <param name="open">Opens the journal; by default the one that the options name.</param>
    /// <param name="run">What stops it; by default the caller.</param>
    /// <exception cref="CommandException">It cannot be started; the message says why.</exception>
    /// <exception cref="OperationCanceledException">It was told to stop before it had started.</exception>
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

    /// <summary>Whether serving in that <see cref="Role"/> is this node's to do.</summary>
    public bool Has(string role) => Hosted.Has(role);

    /// <summary>Goes over to another plan; see <see cref="IEngine.ChangePlanAsync"/>.</summary>
    /// <exception cref="WebhookException">A webhook names a rule that the plan has not.</exception>
    /// <exception cref="PlanChangeException">The past cannot be folded by it.</exception>
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

    /// <summary>What became of everything received since the start.</summary>
    public Task<IReadOnlyList<LedgerLine>> LedgerAsync(CancellationToken cancellation) => IngestPipeline.LedgerAsync(cancellation);

    /// <summary>
    /// Stops the host in order (see <see cref="NodeHost"/>): takes nothing more, lets what was taken become durable, and ends.
    /// </summary>
    /// <exception cref="EngineStoppedException">The engine failed before all was durable.</exception>
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

    /// <summary>Stops at once. Nothing that is durable is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed) return;
        isDisposed = true;
        app?.Lifetime.StopApplication(); // ends what is streamed
        if (door is not null) await door.DisposeAsync();
        if (connectors is not null) await connectors.DisposeAsync();
        if (barClock is not null) await barClock.DisposeAsync();
        if (isListening) await Server.StopAsync(new CancellationToken(canceled: true));
        if (reception is not null) await reception.DisposeAsync();
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

    /// <summary>The web server answers.</summary>
    internal void OnListening() => isListening = true;

    /// <summary>Recovers; a cluster's engine has joined its cluster by then.</summary>
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

    /// <summary>Lets what was taken become durable, and writes snapshots.</summary>
    internal Task StopEngineAsync(CancellationToken cancellation) => Engine.DrainAsync(cancellation);

    internal Task StartIntakeAsync(CancellationToken cancellation)
    {
        var settings = options.Intake with
        {
            Folder = options.Data, OnNotice = logger.Notice, Meter = Watch.Meter, Time = options.Time, MaxAhead = options.MaxAhead,
            Disk = Disk,
        };
        Volatile.Write(ref reception, new IngestPipeline(Engine, settings));
        publishing = Hosted.PublishRejectsAsync(IngestPipeline);
        return Task.CompletedTask;
    }

    /// <summary>Writes the last line of the audit, while the engine still has its ledger.</summary>
    internal async Task StopIntakeAsync(CancellationToken cancellation) => await IngestPipeline.DisposeAsync();

    /// <summary>Webhooks end with the signal log of the engine, when the node is disposed.</summary>
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
    /// Lets what they have taken become durable, and acknowledges it to the other side, while the engine still takes records.
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

    /// <summary>Takes records over TCP, where that is this node's role; the node is ready.</summary>
    internal void OpenDoor()
    {
        if (Has(Role.Ingest)) Volatile.Write(ref door, OpenListener());
        Volatile.Write(ref isReady, true);
        logger.Ready(door?.Address.ToString() ?? "other nodes", string.Join(", ", Http));
    }

    /// <summary>Takes nothing more, by TCP and HTTP, and answers for what was taken.</summary>
    internal async Task CloseDoorsAsync(CancellationToken cancellation)
    {
        Volatile.Write(ref isDraining, true);
        logger.Draining();

        // Rejections that a full disk does not keep are not waited for: they are not acknowledged, so their senders keep them.
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

    /// <summary>The data folder, and the folder of a journal that is a file elsewhere.</summary>
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

    /// <summary>What to tell an operator of what kept the node from starting; null where it is a fault of the program.</summary>
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
            return Hosted.OpenDoor(IngestPipeline, options.Ingest with
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
