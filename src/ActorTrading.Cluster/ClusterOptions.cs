using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ActorTrading.Domain.Folding;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Nodes;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Telemetry;
using Akka.Configuration;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Cluster;

/// <summary>What a node of a cluster does; a node may have several roles, and has all by default.</summary>
public static class NodeRole
{
    /// <summary>Takes records in.</summary>
    public const string Ingest = "ingest";

    /// <summary>Hosts symbols.</summary>
    public const string Symbols = "symbols";

    /// <summary>May host the administrator.</summary>
    public const string Admin = "admin";

    /// <summary>Serves subscribers.</summary>
    public const string Gateway = "gateway";

    /// <summary>
    /// The role of subscribers of releases in which they were members of the cluster; no node has it. A
    /// <see cref="Subscribing.ClusterSubscriber"/> is no member.
    /// </summary>
    public const string Subscriber = "subscriber";

    /// <summary>All that a node can have.</summary>
    public static IReadOnlyList<string> All { get; } = [Ingest, Symbols, Admin, Gateway];
}

/// <summary>How a node of a cluster works; the defaults are right for one node on one machine.</summary>
public sealed record ClusterOptions
{
    /// <summary>Records that travel to a symbol in one message, at most.</summary>
    internal const int MaxBatchRecords = 4_096;

    /// <summary>Signals in one page of the log, at most.</summary>
    internal const int MaxPage = 1_024;

    /// <summary>
    /// Records of a symbol after which it takes a snapshot however few events they are in: what a recovery folds at most.
    /// </summary>
    internal const int SnapshotRecords = 200_000;

    /// <summary>
    /// Where the journal is: as for a node, a directory or file of SQLite, or an address of PostgreSQL. All nodes have the same.
    /// </summary>
    public required string Journal { get; init; }

    /// <summary>The name of the cluster; nodes of other names are not let in. Letters, digits and hyphens.</summary>
    public string Name { get; init; } = "trading";

    /// <summary>The IP address or DNS name at which other nodes reach this one. Default: loopback.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>
    /// The IP address that the port listens on; null: <see cref="Host"/> where that is an address of this machine,
    /// otherwise every address of it.
    /// </summary>
    public string? Bind { get; init; }

    /// <summary>
    /// Whether the port may listen beyond loopback without <see cref="Tls"/>. Whoever reaches it can then be a node, and read
    /// what nodes say: for a network that is trusted as a whole.
    /// </summary>
    public bool AllowUnencrypted { get; init; }

    /// <summary>Its port; 0 for any that is free.</summary>
    public int Port { get; init; }

    /// <summary>What this node does: of <see cref="NodeRole.All"/>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = NodeRole.All;

    /// <summary>Nodes to join, as HOST:PORT, the same list on all; none: this node begins a cluster of its own.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>How this node finds its cluster in Kubernetes, in place of <see cref="Seeds"/>; null: it does not look there.</summary>
    public KubernetesDiscovery? Discovery { get; init; }

    /// <summary>
    /// How nodes know each other, and keep what they say from others; null: whoever reaches the port is a node, and nothing is
    /// encrypted. The same kind on all.
    /// </summary>
    public NodeTls? Tls { get; init; }

    /// <summary>
    /// Parts into which symbols are divided; about ten for each node that there will ever be. The same on all nodes, and for ever.
    /// </summary>
    public int Shards { get; init; } = 100;

    /// <summary>
    /// Events of a symbol between two snapshots of it, and 200,000 records at most; 0 for none but those of a symbol that
    /// is moved or put to sleep.
    /// </summary>
    public int SnapshotEvery { get; init; } = 1_000;

    /// <summary>
    /// Signals between two snapshots of how far the signal log has come, and no fewer than there are symbols in it; 0 for none.
    /// </summary>
    public int SignalSnapshotEvery { get; init; } = 10_000;

    /// <summary>
    /// Whether events are deleted that the last snapshot but one covers. They are needed for states of the past, and when the
    /// plan changes. Default: kept. The same on all nodes.
    /// </summary>
    public bool DeleteCoveredEvents { get; init; }

    /// <summary>
    /// When set: such events are deleted once they are so many days old, by the time of their writing. Not beside
    /// <see cref="DeleteCoveredEvents"/>. The same on all nodes.
    /// </summary>
    public int? KeepDays { get; init; }

    /// <summary>Told why old events could not be deleted, each time, on the node that has them deleted; null when it works again.</summary>
    public Action<JournalException?>? OnRetention { get; init; }

    /// <summary>
    /// Records that this node has taken in and that are not answered yet, at most. A larger batch gets in when there are none.
    /// </summary>
    public int WindowRecords { get; init; } = 262_144;

    /// <summary>Symbols that this node has a batch under way to, at most.</summary>
    public int WindowSymbols { get; init; } = 1_000;

    /// <summary>
    /// How long a batch may be unanswered before it is sent again, at most: where answers come sooner, some times what they take,
    /// 300 ms at least. The pause doubles each time, up to five times this.
    /// </summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After how long without a message a symbol is put to sleep.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a symbol that is to stop waits for its journal and its administrator.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a node waits at its start until it is in the cluster.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a question to a symbol or a node may go unanswered.</summary>
    public TimeSpan AskPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the shard region may be without an answer, or without its coordinator, before the node says that it is not ready.
    /// </summary>
    public TimeSpan RegionPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long every write of a node's symbols may fail, while the journal answers, before the node ends.</summary>
    public TimeSpan WritePatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Signals kept in memory for subscribers that keep up; the others read the journal.</summary>
    public int SignalTail { get; init; } = 4_096;

    /// <summary>Events that a live reader may be behind before it loses the oldest.</summary>
    public int LiveBuffer { get; init; } = 8_192;

    /// <summary>Settings of Akka.NET, in HOCON, that go before ours.</summary>
    public string Hocon { get; init; } = "";

    /// <summary>Where Akka.NET logs to, from warnings up; null for nowhere.</summary>
    public ILoggerFactory? Loggers { get; init; }

    /// <summary>Symbols that a node tells of in one answer, at most.</summary>
    internal int DirectoryPage { get; init; } = 500;

    /// <summary>How long after the last pass over all symbols the next one looks for events that can be deleted.</summary>
    internal TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What tells how old events are.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether this node begins a cluster, and never joins one.</summary>
    internal bool BeginsCluster => Seeds.Count == 0 && Discovery is null;

    /// <summary>Whether old events are deleted.</summary>
    internal bool DeletesEvents => DeleteCoveredEvents || KeepDays is not null;

    /// <summary>Covered events that were written before this are deleted, in ticks of UTC.</summary>
    internal long DeletesBefore => KeepDays is { } days ? (Clock.GetUtcNow() - TimeSpan.FromDays(days)).UtcTicks : long.MaxValue;

    /// <summary>Told before a record is folded; what it throws, that record has thrown. For tests of poison.</summary>
    internal BeforeRecord? BeforeFold { get; init; }

    /// <summary>Told of indicators that threw, on the thread that folds.</summary>
    public Action<IndicatorFault>? OnFault { get; init; }

    /// <summary>Told how what is durable became so; its owner's, who takes it down after the engine. Null: nothing is measured.</summary>
    public EngineMeter? Meter { get; init; }

    /// <summary>What the host tells of this node to those who look on; null: the engine tells of itself alone.</summary>
    public INodeReporter? Reporter { get; init; }

    /// <summary>The node's audit log, for what a console of the cluster changes; null: there is none.</summary>
    public AccessAudit? Audit { get; init; }

    /// <summary>Checks everything that can be checked before anything is started.</summary>
    /// <exception cref="ArgumentException">Something is wrong; the message names the key.</exception>
    public void Validate()
    {
        Check(!string.IsNullOrWhiteSpace(Journal), nameof(Journal), "is missing");
        Check(
            Name.Length is > 0 and <= 64 && Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && Name[0] != '-', nameof(Name),
            "has letters, digits and hyphens");
        Check(!string.IsNullOrWhiteSpace(Host), nameof(Host), "is missing");
        Check(Bind is null || IPAddress.TryParse(Bind, out _), nameof(Bind), $"is an IP address, not '{Bind}'");
        Check(Tls is not null || AllowUnencrypted || IPAddress.IsLoopback(ListenAddress), nameof(Tls),
            $"is missing, and the port would listen on {ListenAddress}; set {nameof(AllowUnencrypted)} where whoever reaches it "
            + "may be a node");
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
            "is missing; it says whose certificates are those of nodes");
        Check(Tls is not { Name: null, SubscriberName: not null }, $"{nameof(Tls)}:{nameof(NodeTls.SubscriberName)}",
            $"needs {nameof(NodeTls.Name)}: without a name of nodes, nothing tells subscribers from them");
        Check(Tls is not { Name: null, Roles: true }, $"{nameof(Tls)}:{nameof(NodeTls.Roles)}",
            $"needs {nameof(NodeTls.Name)}, of which the names of roles are made");
        Check(Tls?.Name is null || !string.Equals(Tls.Name, Tls.SubscriberName, StringComparison.OrdinalIgnoreCase),
            $"{nameof(Tls)}:{nameof(NodeTls.SubscriberName)}", $"is not {nameof(NodeTls.Name)}, or every subscriber could be a node");
        Check(Shards is >= 1 and <= 10_000, nameof(Shards), "is from 1 to 10000");
        Check(SnapshotEvery >= 0, nameof(SnapshotEvery), "is 0 or more");
        Check(SignalSnapshotEvery >= 0, nameof(SignalSnapshotEvery), "is 0 or more");
        Check(KeepDays is null or >= 1, nameof(KeepDays), "is 1 or more");
        Check(
            KeepDays is null || !DeleteCoveredEvents, nameof(KeepDays),
            $"keeps what {nameof(DeleteCoveredEvents)} deletes: give one of them");
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
        Check(Seeds.Count == 0, nameof(Discovery), $"finds the nodes to join, and {nameof(Seeds)} names some: give one of them");
        Check(
            !string.IsNullOrWhiteSpace(discovery.Selector), KeyOf(nameof(discovery.Selector)), "is missing; it says which pods are nodes");
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
        catch (Exception e) // the parser throws several kinds, Exception itself among them
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
