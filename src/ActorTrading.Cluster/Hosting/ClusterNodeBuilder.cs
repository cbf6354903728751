using ActorTrading.Cluster.Discovery;
using ActorTrading.Cluster.Ingest;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Overview;
using ActorTrading.Cluster.Plans;
using ActorTrading.Cluster.Queries;
using ActorTrading.Cluster.Remoting;
using ActorTrading.Cluster.Retention;
using ActorTrading.Cluster.Shards;
using ActorTrading.Cluster.Signals;
using ActorTrading.Cluster.Subscribing;
using ActorTrading.Cluster.Symbols;
using ActorTrading.Cluster.Telemetry;
using ActorTrading.Engine.Auditing;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Hosting;
using Akka.Hosting.Logging;
using Akka.Pattern;
using Akka.Remote.Hosting;
using Microsoft.Extensions.Logging;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Hosting;

/// <summary>Builds a node: configures Akka.NET and creates the node's actors.</summary>
internal static class ClusterNodeBuilder
{
    /// <summary>Path of each node's GatewayActor.</summary>
    public const string GatewayPath = "/user/gateway";

    /// <summary>Path of each node's ShardWatch.</summary>
    public const string ShardsPath = "/user/shards";

    /// <summary>Path of each node's SymbolDirectoryActor.</summary>
    public const string DirectoryPath = "/user/census";

    /// <summary>Path of each node's MarketActor.</summary>
    public const string MarketPath = "/user/market";

    /// <summary>Path of each node's ReportActor.</summary>
    public const string ReportPath = "/user/report";

    /// <summary>Name of the shard region of symbols.</summary>
    public const string SymbolRegion = "symbol";

    /// <summary>Path of each node's shard region of symbols.</summary>
    public const string RegionPath = $"/system/sharding/{SymbolRegion}";

    /// <summary>Path of each node's QuarantineWatch.</summary>
    public const string QuarantinePath = "/user/quarantine";

    /// <summary>Makes an actor system a node of the trading cluster.</summary>
    public static AkkaConfigurationBuilder WithTradingNode(this AkkaConfigurationBuilder builder, NodeParts parts)
    {
        var (options, symbols, store) = (parts.Options, parts.Symbols, parts.Symbols.Store);
        return builder
        .WithLoggers(options.Loggers)
        .WithRemoting(options.ListenAddress.ToString(), options.Port, options.Host)
        .WithClusterPort(parts.Identity, options.Audit)
        .WithClustering(new Akka.Cluster.Hosting.ClusterOptions
        {
            Roles = [.. options.Roles],
            SeedNodes = [.. SeedsOf(options.Name, options.Seeds, parts.Identity)],
            SplitBrainResolver = new KeepMajorityOption { Role = NodeRole.Symbols }, // subscribers do not count
        })
        .WithCustomSerializer("trading", TradingSerializer.Bound, system => new TradingSerializer(system))
        .WithJournal(options.Journal, store)
        .WithDistributedPubSub("")
        .WithSingletonOf<ActorKeys.Administrator>(
            options, "administrator", system => AdministratorActor.For(system, symbols.Reads, options.SignalSnapshotEvery, options.Meter))
        .WithSingletonOf<ActorKeys.Subscriptions>(options, "subscriptions", SubscriptionsActor.For)
        .WithSingletonOf<ActorKeys.Plan>(options, "plan", PlanActor.For)
        .WithSingletonOf<ActorKeys.SymbolActivator>(options, "waker", system => SymbolActivator.For(
            symbols.Reads, () => ActorRegistry.For(system).TryGet<ActorKeys.Symbols>(out var region) ? region : null))
        .WithRetention(options, symbols)
        .WithActors((_, registry) =>
        {
            // Set before the first symbol actor starts.
            symbols.Administrator = registry.Get<ActorKeys.Administrator>;
            symbols.Region = () => registry.TryGet<ActorKeys.Symbols>(out var region) ? region : ActorRefs.Nobody;
        })
        .WithSymbols(symbols, parts.Extractor)
        .WithActors((system, registry) =>
        {
            var gateway = system.ActorOf(GatewayActor.For(parts.Gateway), "gateway");
            registry.Register<ActorKeys.Gateway>(gateway);
            system.ActorOf(SubscriberDesk.For(options, gateway), "subscribers");
            registry.Register<ActorKeys.Live>(system.ActorOf(LivePublisher.For(symbols), "live"));
            registry.Register<ActorKeys.Shards>(system.ActorOf(ShardWatch.For(registry.Get<ActorKeys.Symbols>(), parts.Shards), "shards"));
            system.ActorOf(SymbolDirectoryActor.For(symbols), "census");
            system.ActorOf(MarketActor.For(symbols), "market");
            system.ActorOf(MemberWatch.For(parts.History), "members");
            system.ActorOf(ReportActor.For(parts.Reporter, parts.Window), "report");
            system.ActorOf(QuarantineWatch.Props, "quarantine");
            system.ActorOf(JournalWatch.For(symbols.Writes, store), "journal-watch");
            registry.Register<ActorKeys.Window>(system.ActorOf(WindowActor.For(parts.Window), "window"));
        })
        .AddHocon(Settings("akka"), HoconAddMode.Prepend)
        .AddHocon(Settings("cluster"), HoconAddMode.Prepend)
        .AddHocon(HandOff(options), HoconAddMode.Prepend)
        .AddHocon(StopListening, HoconAddMode.Prepend)
        .WithDiscovery(options)
        .AddHocon(options.Hocon, HoconAddMode.Prepend)
        .AddStartup((system, _) =>
        {
            var cluster = AkkaCluster.Get(system);
            new ShardHandoff(system, symbols.Board).WaitAtTheEnd();
            ActorSystemMetrics.Show(options.Meter?.Meter, system, parts.Shards);
            if (options.BeginsCluster) cluster.Join(cluster.SelfAddress);
        });
    }

    /// <summary>
    /// Time for the host to stop its listeners and answer accepted records if the node leaves for another reason than a stop of the
    /// host (Akka.NET's default: 5 s).
    /// </summary>
    private const string StopListening = "akka.coordinated-shutdown.phases.service-unbind.timeout = 60 s";

    /// <summary>The address of a node as HOST:PORT.</summary>
    internal static string AddressOf(Address address) => $"{address.Host}:{address.Port}";

    /// <summary>Names of the singletons, which run on nodes with the role admin.</summary>
    internal static IEnumerable<string> SingletonsOf(ClusterOptions options) =>
        ["administrator", "plan", "subscriptions", "waker", .. options.DeletesEvents ? (string[])["retention"] : []];

    /// <summary>Reads a file of <c>hocon/</c>.</summary>
    internal static string Settings(string name)
    {
        using var stream = typeof(ClusterNodeBuilder).Assembly.GetManifestResourceStream($"{name}.hocon")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// Timeout of a shard hand-off. The rebalancing of a crashed node's shards waits this long, even if the node was downed long
    /// before (Akka.NET's default: one minute). Akka.NET gives the symbols 5 s less, which must be a little more than
    /// <see cref="ClusterOptions.StopPatience"/>.
    /// </summary>
    internal static string HandOff(ClusterOptions options) =>
        FormattableString.Invariant(
            $"akka.cluster.sharding.handoff-timeout = {(long)(options.StopPatience + TimeSpan.FromSeconds(6)).TotalMilliseconds} ms");

    /// <summary>Seed addresses in the format of Akka.NET.</summary>
    internal static IEnumerable<string> SeedsOf(string name, IEnumerable<string> seeds, NodeIdentity? identity) =>
        seeds.Select(seed => $"akka.{(identity is null ? "tcp" : "ssl.tcp")}://{name}@{seed}");

    /// <summary>Logs warnings and errors of Akka.NET to a logger factory; null: no logging. Akka.NET never logs to the console.</summary>
    internal static AkkaConfigurationBuilder WithLoggers(this AkkaConfigurationBuilder builder, ILoggerFactory? loggers) => loggers is null
        // Otherwise Akka.NET's default logger writes to the console.
        ? builder.AddHocon("akka { loggers = [], loglevel = ERROR }", HoconAddMode.Prepend)
        : builder.AddSetup(new LoggerFactorySetup(loggers)).ConfigureLoggers(configured =>
        {
            configured.ClearLoggers();
            configured.LogLevel = Akka.Event.LogLevel.WarningLevel;
            configured.AddLogger<AkkaLogger>();
        });

    /// <summary>
    /// Configures the cluster port: filters incoming messages by type. If the node has a certificate, both sides of each connection
    /// must present one.
    /// </summary>
    internal static AkkaConfigurationBuilder WithClusterPort(
        this AkkaConfigurationBuilder builder, NodeIdentity? identity, AccessAudit? audit = null)
    {
        var port = new ClusterPort(identity) { Audit = audit };
        builder.AddHocon(Settings("port"), HoconAddMode.Prepend).AddSetup(port);
        return port.Tls is null
            ? builder
            : builder.AddSetup(port.Tls).AddHocon("akka.remote.dot-netty.tcp.enable-ssl = on", HoconAddMode.Prepend);
    }

    private static AkkaConfigurationBuilder WithRetention(
        this AkkaConfigurationBuilder builder, ClusterOptions options, NodeContext symbols) =>
        options.DeletesEvents
            ? builder.WithSingletonOf<ActorKeys.Retention>(options, "retention", _ => Props.Create(() => new RetentionActor(symbols)))
            : builder;

    /// <summary>
    /// A singleton on nodes with the admin role, and a proxy to it on other nodes. It stops after a failed write, and its backoff
    /// supervisor restarts it. On a hand-over it finishes pending writes before it stops.
    /// </summary>
    private static AkkaConfigurationBuilder WithSingletonOf<TKey>(
        this AkkaConfigurationBuilder builder, ClusterOptions options, string name, Func<ActorSystem, Props> props)
    {
        var singleton = new ClusterSingletonOptions { Role = NodeRole.Admin, TerminationMessage = StopSingleton.Instance };
        return options.Roles.Contains(NodeRole.Admin)
            ? builder.WithSingleton<TKey>(name, (system, _, _) => BackoffSupervisor.Props(
                Backoff.OnStop(props(system), "one", TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), 0.2, -1)
                    .WithFinalStopMessage(static message => message is StopSingleton)), singleton)
            : builder.WithSingletonProxy<TKey>(name, singleton);
    }
}
