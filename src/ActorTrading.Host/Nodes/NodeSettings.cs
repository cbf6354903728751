using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorTrading.Cluster;
using ActorTrading.Connectors.Settings;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Nodes;

/// <summary>
/// Reads <see cref="NodeOptions"/> from a JSON file, then the environment (<c>ACTORTRADING_HTTP__PORT</c> for <c>http:port</c>), then the
/// command line. Later sources override earlier ones. An unknown key in the file or an invalid value is an error that names its path.
/// </summary>
internal static class NodeSettings
{
    /// <summary>The prefix of the environment variables.</summary>
    public const string Prefix = "ACTORTRADING_";

    /// <summary>All settings.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("data", (options, text) => options with { Data = Text(text) }),
        new("journal", (options, text) => options with { Journal = Text(text) }),
        new("plan", (options, text) => options with { Plan = Text(text) }),
        new("listen", (options, text) => options with { Listen = Address(text) }),
        new("port", (options, text) => options with { Port = Port(text) }),
        new("engine:kind", (options, text) => options with { Kind = OneOf<EngineKind>(text) }, "--engine"),
        new("cluster:name", (options, text) => options with { Cluster = options.Cluster with { Name = Text(text) } }),
        new("cluster:host", (options, text) => options with { Cluster = options.Cluster with { Host = Text(text) } }),
        new("cluster:bind", (options, text) =>
            options with { Cluster = options.Cluster with { Bind = text == "*" ? IPAddress.Any.ToString() : Address(text).ToString() } }),
        new(
            "cluster:allow_unencrypted",
            (options, text) => options with { Cluster = options.Cluster with { AllowUnencrypted = YesOrNo(text) } }, "--allow-unencrypted"),
        new("cluster:port", (options, text) => options with { Cluster = options.Cluster with { Port = Port(text) } }),
        new("cluster:roles", (options, text) => options with { Cluster = options.Cluster with { Roles = List(text) } }, "--roles"),
        new("cluster:seeds", (options, text) => options with { Cluster = options.Cluster with { Seeds = List(text) } }, "--seed"),
        new("cluster:discovery",
            (options, text) => options with { Cluster = options.Cluster with { Discovery = OneOf<DiscoveryKind>(text) } }),
        new("cluster:discovery_selector", (options, text) => Pods(options, pods => pods with { Selector = Text(text) })),
        new("cluster:discovery_namespace", (options, text) => Pods(options, pods => pods with { Namespace = Text(text) })),
        new("cluster:discovery_port_name", (options, text) => Pods(options, pods => pods with { PortName = Text(text) })),
        new("cluster:discovery_port", (options, text) => Pods(options, pods => pods with { Port = Count(text, 1, IPEndPoint.MaxPort) })),
        new("cluster:discovery_contacts", (options, text) => Pods(options, pods => pods with { Contacts = Count(text, 1, 1_000) })),
        new("cluster:shards", (options, text) => options with { Cluster = options.Cluster with { Shards = Count(text, 1, 10_000) } }),
        new("cluster:tls_certificate", (options, text) => NodeTls(options, tls => tls with { Certificate = Text(text) })),
        new("cluster:tls_key", (options, text) => NodeTls(options, tls => tls with { Key = Text(text) })),
        new("cluster:tls_password_file", (options, text) => NodeTls(options, tls => tls with { PasswordFile = Text(text) })),
        new("cluster:tls_password_variable", (options, text) => NodeTls(options, tls => tls with { PasswordVariable = Text(text) })),
        new("cluster:tls_ca", (options, text) => NodeTls(options, tls => tls with { Authority = Text(text) })),
        new("cluster:tls_name", (options, text) => NodeTls(options, tls => tls with { Name = Text(text) })),
        new("cluster:tls_subscriber_name", (options, text) => NodeTls(options, tls => tls with { SubscriberName = Text(text) })),
        new("cluster:tls_roles", (options, text) => NodeTls(options, tls => tls with { Roles = YesOrNo(text) })),
        new(
            "cluster:window_records",
            (options, text) => options with { Cluster = options.Cluster with { WindowRecords = Count(text, 1, 1 << 24) } }),
        new(
            "cluster:window_symbols",
            (options, text) => options with { Cluster = options.Cluster with { WindowSymbols = Count(text, 1, 10_000) } }),
        new(
            "cluster:resend_after_ms",
            (options, text) => options with { Cluster = options.Cluster with { ResendAfter = Milliseconds(text, 100) } }),
        new(
            "cluster:passivate_after_ms",
            (options, text) => options with { Cluster = options.Cluster with { PassivateAfter = Milliseconds(text, 1_000) } }),
        new(
            "cluster:stop_patience_ms",
            (options, text) => options with { Cluster = options.Cluster with { StopPatience = Milliseconds(text, 1) } }),
        new(
            "cluster:start_patience_ms",
            (options, text) => options with { Cluster = options.Cluster with { StartPatience = Milliseconds(text, 1) } }),
        new(
            "cluster:ask_patience_ms",
            (options, text) => options with { Cluster = options.Cluster with { AskPatience = Milliseconds(text, 1) } }),
        new(
            "cluster:region_patience_ms",
            (options, text) => options with { Cluster = options.Cluster with { RegionPatience = Milliseconds(text, 1_000) } }),
        new(
            "cluster:write_patience_ms",
            (options, text) => options with { Cluster = options.Cluster with { WritePatience = Milliseconds(text, 1_000) } }),
        new("cluster:hocon", (options, text) => options with { Cluster = options.Cluster with { Hocon = Text(text) } }, "--hocon"),
        new("http:port", (options, text) => options with { HttpPorts = [.. text.Split(',').Select(Port)] }),
        new(
            "http:max_request_bytes",
            (options, text) => options with { Web = options.Web with { MaxRequestBytes = Number(text, 1024, 1L << 40) } }),
        new("http:max_connections", (options, text) => options with { Web = options.Web with { MaxConnections = Count(text, 1) } }),
        new("http:origins", (options, text) => options with { Web = options.Web with { Origins = [.. text.Split(',').Select(Origin)] } }),
        new("http:hosts", (options, text) => options with { Web = options.Web with { Hosts = [.. List(text).Select(Host)] } }),
        new(
            "http:headers_timeout_ms",
            (options, text) => options with { Web = options.Web with { HeadersTimeout = Milliseconds(text, 100) } }),
        new("http:idle_timeout_ms", (options, text) => options with { Web = options.Web with { IdleTimeout = Milliseconds(text, 1_000) } }),
        new("http:max_pending", (options, text) => options with { Web = options.Web with { MaxPending = Count(text, 1) } }),
        new(
            "http:max_pending_per_address",
            (options, text) => options with { Web = options.Web with { MaxPendingPerAddress = Count(text, 1) } }),
        new("http:max_streams", (options, text) => options with { Web = options.Web with { MaxStreams = Count(text, 1) } }),
        new(
            "ingest:hello_timeout_ms",
            (options, text) => options with { Ingest = options.Ingest with { HelloTimeout = Milliseconds(text, 100) } }),
        new(
            "ingest:max_pending",
            (options, text) => options with { Ingest = options.Ingest with { MaxPending = Count(text, 1, 1 << 20) } }),
        new("ingest:max_pending_per_address",
            (options, text) => options with { Ingest = options.Ingest with { MaxPendingPerAddress = Count(text, 1) } }),
        new(
            "ingest:max_connections",
            (options, text) => options with { Ingest = options.Ingest with { MaxConnections = Count(text, 1, 1 << 24) } }),
        new("ingest:max_symbols", (options, text) => Intake(options, intake => intake with { MaxSymbols = Count(text, 1) })),
        new("ingest:max_symbols_per_source",
            (options, text) => Intake(options, intake => intake with { MaxSymbolsPerSource = Count(text, 1) })),
        new("ingest:new_symbols_per_second",
            (options, text) => Intake(options, intake => intake with { NewSymbolsPerSecond = Count(text, 1) })),
        new("ingest:max_economic_names_per_source",
            (options, text) => Intake(options, intake => intake with { MaxFiguresPerSource = Count(text, 1) })),
        new("ingest:max_sources", (options, text) => Intake(options, intake => intake with { MaxSources = Count(text, 1) })),
        new("ingest:max_sources_per_caller",
            (options, text) => Intake(options, intake => intake with { MaxSourcesPerCaller = Count(text, 1) })),
        new("queries:at_once", (options, text) => options with { Queries = options.Queries with { AtOnce = Count(text, 1, 1_024) } }),
        new("queries:waiting", (options, text) => options with { Queries = options.Queries with { Waiting = Count(text, 0) } }),
        new("queries:waiting_per_caller",
            (options, text) => options with { Queries = options.Queries with { WaitingPerCaller = Count(text, 0) } }),
        new("queries:timeout_ms", (options, text) => options with { Queries = options.Queries with { Timeout = Milliseconds(text, 1) } }),
        new(
            "ingest:max_ahead_ms",
            (options, text) => options with { MaxAhead = TimeSpan.FromMilliseconds(Number(text, 0, 100L * 366 * 86_400_000)) }),
        new("engine:max_symbol_bytes", (options, text) => options with { MaxSymbolBytes = Number(text, 1 << 16, 1L << 40) }),
        new("ingest:min_free_disk", (options, text) => options with { MinFreeDisk = Number(text, 0, 1L << 50) }),
        new("engine:partitions", (options, text) => options with { Engine = options.Engine with { Partitions = Count(text, 1, 1024) } }),
        new("engine:queue_records", (options, text) => options with { Engine = options.Engine with { QueueRecords = Count(text, 1) } }),
        new(
            "engine:group_records",
            (options, text) => options with { Engine = options.Engine with { GroupRecords = Count(text, 1, 1 << 24) } }),
        new(
            "engine:idle_ms",
            (options, text) => options with { Engine = options.Engine with { IdleAfter = TimeSpan.FromMilliseconds(Count(text, 1_000)) } }),
        new("engine:snapshot_every", (options, text) => options with
        {
            Engine = options.Engine with { SnapshotEvery = Count(text, 0) },
            Cluster = options.Cluster with { SnapshotEvery = Count(text, 0) },
        }),
        new(
            "engine:signal_snapshot_every",
            (options, text) => options with { Engine = options.Engine with { SignalSnapshotEvery = Count(text, 0) } }),
        new(
            "engine:signal_tail",
            (options, text) => options with { Engine = options.Engine with { SignalTail = Count(text, 1, 1 << 24) } }),
        new(
            "engine:gather_at_most_ms",
            (options, text) =>
                options with { Engine = options.Engine with { GatherAtMost = TimeSpan.FromMilliseconds(Count(text, 0, 60_000)) } }),
        new("engine:keep_days", (options, text) => options with { Engine = options.Engine with { KeepDays = Count(text, 1, 36_500) } }),
        new("engine:close_silent_bars", (options, text) => options with { CloseSilentBars = YesOrNo(text) }),
        new("engine:grace_ms", (options, text) => options with { Grace = TimeSpan.FromMilliseconds(Count(text, 0, 3_600_000)) }),
        new(
            "engine:delete_covered_events",
            (options, text) => options with { Engine = options.Engine with { DeleteCoveredEvents = YesOrNo(text) } }),
        new("log:format", (options, text) => options with { Log = options.Log with { Format = OneOf<LogFormat>(text) } }),
        new("log:level", (options, text) => options with { Log = options.Log with { Level = OneOf<LogLevel>(text) } }),
        new("log:per_second", (options, text) => options with { Log = options.Log with { PerSecond = Count(text, 1) } }),
        new("metrics:symbols", (options, text) => options with { Watch = options.Watch with { Symbols = Count(text, 0, 1 << 20) } }),
        new("metrics:sources", (options, text) => options with { Watch = options.Watch with { Sources = Count(text, 0, 1 << 20) } }),
        new("otlp:endpoint", (options, text) => options with { Watch = options.Watch with { Otlp = Url(text) } }),
        new("access", (options, text) => options with { Access = Text(text) }),
        new("insecure", (options, text) => options with { Insecure = YesOrNo(text) }, "--insecure"),
        new("tls:certificate", (options, text) => Tls(options, tls => tls with { Certificate = Text(text) })),
        new("tls:key", (options, text) => Tls(options, tls => tls with { Key = Text(text) })),
        new("tls:password_file", (options, text) => Tls(options, tls => tls with { PasswordFile = Text(text) })),
        new("tls:password_variable", (options, text) => Tls(options, tls => tls with { PasswordVariable = Text(text) })),
        new("tls:client_authority", (options, text) => Tls(options, tls => tls with { ClientAuthority = Text(text) })),
        new(
            "tls:require_client_certificate",
            (options, text) => Tls(options, tls => tls with { RequireClientCertificate = YesOrNo(text) })),
        new("tls:handshake_timeout_ms", (options, text) => Tls(options, tls => tls with { HandshakeTimeout = Milliseconds(text, 100) })),
        new(
            "engine:live_buffer",
            (options, text) => options with { Engine = options.Engine with { LiveBuffer = Count(text, 1, 1 << 24) } }),
    ];

    /// <summary>Reads the settings. Arguments are given by key; null for an argument that was not given.</summary>
    /// <exception cref="CommandException">The file cannot be read, or a setting is invalid; the message lists all errors.</exception>
    public static NodeOptions Read(string? file, IReadOnlyDictionary<string, string?> arguments)
    {
        var layers = new List<(Func<string, string> Name, IConfigurationRoot Values)>();
        layers.Add((static key => All.First(setting => setting.Key == key).Option ?? $"--{key.Replace(':', '-')}",
            new ConfigurationBuilder().AddInMemoryCollection(arguments.Where(given => given.Value is not null)).Build()));
        layers.Add((static key => Prefix + key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant(),
            new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build()));
        var errors = new List<string>();
        if (file is not null)
        {
            var content = Load(file);
            layers.Add((key => $"{file}: {key}", content));
            errors.AddRange(Unknown(content).Select(key => $"{file}: {key}: there is no such setting"));
        }

        var options = new NodeOptions();
        foreach (var setting in All)
        {
            var (name, values) = layers.Find(layer => layer.Values[setting.Key] is not null);
            if (values?[setting.Key] is not { } text) continue;
            try
            {
                options = setting.Apply(options, text.Trim());
            }
            catch (FormatException exception)
            {
                errors.Add($"{name(setting.Key)}: {exception.Message}");
            }
        }

        if (options is { IsLocal: false, Access: null, Insecure: false })
        {
            errors.Add($"listen: other machines can reach {options.Listen}, and without access rules all of them may do everything. "
                + "Give rules (--access, see docs/security.md), or say that this network is trusted (--insecure, or insecure: true).");
        }

        if (options.Tls is { } tls)
        {
            if (tls.Certificate.Length == 0) errors.Add("tls:certificate: is missing, and other settings of tls are there");
            if (tls is { RequireClientCertificate: true, ClientAuthority: null })
                errors.Add("tls:client_authority: is missing; it says whose client certificates are believed");
        }

        if (options.Cluster.Tls is { } nodes)
        {
            if (nodes.Certificate is null)
                errors.Add("cluster:tls_certificate: is missing, and other settings of encryption between nodes are there");
            if (nodes.Authority is null) errors.Add("cluster:tls_ca: is missing; it says whose certificates are those of nodes");
            if (nodes is { Name: null, SubscriberName: not null })
                errors.Add(
                    "cluster:tls_subscriber_name needs cluster:tls_name: without a name of nodes, nothing tells subscribers from them");
            if (nodes is { Name: null, Roles: true })
                errors.Add("cluster:tls_roles needs cluster:tls_name, of which the names of roles are made");
            if (nodes.Name is not null && string.Equals(nodes.Name, nodes.SubscriberName, StringComparison.OrdinalIgnoreCase))
                errors.Add("cluster:tls_subscriber_name is not cluster:tls_name, or every subscriber could be a node");
        }

        if (options.Cluster is { Discovery: null, Kubernetes: not null })
            errors.Add("cluster:discovery: is missing, and other settings of discovery are there");
        if (options.Cluster is { Discovery: not null, Kubernetes: null or { Selector.Length: 0 } })
            errors.Add("cluster:discovery_selector: is missing; it says which pods are nodes");
        if (options.Cluster is { Discovery: not null, Seeds.Count: > 0 })
            errors.Add("cluster:discovery finds the nodes to join, and cluster:seeds names some: give one of them");
        if (options.Kind == EngineKind.Cluster
            && ClusterHosting.Options(options) is { Tls: null, AllowUnencrypted: false, ListenAddress: var listen }
            && !IPAddress.IsLoopback(listen))
        {
            errors.Add($"cluster: the port for nodes would listen on {listen} without encryption, and whoever reaches it can be a node. "
                + "Give certificates (cluster:tls_certificate and cluster:tls_ca, "
                + "see docs/security.md), or say that this network is trusted (--allow-unencrypted, or cluster:allow_unencrypted: true).");
        }

        if (options.Engine is { KeepDays: not null, DeleteCoveredEvents: true })
            errors.Add("engine:keep_days keeps what engine:delete_covered_events deletes: give one of them");
        options = options with
        {
            Webhooks = WebhookSettings.Read(layers, errors),
            Connectors = ConnectorSettings.Read([.. layers.Select(static layer => new SettingsSource(layer.Name, layer.Values))], errors),
        };
        return errors.Count == 0 ? options : throw new CommandException(ExitCode.Usage, errors);
    }

    private static IConfigurationRoot Load(string file)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file)).Build();
        }
        catch (Exception exception)
            when (exception is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            // The inner exception of the parser contains the position of the error.
            throw new CommandException(
                ExitCode.Usage,
                $"{file}: {(exception is FileNotFoundException ? "there is no such file" : exception.GetBaseException().Message)}");
        }
    }

    private static IEnumerable<string> Unknown(IConfigurationRoot content)
    {
        var known = All.Select(setting => setting.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return content.AsEnumerable().Where(entry => entry.Value is not null && !known.Contains(entry.Key) && !IsOfOthers(entry.Key))
            .Select(entry => entry.Key);
    }

    /// <summary>
    /// Whether a key has a user-defined name. <see cref="WebhookSettings"/> and <see cref="ConnectorSettings"/> read those keys.
    /// </summary>
    private static bool IsOfOthers(string key) =>
        key.StartsWith(WebhookSettings.Section + ":", StringComparison.OrdinalIgnoreCase)
        || key.StartsWith(ConnectorSettings.Section + ":", StringComparison.OrdinalIgnoreCase);

    private static T OneOf<T>(string text)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (text.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase)) return value;
        }

        throw new FormatException(
            $"'{text}' is none of {string.Join(", ", Enum.GetNames<T>().Select(static name => name.ToLowerInvariant()))}");
    }

    private static Uri Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new FormatException($"'{text}' does not begin with http:// or https://");

    private static NodeOptions Tls(NodeOptions options, Func<TlsOptions, TlsOptions> change) =>
        options with { Tls = change(options.Tls ?? new TlsOptions { Certificate = "" }) };

    private static NodeOptions NodeTls(NodeOptions options, Func<NodeTlsSettings, NodeTlsSettings> change) =>
        options with { Cluster = options.Cluster with { Tls = change(options.Cluster.Tls ?? new NodeTlsSettings()) } };

    private static NodeOptions Intake(NodeOptions options, Func<IngestPipelineOptions, IngestPipelineOptions> change) =>
        options with { Intake = change(options.Intake) };

    private static NodeOptions Pods(NodeOptions options, Func<KubernetesDiscovery, KubernetesDiscovery> change)
    {
        var pods = options.Cluster.Kubernetes ?? new KubernetesDiscovery { Selector = "" };
        return options with { Cluster = options.Cluster with { Kubernetes = change(pods) } };
    }

    private static string[] List(string text) => text.Split(
        ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } list
        ? list
        : throw new FormatException("it is empty");

    private static string Text(string text) => text.Length > 0 ? text : throw new FormatException("it is empty");

    private static IPAddress Address(string text) => text switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any,
        _ => IPAddress.TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no IP address"),
    };

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var port)
            && port <= IPEndPoint.MaxPort
            ? port
            : throw new FormatException($"'{text}' is no port; a port is from 0 to 65535");

    private static string Origin(string text) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var origin) && origin.GetLeftPart(UriPartial.Authority) == text.Trim()
            ? text.Trim()
            : throw new FormatException($"'{text}' is no origin; one is a scheme, a host and perhaps a port, such as https://desk.example");

    private static string Host(string text) =>
        text == "*" || Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) != UriHostNameType.Unknown
            ? text
            : throw new FormatException(
                $"'{text}' is no name of a host; one is such as desk.example, *.example for all that end so, or * for any");

    private static int Count(string text, int least, int most = int.MaxValue) => (int)Number(text, least, most);

    private static TimeSpan Milliseconds(string text, int least) => TimeSpan.FromMilliseconds(Count(text, least));

    private static long Number(string text, long least, long most) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least
            && number <= most
            ? number
            : throw new FormatException($"'{text}' is no whole number from {least} to {most}");

    private static bool YesOrNo(string text) =>
        bool.TryParse(text, out var value) ? value : throw new FormatException($"'{text}' is neither true nor false");
}

/// <summary>
/// A setting: its key path, the function that applies it, and the command-line option when that has a different name. An invalid text
/// throws a <see cref="FormatException"/>.
/// </summary>
internal sealed record Setting(string Key, Func<NodeOptions, string, NodeOptions> Apply, string? Option = null);
