using System.Net;
using ActorTrading.Cluster;
using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.Engine.Journal;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Telemetry;
using ActorTrading.Host.Web;
using ActorTrading.Host.Web.Queries;
using ActorTrading.Host.Webhooks;
using Akka.Hosting;

namespace ActorTrading.Host.Nodes;

/// <summary>The options of a node. <see cref="NodeSettings"/> reads them from a file, the environment and the command line.</summary>
internal sealed record NodeOptions
{
    /// <summary>The default data folder.</summary>
    public const string DefaultData = "actortrading-data";

    /// <summary>The default port for other nodes.</summary>
    public const int DefaultClusterPort = 4053;

    /// <summary>The data folder of the node, with all of its files. Locked by one node at a time.</summary>
    public string Data { get; init; } = DefaultData;

    /// <summary>The address of a journal outside of the data folder; null for none. May contain a password: never shown.</summary>
    public string? Journal { get; init; }

    /// <summary>The location of the journal: an address or a file.</summary>
    public string JournalAddress => Journal ?? Path.Combine(Data, JournalStore.FileName);

    /// <summary>The file of the plan; null for the default plan.</summary>
    public string? Plan { get; init; }

    /// <summary>The maximum memory that a plan may require per symbol, in bytes.</summary>
    public long MaxSymbolBytes { get; init; } = PlanMemory.DefaultLimit;

    /// <summary>The IP address for ticks and requests.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>The port for ticks over TCP; 0 for any free port.</summary>
    public int Port { get; init; } = IngestOptions.DefaultPort;

    /// <summary>The ports for HTTP; 0 for any free port.</summary>
    public IReadOnlyList<int> HttpPorts { get; init; } = [WebOptions.DefaultPort];

    /// <summary>The engine that hosts the symbols.</summary>
    public EngineKind Kind { get; init; } = EngineKind.Cluster;

    /// <summary>Options of the cluster engine. The node adds the journal and the file of Akka.NET settings.</summary>
    public ClusterOptions Cluster { get; init; } = new() { Journal = "", Port = DefaultClusterPort };

    /// <summary>An Akka.NET configuration file that overrides the files in <c>hocon/</c>; null for none.</summary>
    public string? HoconFile { get; init; }

    /// <summary>Options of the embedded engine.</summary>
    public EmbeddedOptions Engine { get; init; } = new();

    /// <summary>
    /// Whether the system clock closes the bars of symbols without new records. Do not use it for a node that is fed with historical data.
    /// </summary>
    public bool CloseSilentBars { get; init; }

    /// <summary>How long to wait for late records after the end of a bar, when <see cref="CloseSilentBars"/> is set.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The minimum free disk space, in bytes, on the volumes that the node writes to. With less, it accepts no records. 0: no check.
    /// </summary>
    public long MinFreeDisk { get; init; } = 256L << 20;

    /// <summary>Returns the free bytes on the volume of a folder; null: ask the operating system. For tests.</summary>
    public Func<string, long>? FreeDisk { get; init; }

    /// <summary>Limits for clients of the TCP port. Its address is <see cref="Listen"/> and <see cref="Port"/>.</summary>
    public IngestOptions Ingest { get; init; } = new();

    /// <summary>Limits on timestamps and on the number of symbols, sources and names, for all ways of ingest.</summary>
    public IngestPipelineOptions Intake { get; init; } = new();

    /// <summary>Limits for HTTP clients.</summary>
    public WebOptions Web { get; init; } = new();

    /// <summary>Limits on the number and duration of journal queries.</summary>
    public QueryOptions Queries { get; init; } = new();

    /// <summary>Metrics settings.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>Logging settings.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>The webhooks that signals are posted to.</summary>
    public IReadOnlyList<WebhookOptions> Webhooks { get; init; } = [];

    /// <summary>The connectors to external systems, in addition to the node's own TCP and HTTP ports.</summary>
    public IReadOnlyList<ConnectorOptions> Connectors { get; init; } = [];

    /// <summary>The file of the access rules; null: every caller may do everything.</summary>
    public string? Access { get; init; }

    /// <summary>Whether the node may run without access rules although other machines can reach it.</summary>
    public bool Insecure { get; init; }

    /// <summary>The TLS certificate of TCP and HTTP; null: no encryption.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Adds to the actor system of a node with the cluster engine; null: adds nothing.</summary>
    public Action<AkkaConfigurationBuilder, IServiceProvider>? Configure { get; init; }

    /// <summary>The clock of timestamps, timeouts and heartbeats. Folded state does not depend on it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Changes options that both engines have, for whichever the node uses.</summary>
    public NodeOptions WithEngines(Func<EngineOptions, EngineOptions> change) =>
        this with { Engine = (EmbeddedOptions)change(Engine), Cluster = (ClusterOptions)change(Cluster) };

    /// <summary>Whether only this machine can reach the node.</summary>
    public bool IsLocal => IPAddress.IsLoopback(Listen);

    /// <summary>The missing protection of a node that other machines can reach, as text; null when nothing is missing.</summary>
    public string? Exposure
    {
        get
        {
            var missing = new List<string>();
            if (Tls is null) missing.Add("without encryption (--tls-certificate)");
            if (Access is null) missing.Add("without access rules (--access)");
            var exposed = new List<string>();
            if (!IsLocal && missing.Count > 0) exposed.Add($"{Listen} can be reached from other machines, {string.Join(" and ", missing)}");
            if (Kind == EngineKind.Cluster && Cluster.Tls is null && Cluster.ListenAddress is var listen
                && !IPAddress.IsLoopback(listen))
                exposed.Add($"every machine that reaches {listen}:{Cluster.Port} can be a node, and nodes do not encrypt "
                    + "(cluster:tls_certificate)");
            return exposed.Count == 0 ? null : string.Join("; ", exposed);
        }
    }
}
