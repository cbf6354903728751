using ActorTrading.Connectors.Settings;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Nodes.Settings;
using ActorTrading.Host.Telemetry;
using ActorTrading.Host.Web;
using ActorTrading.Host.Web.Queries;
using ActorTrading.Host.Webhooks;
using Microsoft.Extensions.Configuration;
using static ActorTrading.Host.Nodes.Settings.SettingText;

namespace ActorTrading.Host.Nodes;

/// <summary>
/// Reads <see cref="NodeOptions"/> from a JSON file, then the environment (<c>ACTORTRADING_HTTP__PORT</c> for <c>http:port</c>), then the
/// command line. Later sources override earlier ones. An unknown key in the file or an invalid value is an error that names its path.
/// </summary>
internal static class NodeSettings
{
    /// <summary>The prefix of the environment variables.</summary>
    public const string Prefix = "ACTORTRADING_";

    /// <summary>All settings, in the order in which they are applied.</summary>
    public static IReadOnlyList<Setting<NodeOptions>> All { get; } =
    [
        new("data", (node, text) => node with { Data = Text(text) }),
        new("journal", (node, text) => node with { Journal = Text(text) }),
        new("plan", (node, text) => node with { Plan = Text(text) }),
        new("listen", (node, text) => node with { Listen = Address(text) }),
        new("port", (node, text) => node with { Port = Port(text) }),
        new("engine:kind", (node, text) => node with { Kind = OneOf<EngineKind>(text) }, "--engine"),
        .. EngineSettings.All, // before those of the cluster, which are more precise
        .. ClusterSettings.All.Of((NodeOptions node) => node.Cluster, (node, cluster) => node with { Cluster = cluster }),
        new("cluster:hocon", (node, text) => node with { HoconFile = Text(text) }, "--hocon"),
        new("http:port", (node, text) => node with { HttpPorts = [.. text.Split(',').Select(Port)] }),
        .. WebOptions.Settings.Of((NodeOptions node) => node.Web, (node, web) => node with { Web = web }),
        .. IngestSettings.Listener.Of((NodeOptions node) => node.Ingest, (node, ingest) => node with { Ingest = ingest }),
        .. IngestSettings.Intake.Of((NodeOptions node) => node.Intake, (node, intake) => node with { Intake = intake }),
        new("ingest:min_free_disk", (node, text) => node with { MinFreeDisk = Number(text, 0, 1L << 50) }),
        .. QueryOptions.Settings.Of((NodeOptions node) => node.Queries, (node, queries) => node with { Queries = queries }),
        .. LogOptions.Settings.Of((NodeOptions node) => node.Log, (node, log) => node with { Log = log }),
        .. TelemetryOptions.Settings.Of((NodeOptions node) => node.Telemetry, (node, watch) => node with { Telemetry = watch }),
        new("access", (node, text) => node with { Access = Text(text) }),
        new("insecure", (node, text) => node with { Insecure = YesOrNo(text) }, "--insecure"),
        .. TlsSettings.All.Of(
            (NodeOptions node) => node.Tls ?? new TlsOptions { Certificate = "" }, (node, tls) => node with { Tls = tls }),
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
            errors.AddRange(Unknown(content).Select(key => $"{file}: {key}: unknown setting"));
        }

        var (options, given) = (new NodeOptions(), new HashSet<string>());
        foreach (var setting in All)
        {
            var (name, values) = layers.Find(layer => layer.Values[setting.Key] is not null);
            if (values?[setting.Key] is not { } text) continue;
            try
            {
                options = setting.Apply(options, text.Trim());
                given.Add(setting.Key);
            }
            catch (FormatException exception)
            {
                errors.Add($"{name(setting.Key)}: {exception.Message}");
            }
        }

        errors.AddRange(Problems(options, given));
        options = options with
        {
            Webhooks = WebhookSettings.Read(layers, errors),
            Connectors = ConnectorSettings.Read([.. layers.Select(static layer => new SettingsSource(layer.Name, layer.Values))], errors),
        };
        return errors.Count == 0 ? options : throw new CommandException(ExitCode.Usage, errors);
    }

    /// <summary>What is wrong with settings that are valid each for itself.</summary>
    private static IEnumerable<string> Problems(NodeOptions options, IReadOnlySet<string> given)
    {
        List<string> problems =
        [
            .. options.Tls is { } tls ? TlsSettings.Problems(tls) : [],
            .. ClusterSettings.Problems(options.Cluster, given, options.Kind == EngineKind.Cluster),
            .. EngineSettings.Problems(options.Engine),
        ];
        if (options is { IsLocal: false, Access: null, Insecure: false })
        {
            problems.Insert(0, $"listen: other machines can reach {options.Listen}, and without access rules all of them may do "
                + "everything. Give rules (--access, see docs/security.md), or say that this network is trusted (--insecure, or "
                + "insecure: true).");
        }

        return problems;
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
}
