using System.Net;
using System.Net.Sockets;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Keeping;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Past;
using ActorTrading.Host.Commands;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Watching;
using ActorTrading.Host.Web;
using ActorTrading.Host.Webhooks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTrading.Host.Nodes;

/// <summary>
/// A running node: it holds its folder and owns journal, engine, TCP ingest and web server. The web server is there from
/// the beginning and tells how recovery goes; all else waits for its end.
/// </summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly NodeOptions options;
    private readonly DataFolder folder;
    private readonly LimitedLogger logger;
    private IJournalStore? store;
    private HostedEngine? engine;
    private Reception? reception;
    private IIngestDoor? door;
    private BarClock? barClock;
    private Task publishing = Task.CompletedTask;
    private WebServer? web;
    private WebhookSinks? webhooks;
    private bool isReady;
    private readonly Plan? given;
    private JournalPast? past;
    private bool isDraining;
    private bool isDisposed;

    private Node(NodeOptions options, DataFolder folder, Plan? plan, ILogger logger)
    {
        this.options = options;
        this.folder = folder;
        this.logger = new LimitedLogger(logger, options.Log.PerSecond, options.Time);
        given = plan;
        Watch = new NodeWatch(this, options.Watch, this.logger);
    }

    /// <summary>What is computed. It can be changed while the node runs; until it has recovered, what it was told.</summary>
    public Plan Plan => Hosting?.Engine.Plan ?? given ?? Plan.Default;

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

    /// <summary>Where ticks are taken over TCP. Only a node with the role <see cref="Role.Ingest"/> has such a port.</summary>
    public IPEndPoint Ingest => door!.Address;

    /// <summary>Connections to the TCP port; none where there is none.</summary>
    public IReadOnlyList<ConnectionStatus> Connections => door?.Connections ?? [];

    /// <summary>Sums over all TCP connections; null while there is no port for them.</summary>
    public IngestTotals? Totals => Volatile.Read(ref door)?.Totals;

    /// <summary>What the node shows of itself.</summary>
    public NodeWatch Watch { get; }

    /// <summary>How the quarantine is doing; null while the node recovers.</summary>
    public QuarantineStatus? Quarantine => Volatile.Read(ref reception)?.Quarantine;

    /// <summary>What does not work and keeps nobody from being served, each in a line; none where all is well.</summary>
    public IReadOnlyList<string> Degraded
    {
        get
        {
            var problems = new List<string>();
            if (Hosting?.RetentionFailure is { } retention) problems.Add($"Old events and snapshots cannot be deleted: {retention.Message}");
            if (Hosting?.SignalLogFault is { } damaged) problems.Add($"Signals cannot be logged: {damaged.Message}");
            if (Quarantine?.Problem is { } quarantine) problems.Add($"Refusals cannot be kept: {quarantine}");
            return problems;
        }
    }

    /// <summary>How the webhooks are doing.</summary>
    public IReadOnlyList<WebhookStatus> Webhooks => Volatile.Read(ref webhooks)?.Status ?? [];

    /// <summary>The engine, for those who can do without; null while the node recovers.</summary>
    public HostedEngine? Hosting => Volatile.Read(ref engine);

    /// <summary>What recovery found and did; null while it goes on. In a cluster symbols recover as they come to life: then it is what they have found up to now.</summary>
    public RecoveryReport? Recovered => Hosting?.Recovery;

    /// <summary>The journal where it is a file; a path without a file where it is not.</summary>
    public string? JournalFile => store?.Location;

    /// <summary>Who may do what, over TCP and HTTP alike; null: everybody everything.</summary>
    public AccessRules? Access { get; private set; }

    /// <summary>The certificate that TCP and HTTP show; null: nothing is encrypted.</summary>
    public CertificateFile? Certificate { get; private set; }

    /// <summary>The routes of its HTTP interface.</summary>
    public IEnumerable<Microsoft.AspNetCore.Routing.RouteEndpoint> Routes => web!.Routes;

    /// <summary>Where HTTP is answered.</summary>
    public IReadOnlyList<Uri> Http => web!.Addresses;

    /// <summary>Where every door hands its input to. There is none while the node recovers.</summary>
    public Reception Reception => Volatile.Read(ref reception) ?? throw new EngineStoppedException("The node is recovering.");

    private HostedEngine Hosted => Volatile.Read(ref engine) ?? throw new EngineStoppedException("The node is recovering.");

    /// <summary>Starts a node; it takes ticks when this returns.</summary>
    /// <param name="logger">Told what an operator should know, such as a torn tail of the journal.</param>
    /// <param name="open">Opens the journal; by default the one that the options name.</param>
    /// <exception cref="CommandException">It cannot be started; the message says why.</exception>
    public static async Task<Node> StartAsync(NodeOptions options, ILogger? logger = null, Func<NodeOptions, IJournalStore>? open = null)
    {
        var plan = options.Plan is { } file ? PlanFile.Load(file) : null;
        var node = new Node(options, DataFolder.Hold(options.Data), plan, logger ?? NullLogger.Instance);
        try
        {
            if (options.Access is { } rules) node.Access = AccessRules.Load(rules, node.logger.Notice);
            if (options.Tls is { } tls) node.Certificate = CertificateFile.Open(tls, node.logger.Notice);
            node.store = (open ?? OpenJournal)(options);
            node.logger.Starting(
                BuildInfo.Version, options.Data, node.store.Location, plan?.Hash.ToString() ?? "as journaled", options.Listen, options.Port, options.Webhooks.Count);
            if (node.store.Notice is { } found) node.logger.Notice(found);
            node.Health = new JournalHealth(node.store, options.Time);
            node.web = await WebServer.StartAsync(node);
            var progress = new Reports(node);
            Volatile.Write(ref node.engine, await HostedEngine.StartAsync(
                plan, node.store, options, new EngineHooks(logger ?? NullLogger.Instance, node.Watch.Meter, progress, node.LogFault, node.LogRetention)));
            node.RecoveredSignals = node.LastSignal;
            node.LogRecovery();
            node.logger.PlanInForce(node.Plan.Hash.ToString(), node.Plan.Settings.Rules.Count);
            Volatile.Write(ref node.reception, new Reception(node.Engine, new ReceptionOptions { Folder = options.Data, OnNotice = node.logger.Notice, Meter = node.Watch.Meter, Time = options.Time, MaxAhead = options.MaxAhead }));
            node.publishing = node.Hosted.PublishRejectsAsync(node.Reception);
            Volatile.Write(ref node.webhooks, await WebhookSinks.StartAsync(
                options.Webhooks, node.Engine, () => node.LastSignal, Path.Combine(options.Data, "webhooks"), node.logger));
            if (options.CloseSilentBars) node.barClock = new BarClock(node.Engine, options.Grace);
            if (node.Has(Role.Ingest)) Volatile.Write(ref node.door, node.OpenDoor());
            Volatile.Write(ref node.isReady, true);
            node.logger.Ready(node.door?.Address.ToString() ?? "other nodes", string.Join(", ", node.Http));
            return node;
        }
        catch (Exception exception)
        {
            await node.DisposeAsync();
            if (exception is JournalException { Failure: JournalFailure.Full or JournalFailure.ReadOnly }) throw new CommandException(ExitCode.BadOutput, exception.Message);
            if (exception is JournalException or RecoveryException or PlanChangeException or EngineStoppedException or WebhookException or AccessException or CertificateException) throw new CommandException(ExitCode.BadInput, exception.Message);
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

    /// <summary>What became of everything received since the start.</summary>
    public Task<IReadOnlyList<LedgerLine>> LedgerAsync(CancellationToken cancellation) => Reception.LedgerAsync(cancellation);

    /// <summary>Takes nothing more, and answers for what was taken. The engine is still there to be asked; <see cref="DrainAsync"/> comes next.</summary>
    public async Task CloseAsync()
    {
        Volatile.Write(ref isDraining, true);
        logger.Draining();

        // Refusals that a full disk will not have are not waited for: they are not acknowledged, so their senders keep them.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        if (door is not null) await door.StopAsync(patience.Token);
        await web!.StopAsync();
    }

    /// <summary>Lets what was taken become durable, writes snapshots, and stops the engine.</summary>
    public async Task DrainAsync()
    {
        if (barClock is not null) await barClock.DisposeAsync();
        await Reception.DisposeAsync(); // the last line of the audit, while the engine still tells its ledger
        await Engine.DrainAsync(CancellationToken.None);
        logger.Stopped();
    }

    /// <summary>Takes nothing more, lets what was taken become durable, and stops.</summary>
    public async Task StopAsync()
    {
        await CloseAsync();
        await DrainAsync();
    }

    /// <summary>Stops at once. Nothing that is durable is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed) return;
        isDisposed = true;
        if (door is not null) await door.DisposeAsync();
        if (barClock is not null) await barClock.DisposeAsync();
        if (web is not null) await web.DisposeAsync();
        if (reception is not null) await reception.DisposeAsync();
        await publishing;
        if (webhooks is not null) await webhooks.DisposeAsync();
        if (engine is not null) await engine.DisposeAsync();
        await Watch.DisposeAsync();
        Access?.Dispose();
        Certificate?.Dispose();
        store?.Dispose();
        folder.Dispose();
    }

    private static IJournalStore OpenJournal(NodeOptions options) =>
        JournalStore.Open(options.JournalAddress, new JournalOptions { Clock = options.Time });

    private IIngestDoor OpenDoor()
    {
        try
        {
            return Hosted.OpenDoor(Reception, options.Ingest with
            {
                Address = new IPEndPoint(options.Listen, options.Port),
                AllowRemote = !options.IsLocal,
                Access = Access,
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

    private void LogFault(IndicatorFault fault) => logger.IndicatorFailed(fault.Indicator, fault.Symbol.Name, fault.Frame.Name(), fault.Message);

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
