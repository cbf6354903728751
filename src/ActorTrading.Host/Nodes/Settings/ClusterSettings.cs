using System.Net;
using ActorTrading.Cluster;
using static ActorTrading.Host.Nodes.Settings.SettingText;

namespace ActorTrading.Host.Nodes.Settings;

/// <summary>The settings <c>cluster:*</c>.</summary>
internal static class ClusterSettings
{
    private const string Discovery = "cluster:discovery";

    public static IReadOnlyList<Setting<ClusterOptions>> All { get; } =
    [
        new("cluster:name", (cluster, text) => cluster with { Name = Text(text) }),
        new("cluster:host", (cluster, text) => cluster with { Host = Text(text) }),
        new("cluster:bind", (cluster, text) => cluster with { Bind = text == "*" ? IPAddress.Any.ToString() : Address(text).ToString() }),
        new("cluster:allow_unencrypted", (cluster, text) => cluster with { AllowUnencrypted = YesOrNo(text) }, "--allow-unencrypted"),
        new("cluster:port", (cluster, text) => cluster with { Port = Port(text) }),
        new("cluster:roles", (cluster, text) => cluster with { Roles = List(text) }, "--roles"),
        new("cluster:seeds", (cluster, text) => cluster with { Seeds = List(text) }, "--seed"),
        new(Discovery, (cluster, text) => OneOf(text, "kubernetes") == 0 ? Pods(cluster, pods => pods) : cluster),
        new("cluster:discovery_selector", (cluster, text) => Pods(cluster, pods => pods with { Selector = Text(text) })),
        new("cluster:discovery_namespace", (cluster, text) => Pods(cluster, pods => pods with { Namespace = Text(text) })),
        new("cluster:discovery_port_name", (cluster, text) => Pods(cluster, pods => pods with { PortName = Text(text) })),
        new("cluster:discovery_port", (cluster, text) => Pods(cluster, pods => pods with { Port = Count(text, 1, IPEndPoint.MaxPort) })),
        new("cluster:discovery_contacts", (cluster, text) => Pods(cluster, pods => pods with { Contacts = Count(text, 1, 1_000) })),
        new("cluster:shards", (cluster, text) => cluster with { Shards = Count(text, 1, 10_000) }),
        new("cluster:tls_certificate", (cluster, text) => Tls(cluster, tls => tls with { Certificate = Text(text) })),
        new("cluster:tls_key", (cluster, text) => Tls(cluster, tls => tls with { Key = Text(text) })),
        new("cluster:tls_password_file", (cluster, text) => Tls(cluster, tls => tls with { PasswordFile = Text(text) })),
        new("cluster:tls_password_variable", (cluster, text) => Tls(cluster, tls => tls with { PasswordVariable = Text(text) })),
        new("cluster:tls_ca", (cluster, text) => Tls(cluster, tls => tls with { Authority = Text(text) })),
        new("cluster:tls_name", (cluster, text) => Tls(cluster, tls => tls with { Name = Text(text) })),
        new("cluster:tls_subscriber_name", (cluster, text) => Tls(cluster, tls => tls with { SubscriberName = Text(text) })),
        new("cluster:tls_roles", (cluster, text) => Tls(cluster, tls => tls with { Roles = YesOrNo(text) })),
        new("cluster:window_records", (cluster, text) => cluster with { WindowRecords = Count(text, 1, 1 << 24) }),
        new("cluster:window_symbols", (cluster, text) => cluster with { WindowSymbols = Count(text, 1, 10_000) }),
        new("cluster:resend_after_ms", (cluster, text) => cluster with { ResendAfter = Milliseconds(text, 100) }),
        new("cluster:passivate_after_ms", (cluster, text) => cluster with { PassivateAfter = Milliseconds(text, 1_000) }),
        new("cluster:stop_patience_ms", (cluster, text) => cluster with { StopPatience = Milliseconds(text, 1) }),
        new("cluster:start_patience_ms", (cluster, text) => cluster with { StartPatience = Milliseconds(text, 1) }),
        new("cluster:ask_patience_ms", (cluster, text) => cluster with { AskPatience = Milliseconds(text, 1) }),
        new("cluster:region_patience_ms", (cluster, text) => cluster with { RegionPatience = Milliseconds(text, 1_000) }),
        new("cluster:write_patience_ms", (cluster, text) => cluster with { WritePatience = Milliseconds(text, 1_000) }),
    ];

    /// <summary>What is wrong with settings that are valid each for itself.</summary>
    /// <param name="cluster">The options.</param>
    /// <param name="given">The keys of the valid settings that were given.</param>
    /// <param name="isUsed">Whether the node has the cluster engine.</param>
    public static IEnumerable<string> Problems(ClusterOptions cluster, IReadOnlySet<string> given, bool isUsed)
    {
        var isEncrypted = cluster.Tls is { Certificate.Length: > 0, Authority.Length: > 0 };
        if (cluster.Tls is { } tls)
        {
            if (tls.Certificate.Length == 0)
                yield return "cluster:tls_certificate: is missing, but other settings of encryption between nodes are set";
            if (tls.Authority.Length == 0) yield return "cluster:tls_ca: is missing; it names the authorities of node certificates";
            if (tls is { Name: null, SubscriberName: not null })
            {
                yield return "cluster:tls_subscriber_name needs cluster:tls_name: without it, subscribers cannot be distinguished from "
                    + "nodes";
            }

            if (tls is { Name: null, Roles: true })
                yield return "cluster:tls_roles needs cluster:tls_name, from which the role names are built";
            if (tls.Name is not null && string.Equals(tls.Name, tls.SubscriberName, StringComparison.OrdinalIgnoreCase))
                yield return "cluster:tls_subscriber_name must differ from cluster:tls_name, otherwise every subscriber could be a node";
        }

        if (cluster.Discovery is { } discovery)
        {
            if (!given.Contains(Discovery)) yield return "cluster:discovery: is missing, but other settings of discovery are set";
            else if (discovery.Selector.Length == 0)
                yield return "cluster:discovery_selector: is missing; it selects the nodes' pods";
            if (given.Contains(Discovery) && cluster.Seeds.Count > 0)
                yield return "cluster:discovery finds the nodes to join, and cluster:seeds names some: set only one of them";
        }

        if (isUsed && !isEncrypted && !cluster.AllowUnencrypted && !IPAddress.IsLoopback(cluster.ListenAddress))
        {
            yield return $"cluster: the port for nodes would listen on {cluster.ListenAddress} unencrypted: every machine that reaches it "
                + "can be a node. Give certificates (cluster:tls_certificate and cluster:tls_ca, "
                + "see docs/security.md), or say that this network is trusted (--allow-unencrypted, or cluster:allow_unencrypted: true).";
        }
    }

    private static ClusterOptions Tls(ClusterOptions cluster, Func<NodeTls, NodeTls> change) =>
        cluster with { Tls = change(cluster.Tls ?? new NodeTls { Certificate = "", Authority = "" }) };

    private static ClusterOptions Pods(ClusterOptions cluster, Func<KubernetesDiscovery, KubernetesDiscovery> change) =>
        cluster with { Discovery = change(cluster.Discovery ?? new KubernetesDiscovery { Selector = "" }) };
}
