using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ActorTrading.Engine;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Nodes;
using ActorTrading.Engine.Recovering;
using Akka.Configuration;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Cluster;

/// <summary>Options of a cluster node. The defaults suit a single node on one machine.</summary>
public sealed record ClusterOptions : EngineOptions
{
    /// <summary>Largest number of records in one message to a symbol.</summary>
    internal const int MaxBatchRecords = 4_096;

    /// <summary>Largest number of signals in one page of the log.</summary>
    internal const int MaxPage = 1_024;

    /// <summary>
    /// Largest number of records of a symbol between two snapshots, whatever their number of events. It limits the records that a
    /// recovery folds.
    /// </summary>
    internal const int SnapshotRecords = 200_000;

    /// <summary>Location of the journal: a SQLite directory or file, or a PostgreSQL address. The same on all nodes.</summary>
    public required string Journal { get; init; }

    /// <summary>Name of the cluster: letters, digits and hyphens. Nodes with another name are not admitted.</summary>
    public string Name { get; init; } = "trading";

    /// <summary>The IP address or DNS name at which other nodes reach this one. Default: loopback.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>
    /// IP address that the port listens on. Null: <see cref="Host"/> if that is a local address, otherwise all local addresses.
    /// </summary>
    public string? Bind { get; init; }

    /// <summary>
    /// Whether the port may listen beyond loopback without <see cref="Tls"/>. Any process that reaches the port can then join as a
    /// node and read the traffic between nodes. Only for trusted networks.
    /// </summary>
    public bool AllowUnencrypted { get; init; }

    /// <summary>Cluster port; 0: any free port.</summary>
    public int Port { get; init; }

    /// <summary>Roles of this node, from <see cref="NodeRole.All"/>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = NodeRole.All;

    /// <summary>Seed nodes to join, as HOST:PORT; the same list on all nodes. Empty: this node begins a new cluster.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Kubernetes discovery of the cluster, in place of <see cref="Seeds"/>; null: not used.</summary>
    public KubernetesDiscovery? Discovery { get; init; }

    /// <summary>
    /// Authentication and encryption between nodes. Null: any process that reaches the port is accepted as a node, and nothing is
    /// encrypted. The same kind on all nodes.
    /// </summary>
    public NodeTls? Tls { get; init; }

    /// <summary>
    /// Number of shards; about ten for each node of the largest planned cluster. The same on all nodes. It can never be changed.
    /// </summary>
    public int Shards { get; init; } = 100;

    /// <summary>
    /// Events of a symbol between two snapshots, and 200,000 records at most. 0: snapshots only before hand-off and passivation.
    /// </summary>
    public override int SnapshotEvery { get; init; } = 1_000;

    /// <summary>
    /// Largest number of accepted and unanswered records of this node. A larger batch is admitted when the window is empty.
    /// </summary>
    public int WindowRecords { get; init; } = 262_144;

    /// <summary>Largest number of symbols to which this node has a batch in flight.</summary>
    public int WindowSymbols { get; init; } = 1_000;

    /// <summary>
    /// Longest time before an unanswered batch is sent again. If answers come sooner, the time is the mean answer time plus four
    /// times its deviation, 300 ms at least. It doubles with each resend, up to five times this option.
    /// </summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time without a message after which a symbol is passivated.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a stopping symbol waits for its journal and the administrator.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a starting node waits to become a cluster member.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Timeout of queries to a symbol or a node.</summary>
    public TimeSpan AskPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the shard region may be without an answer, or without its coordinator, before the node reports that it is not ready.
    /// </summary>
    public TimeSpan RegionPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long all writes of the node's symbols may fail, while the journal answers, before the node stops.</summary>
    public TimeSpan WritePatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Akka.NET settings in HOCON. They override the settings of this library.</summary>
    public string Hocon { get; init; } = "";

    /// <summary>Loggers for Akka.NET messages of level warning and above; null: no logging.</summary>
    public ILoggerFactory? Loggers { get; init; }

    /// <summary>Largest number of symbols in one answer of a node's symbol directory.</summary>
    internal int DirectoryPage { get; init; } = 500;

    /// <summary>Pause between two retention passes over all symbols.</summary>
    internal TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Clock that determines the age of events.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether this node begins a cluster. Such a node never joins one.</summary>
    internal bool BeginsCluster => Seeds.Count == 0 && Discovery is null;

    /// <summary>Covered events written before this time are deleted; in UTC ticks.</summary>
    internal long DeletesBefore => KeepDays is { } days ? (Clock.GetUtcNow() - TimeSpan.FromDays(days)).UtcTicks : long.MaxValue;

    /// <summary>
    /// Test hook: called before each record is folded. An exception that it throws counts as an exception of that record.
    /// </summary>
    internal BeforeRecord? BeforeFold { get; init; }

    /// <summary>Reports of the host about this node, for the cluster overview. Null: the engine reports only its own state.</summary>
    public INodeReporter? Reporter { get; init; }

    /// <summary>Audit log of this node, for changes made at a cluster console; null: none.</summary>
    public AccessAudit? Audit { get; init; }

    /// <summary>Validates the options. Starts nothing.</summary>
    /// <exception cref="ArgumentException">An option is invalid; the message names it.</exception>
    public void Validate()
    {
        Check(!string.IsNullOrWhiteSpace(Journal), nameof(Journal), "is missing");
        Check(
            Name.Length is > 0 and <= 64 && Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && Name[0] != '-', nameof(Name),
            "has letters, digits and hyphens");
        Check(!string.IsNullOrWhiteSpace(Host), nameof(Host), "is missing");
        Check(Bind is null || IPAddress.TryParse(Bind, out _), nameof(Bind), $"is an IP address, not '{Bind}'");
        Check(Tls is not null || AllowUnencrypted || IPAddress.IsLoopback(ListenAddress), nameof(Tls),
            $"is missing, and the port would listen on {ListenAddress}; set {nameof(AllowUnencrypted)} if every host that "
            + "reaches it may join as a node");
        Check(Port is >= 0 and <= 65_535, nameof(Port), "is from 0 to 65535");
        Check(Roles.Count > 0, nameof(Roles), $"has at least one of {string.Join(", ", NodeRole.All)}");
        for (var i = 0; i < Roles.Count; i++)
            Check(
                NodeRole.All.Contains(Roles[i]), $"{nameof(Roles)}:{i}", $"is one of {string.Join(", ", NodeRole.All)}, not '{Roles[i]}'");
        for (var i = 0; i < Seeds.Count; i++)
            Check(IsAddress(Seeds[i]), $"{nameof(Seeds)}:{i}", $"is HOST:PORT, not '{Seeds[i]}'");
        if (Discovery is not null) Check(Discovery);
        Check(Tls is null || Tls.Certificate.Length > 0, $"{nameof(Tls)}:{nameof(NodeTls.Certificate)}", "is missing");
        Check(
            Tls is null || Tls.Authority.Length > 0, $"{nameof(Tls)}:{nameof(NodeTls.Authority)}",
            "is missing; it names the authorities of node certificates");
        Check(Tls is not { Name: null, SubscriberName: not null }, $"{nameof(Tls)}:{nameof(NodeTls.SubscriberName)}",
            $"needs {nameof(NodeTls.Name)}: without it, subscribers cannot be distinguished from nodes");
        Check(Tls is not { Name: null, Roles: true }, $"{nameof(Tls)}:{nameof(NodeTls.Roles)}",
            $"needs {nameof(NodeTls.Name)}, from which the role names are built");
        Check(Tls?.Name is null || !string.Equals(Tls.Name, Tls.SubscriberName, StringComparison.OrdinalIgnoreCase),
            $"{nameof(Tls)}:{nameof(NodeTls.SubscriberName)}", $"must differ from {nameof(NodeTls.Name)}: a subscriber could be a node");
        Check(Shards is >= 1 and <= 10_000, nameof(Shards), "is from 1 to 10000");
        Check(SnapshotEvery >= 0, nameof(SnapshotEvery), "is 0 or more");
        Check(SignalSnapshotEvery >= 0, nameof(SignalSnapshotEvery), "is 0 or more");
        Check(KeepDays is null or >= 1, nameof(KeepDays), "is 1 or more");
        Check(
            KeepDays is null || !DeleteCoveredEvents, nameof(KeepDays),
            $"keeps what {nameof(DeleteCoveredEvents)} deletes: set only one of them");
        Check(WindowRecords >= 1, nameof(WindowRecords), "is 1 or more");
        Check(WindowSymbols is >= 1 and <= 10_000, nameof(WindowSymbols), "is from 1 to 10000");
        Check(ResendAfter >= TimeSpan.FromMilliseconds(100), nameof(ResendAfter), "is 100 ms or more");
        Check(PassivateAfter >= TimeSpan.FromSeconds(1), nameof(PassivateAfter), "is a second or more");
        Check(StopPatience > TimeSpan.Zero, nameof(StopPatience), "is more than 0");
        Check(StartPatience > TimeSpan.Zero, nameof(StartPatience), "is more than 0");
        Check(AskPatience > TimeSpan.Zero, nameof(AskPatience), "is more than 0");
        Check(WritePatience >= TimeSpan.FromSeconds(1), nameof(WritePatience), "is a second or more");
        Check(RegionPatience >= TimeSpan.FromSeconds(1), nameof(RegionPatience), "is a second or more");
        Check(SignalTail >= 1, nameof(SignalTail), "is 1 or more");
        Check(LiveBuffer >= 1, nameof(LiveBuffer), "is 1 or more");
        Check(IsHocon(Hocon, out var fault), nameof(Hocon), $"cannot be read: {fault}");
    }

    /// <summary>The address that the port listens on.</summary>
    public IPAddress ListenAddress
    {
        get
        {
            if (Bind is not null && IPAddress.TryParse(Bind, out var bind)) return bind;
            if (Host == "localhost") return IPAddress.Loopback;
            if (!IPAddress.TryParse(Host, out var host)) return IPAddress.Any;
            if (IPAddress.IsLoopback(host) || IsOwn(host)) return host;
            return host.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
        }
    }

    private void Check(KubernetesDiscovery discovery)
    {
        Check(Seeds.Count == 0, nameof(Discovery), $"finds the nodes to join, and {nameof(Seeds)} names some: set only one of them");
        Check(
            !string.IsNullOrWhiteSpace(discovery.Selector), KeyOf(nameof(discovery.Selector)), "is missing; it selects the nodes' pods");
        Check(!string.IsNullOrWhiteSpace(discovery.PortName), KeyOf(nameof(discovery.PortName)), "is missing");
        Check(discovery.Port is >= 1 and <= 65_535, KeyOf(nameof(discovery.Port)), "is from 1 to 65535");
        Check(discovery.Contacts >= 1, KeyOf(nameof(discovery.Contacts)), "is 1 or more");

        static string KeyOf(string name) => $"{nameof(Discovery)}:{name}";
    }

    private static bool IsOwn(IPAddress address) => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().UnicastAddresses).Any(own => own.Address.Equals(address));

    private static bool IsHocon(string text, out string fault)
    {
        fault = "";
        try
        {
            ConfigurationFactory.ParseString(text);
            return true;
        }
        catch (Exception e) // The parser throws several types, including Exception itself.
        {
            fault = e.Message;
            return false;
        }
    }

    private static bool IsAddress(string seed) =>
        seed.LastIndexOf(':') is var colon and > 0 && ushort.TryParse(seed.AsSpan(colon + 1), out var port) && port > 0;

    private static void Check(bool isRight, string key, string rule)
    {
        if (!isRight) throw new ArgumentException($"{key} {rule}.", key);
    }
}
