using ActorTrading.Connectors.Settings;
using ActorTrading.Engine;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Kafka;

/// <summary>
/// Connection to Kafka brokers, in either direction: addresses, encryption, authentication, and properties of librdkafka.
/// </summary>
public sealed record KafkaConnection
{
    // Properties that affect correctness or contain secrets have settings of their own; properties that load foreign code are not allowed.
    private static readonly string[] Reserved =
    [
        "bootstrap.servers", "metadata.broker.list", "client.id", "group.id", "group.protocol", "group.remote.assignor",
        "enable.auto.commit", "auto.commit.enable", "auto.commit.interval.ms", "enable.auto.offset.store", "auto.offset.reset",
        "offset.store.method", "partition.assignment.strategy", "enable.partition.eof", "enable.idempotence", "acks",
        "request.required.acks", "transactional.id", "security.protocol", "plugin.library.paths",
    ];

    private static readonly string[] ReservedPrefixes = ["ssl.", "sasl.", "dotnet.", "test.", "oauthbearer."];

    private readonly Dictionary<string, string> properties = [];

    /// <summary>The name of the connector, sent to the brokers.</summary>
    public required string Name { get; init; }

    /// <summary>The bootstrap brokers, as HOST:PORT,HOST:PORT.</summary>
    public required string Brokers { get; init; }

    /// <summary>The password of the SASL user, and that of the private key; null if there is none. Never shown.</summary>
    private ConnectorSecret? Password { get; init; }

    private ConnectorSecret? KeyPassword { get; init; }

    /// <summary>Reads the connection from a section; errors are added to the section.</summary>
    public static KafkaConnection Read(ConnectorSection section)
    {
        var brokers = section.List("brokers", static text => text);
        if (brokers is null) section.AddError("brokers", "is missing; it is a list of HOST:PORT");
        var connection = new KafkaConnection
        {
            Name = section.Name,
            Brokers = string.Join(',', brokers ?? []),
            Password = ConnectorSecret.Read(section, "sasl:password"),
            KeyPassword = ConnectorSecret.Read(section, "tls:key_password"),
        };
        connection.ReadSecurity(section);
        connection.ReadRaw(section);
        return connection;
    }

    /// <summary>The client configuration for this connection; each client adds its own properties.</summary>
    public ClientConfig Configure()
    {
        var config = new ClientConfig(new Dictionary<string, string>(properties))
        {
            BootstrapServers = Brokers, ClientId = $"actortrading-{Name}",
        };
        if (Password is not null) config.SaslPassword = Password.Reveal();
        if (KeyPassword is not null) config.SslKeyPassword = KeyPassword.Reveal();
        return config;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} at {Brokers}";

    private static string? PathOf(ConnectorSection section, string key, Action<string> check) => section.Value<string>(key, path =>
    {
        try
        {
            check(path);
            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException(exception.Message);
        }
    });

    private static void CheckReadable(string path)
    {
        using var file = File.OpenHandle(path);
    }

    private void ReadSecurity(ConnectorSection section)
    {
        var isEncrypted = section.Flag("tls:enabled", section.Has("tls"));
        var user = section.Text("sasl:user");
        Set("ssl.ca.location", PathOf(section, "tls:ca", CheckReadable));
        Set("ssl.certificate.location", PathOf(section, "tls:certificate", CheckReadable));
        Set("ssl.key.location", PathOf(section, "tls:key", PrivateFiles.CheckSecret));
        if (!section.Flag("tls:check_host", true)) Set("ssl.endpoint.identification.algorithm", "none");
        if (section.Has("tls:certificate") != section.Has("tls:key"))
            section.AddError("tls:certificate", "a certificate needs its key, and a key its certificate");
        if (!isEncrypted && section.Has("tls:ca")) section.AddError("tls:enabled", "it is false, but other tls settings are set");

        var mechanism = section.Choice("sasl:mechanism", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");
        Set("sasl.mechanism", mechanism);
        Set("sasl.username", user);
        if (section.Has("sasl") && (mechanism is null || user is null || Password is null))
        {
            foreach (var key in (string[])["sasl:mechanism", "sasl:user"])
            {
                if (!section.Has(key)) section.AddError(key, "is missing, but other sasl settings are set");
            }

            if (!section.Has("sasl:password_file") && !section.Has("sasl:password_variable"))
                section.AddError("sasl:password_file", "is missing, or sasl:password_variable");
        }

        Set("security.protocol", (isEncrypted, mechanism is not null) switch
        {
            (true, true) => "sasl_ssl",
            (true, false) => "ssl",
            (false, true) => "sasl_plaintext",
            _ => "plaintext",
        });
    }

    private void ReadRaw(ConnectorSection section)
    {
        foreach (var (key, value) in section.Map("librdkafka"))
        {
            var name = key.ToLowerInvariant();
            if (Reserved.Contains(name) || ReservedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                section.AddError($"librdkafka:{key}", "other settings of the connector set it, or it must not be set");
            else properties[name] = value;
        }

        if (section.HasErrors) return;
        try
        {
            // Without brokers no connection is made: only the properties and the files they name are checked.
            var config = new ProducerConfig(Configure()) { BootstrapServers = "" };
            config.Set("log_level", "0"); // which says that there are no brokers
            new ProducerBuilder<Null, Null>(config).SetLogHandler(static (_, _) => { }).Build().Dispose();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or KafkaException)
        {
            section.AddError(exception.Message.Contains("ssl.", StringComparison.Ordinal) ? "tls" : "librdkafka", exception.Message);
        }
    }

    private void Set(string property, string? value)
    {
        if (value is not null) properties[property] = value;
    }
}
