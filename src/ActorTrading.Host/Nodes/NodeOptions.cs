using System.Net;
using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Journal;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Watching;
using ActorTrading.Host.Web;
using ActorTrading.Host.Web.Queries;
using ActorTrading.Host.Webhooks;
using Akka.Hosting;

namespace ActorTrading.Host.Nodes;

/// <summary>What a node is told. Read from a file, the environment and the command line by <see cref="NodeSettings"/>.</summary>
internal sealed record NodeOptions
{
    /// <summary>The folder where nothing else is said.</summary>
    public const string DefaultData = "actortrading-data";

    /// <summary>The folder that the node keeps everything in; held by one node at a time.</summary>
    public string Data { get; init; } = DefaultData;

    /// <summary>The address of the journal where it is not in the folder. May hold a password: never shown.</summary>
    public string? Journal { get; init; }

    /// <summary>Where the journal is: an address or a file.</summary>
    public string JournalAddress => Journal ?? Path.Combine(Data, JournalStore.FileName);

    /// <summary>The file of the plan; null for the default plan.</summary>
    public string? Plan { get; init; }

    /// <summary>The most bytes that a plan may make a symbol take.</summary>
    public long MaxSymbolBytes { get; init; } = PlanMemory.DefaultLimit;

    /// <summary>The address that ticks and requests come to.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>The port for ticks over TCP; 0 for any that is free.</summary>
    public int Port { get; init; } = IngestOptions.DefaultPort;

    /// <summary>The ports for HTTP; 0 for any that is free.</summary>
    public IReadOnlyList<int> HttpPorts { get; init; } = [WebOptions.DefaultPort];

    /// <summary>What hosts the symbols.</summary>
    public EngineKind Kind { get; init; } = EngineKind.Cluster;

    /// <summary>The cluster that the node is of, where it is of one.</summary>
    public ClusterSettings Cluster { get; init; } = new();

    /// <summary>How the embedded engine works.</summary>
    public EmbeddedOptions Engine { get; init; } = new();

    /// <summary>
    /// Whether the wall clock closes the bars of symbols that have fallen silent. Not for a node that is fed with the past.
    /// </summary>
    public bool CloseSilentBars { get; init; }

    /// <summary>How long after the end of a bar records of it are waited for, where silent bars are closed.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How far the stamp of a record may be ahead of <see cref="Time"/>; records further ahead are rejected.</summary>
    public TimeSpan MaxAhead { get; init; } = ClockLimit.DefaultMaxAhead;

    /// <summary>How many bytes must be free on the volumes that the node writes to, for it to take records; 0: it does not look.</summary>
    public long MinFreeDisk { get; init; } = 256L << 20;

    /// <summary>How many bytes are free on the volume of a folder; null: as the system says. For tests.</summary>
    public Func<string, long>? FreeDisk { get; init; }

    /// <summary>What clients of the TCP port may do; its address is <see cref="Listen"/> and <see cref="Port"/>.</summary>
    public IngestOptions Ingest { get; init; } = new();

    /// <summary>How many symbols, sources and names there may be, whichever way records come.</summary>
    public IngestPipelineOptions Intake { get; init; } = new();

    /// <summary>What clients of HTTP may do.</summary>
    public WebOptions Web { get; init; } = new();

    /// <summary>How many queries of the journal there may be, and how long they may take.</summary>
    public QueryOptions Queries { get; init; } = new();

    /// <summary>What the node shows of itself.</summary>
    public WatchOptions Watch { get; init; } = new();

    /// <summary>What the node logs.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>Where signals are posted.</summary>
    public IReadOnlyList<WebhookOptions> Webhooks { get; init; } = [];

    /// <summary>What records come from and results go to beside the node's own doors.</summary>
    public IReadOnlyList<ConnectorOptions> Connectors { get; init; } = [];

    /// <summary>The file of the rules that say who may do what; null: everybody may do everything.</summary>
    public string? Access { get; init; }

    /// <summary>Whether it may do without rules where other machines reach it.</summary>
    public bool Insecure { get; init; }

    /// <summary>The certificate that TCP and HTTP show; null: nothing is encrypted.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Adds to the actor system of a node with the cluster engine; null: nothing is added.</summary>
    public Action<AkkaConfigurationBuilder, IServiceProvider>? Configure { get; init; }

    /// <summary>The clock of stamps, timeouts and heartbeats. Nothing that is folded depends on it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLocal => IPAddress.IsLoopback(Listen);

    /// <summary>What is missing for a node that other machines reach, in words; null where nothing is.</summary>
    public string? Exposure
    {
        get
        {
            var missing = new List<string>();
            if (Tls is null) missing.Add("without encryption (--tls-certificate)");
            if (Access is null) missing.Add("by everybody (--access)");
            var exposed = new List<string>();
            if (!IsLocal && missing.Count > 0) exposed.Add($"{Listen} can be reached from other machines, {string.Join(" and ", missing)}");
            if (Kind == EngineKind.Cluster && Cluster.Tls is null && ClusterHosting.Options(this).ListenAddress is var listen
                && !IPAddress.IsLoopback(listen))
                exposed.Add($"whoever reaches {listen}:{Cluster.Port} can be a node, and nothing between nodes is encrypted "
                    + "(cluster:tls_certificate)");
            return exposed.Count == 0 ? null : string.Join("; ", exposed);
        }
    }
}
