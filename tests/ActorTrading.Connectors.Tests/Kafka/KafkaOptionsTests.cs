using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ActorTrading.Connectors.Kafka;
using ActorTrading.Connectors.Kafka.Out;
using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;

namespace ActorTrading.Connectors.Tests.Kafka;

public class KafkaOptionsTests
{
    [Fact]
    public void Defaults_AreSafe()
    {
        var options = Options("""{"kind":"kafka","direction":"in","brokers":"a:9092","topics":["t"]}""");
        Assert.Equal(
            ("actortrading", 0, true, false, true, null),
            (options.Group, options.Epoch, options.UsesTopicIds, options.FromNow, options.IsCooperative, options.DeadLetters));
        var config = options.Connection.Configure();
        Assert.Equal(
            ("a:9092", "actortrading-b", SecurityProtocol.Plaintext), (config.BootstrapServers, config.ClientId, config.SecurityProtocol));
    }

    [Fact]
    public void TlsAndSasl_ReachTheClient_AndThePasswordNobodyElse()
    {
        using var folder = new TemporaryFolder();
        var password = folder.File("password");
        File.WriteAllText(password, "geheim\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var options = Options($$"""
            {"kind":"kafka","direction":"in","brokers":["a:9093","b:9093"],"topics":"t,^u.*","group":"g","from":"now","rebalance":"eager","epoch":3,"topic_ids":false,"in_flight":7,
             "dead_letters":"poison","tls":{"enabled":true,"check_host":false},
             "sasl":{"mechanism":"scram-sha-512","user":"desk","password_file":"{{password}}"},
             "librdkafka":{"fetch.wait.max.ms":"20","socket.keepalive.enable":"true"} }
            """);
        Assert.Equal(["t", "^u.*"], options.Topics);
        Assert.Equal(
            ("g", true, false, 3, false, 7, "poison"),
            (options.Group, options.FromNow, options.IsCooperative, options.Epoch, options.UsesTopicIds, options.InFlight,
            options.DeadLetters));
        var config = options.Connection.Configure();
        Assert.Equal(
            (SecurityProtocol.SaslSsl, SaslMechanism.ScramSha512, "desk", "geheim"),
            (config.SecurityProtocol, config.SaslMechanism, config.SaslUsername, config.SaslPassword));
        Assert.Equal(
            (SslEndpointIdentificationAlgorithm.None, true, "20"),
            (config.SslEndpointIdentificationAlgorithm, config.SocketKeepaliveEnable, config.Get("fetch.wait.max.ms")));
        Assert.DoesNotContain("geheim", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("in", "\"topics\":\"t\"")]
    [InlineData("out", "\"results\":\"signals\"")]
    public void FilesOfTls_ReachTheClient_InBothDirections(string direction, string settings)
    {
        using var files = new TlsFiles();
        var options = Assert.Single(Read(files.Settings(direction, settings, files.Key), []));
        var connection = options is KafkaInOptions of ? of.Connection : Assert.IsType<KafkaOutOptions>(options).Connection;
        var config = connection.Configure();
        Assert.Equal(SecurityProtocol.Ssl, config.SecurityProtocol);
        Assert.Equal(files.Authority, config.SslCaLocation);
        Assert.Equal((files.Certificate, files.Key), (config.SslCertificateLocation, config.SslKeyLocation));
        Assert.Equal(TlsFiles.KeyPassword, config.SslKeyPassword);
        Assert.DoesNotContain(TlsFiles.KeyPassword, options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void FilesOfTls_AreReadAtTheStart_AndWhatIsWrongWithThemIsTold()
    {
        using var files = new TlsFiles();
        Assert.Contains("connectors:b:tls: ", ErrorOf(files.Key, "wrong password"), StringComparison.Ordinal);
        Assert.Contains("connectors:b:tls: ", ErrorOf(files.OtherKey), StringComparison.Ordinal);
        Assert.Contains("connectors:b:tls: ", ErrorOf(files.Certificate), StringComparison.Ordinal);
        Assert.Contains("connectors:b:tls:key: ", ErrorOf(files.Key + ".absent"), StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(files.Key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("connectors:b:tls:key: ", ErrorOf(files.Key), StringComparison.Ordinal);
        File.SetUnixFileMode(files.Password, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("connectors:b:tls:key_password_file: ", ErrorOf(files.OtherKey), StringComparison.Ordinal);

        string ErrorOf(string key, string? password = null)
        {
            if (password is not null) File.WriteAllText(files.Password, password);
            var errors = new List<string>();
            Assert.Empty(Read(files.Settings("in", "\"topics\":\"t\"", key), errors));
            File.WriteAllText(files.Password, TlsFiles.KeyPassword);
            Assert.DoesNotContain(TlsFiles.KeyPassword, string.Concat(errors), StringComparison.Ordinal);
            return string.Join('\n', errors);
        }
    }

    [Theory]
    [InlineData("""{"topics":"t"}""", "connectors:b:brokers: is missing")]
    [InlineData("""{"brokers":"a:1"}""", "connectors:b:topics: is missing")]
    [InlineData("""{"brokers":"a:1","topics":"t","from":"then"}""", "connectors:b:from: 'then' is not one of first, now")]
    [InlineData("""{"brokers":"a:1","topics":"t,u","source":"x"}""", "connectors:b:source: needs exactly one topic")]
    [InlineData("""{"brokers":"a:1","topics":"^t","source":"x"}""", "connectors:b:source: needs exactly one topic")]
    [InlineData("""{"brokers":"a:1","topics":"t","in_flight":0}""", "connectors:b:in_flight: '0'")]
    [InlineData("""{"brokers":"a:1","topics":"t","password":"geheim"}""", "connectors:b:password: unknown setting")]
    [InlineData("""{"brokers":"a:1","topics":"t","sasl":{"user":"u","password":"geheim"}}""", "connectors:b:sasl:mechanism: is missing")]
    [InlineData("""{"brokers":"a:1","topics":"t","tls":{"ca":"/no/such/file"}}""", "connectors:b:tls:ca: ")]
    [InlineData(
        """{"brokers":"a:1","topics":"t","tls":{"certificate":"/dev/null"}}""",
        "connectors:b:tls:certificate: a certificate needs its key")]
    [InlineData(
        """{"brokers":"a:1","topics":"t","librdkafka":{"enable.auto.commit":"true"}}""",
        "connectors:b:librdkafka:enable.auto.commit: other settings of the connector set it")]
    [InlineData(
        """{"brokers":"a:1","topics":"t","librdkafka":{"sasl.password":"geheim"}}""",
        "connectors:b:librdkafka:sasl.password: other settings of the connector set it")]
    [InlineData(
        """{"brokers":"a:1","topics":"t","librdkafka":{"SSL.key.password":"geheim"}}""",
        "connectors:b:librdkafka:SSL.key.password: other settings of the connector set it")]
    [InlineData(
        """{"brokers":"a:1","topics":"t","librdkafka":{"plugin.library.paths":"evil"}}""",
        "connectors:b:librdkafka:plugin.library.paths: other settings of the connector set it")]
    [InlineData(
        """{"brokers":"a:1","topics":"t","librdkafka":{"fetch.colour":"red"}}""",
        "connectors:b:librdkafka: No such configuration property")]
    [InlineData("""{"brokers":"a:1","topics":"t","librdkafka":{"fetch.wait.max.ms":"soon"}}""", "connectors:b:librdkafka: Invalid value")]
    public void WhatIsWrong_IsToldWithItsPath(string settings, string expected)
    {
        var errors = new List<string>();
        Assert.Empty(Read(settings.Insert(1, "\"kind\":\"kafka\",\"direction\":\"in\","), errors));
        Assert.Contains(errors, error => error.StartsWith(expected, StringComparison.Ordinal));
        Assert.All(errors, error => Assert.DoesNotContain("geheim", error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("prices", 3, "5f3a9c01", "prices/3@5f3a9c01")]
    [InlineData("prices", 12, null, "prices/12")]
    [InlineData(
        "a-topic-whose-name-is-longer-than-a-source-may-be-in-all-its-glory", 0, "5f3a9c01",
        "a-topic-whose-name-is-longer-than-a-source-m~")]
    public void Source_IsOfLabelPartitionAndIdentity_WithinItsLength(string label, int partition, string? identity, string expected)
    {
        var source = KafkaSources.Of(label, partition, identity);
        Assert.StartsWith(expected, source.Name, StringComparison.Ordinal);
        Assert.InRange(source.Name.Length, 1, Source.MaxLength);
        Assert.NotEqual(source, KafkaSources.Of(label + "2", partition, identity));
    }

    [Fact]
    public void PasswordThatOthersCanRead_IsRefused()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        var password = folder.File("password");
        File.WriteAllText(password, "geheim");
        File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var errors = new List<string>();
        Assert.Empty(Read(
            $$"""
            {"kind":"kafka","direction":"in","brokers":"a:1","topics":"t",
             "sasl":{"mechanism":"PLAIN","user":"desk","password_file":"{{password}}"} }
            """,
            errors));
        Assert.Contains("connectors:b:sasl:password_file: ", string.Join('\n', errors), StringComparison.Ordinal);
    }

    private static KafkaInOptions Options(string connector)
    {
        var errors = new List<string>();
        var all = Read(connector, errors);
        Assert.Empty(errors);
        return Assert.IsType<KafkaInOptions>(Assert.Single(all));
    }

    private static IReadOnlyList<ConnectorOptions> Read(string connector, List<string> errors)
    {
        var text = "{\"connectors\":{\"b\":" + connector + "}}";
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).Build();
        return ConnectorSettings.Read([new SettingsSource(static key => key, configuration)], errors);
    }

    /// <summary>An authority, a certificate signed by it, its key encrypted with a password, and the key of another certificate.</summary>
    private sealed class TlsFiles : IDisposable
    {
        public const string KeyPassword = "of-the-key";

        private readonly TemporaryFolder folder = new();

        public TlsFiles()
        {
            using var authority = Certificates.MakeAuthority("CN=brokers");
            using var client = Certificates.Make("CN=desk", authority: authority);
            using var key = client.GetECDsaPrivateKey()!;
            using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1_000);
            Write(Authority, authority.ExportCertificatePem());
            Write(Certificate, client.ExportCertificatePem());
            Write(Key, key.ExportEncryptedPkcs8PrivateKeyPem(KeyPassword, encryption));
            Write(OtherKey, other.ExportPkcs8PrivateKeyPem());
            Write(Password, KeyPassword + "\n");
        }

        public string Authority => folder.File("ca.pem");

        public string Certificate => folder.File("desk.pem");

        public string Key => folder.File("desk.key");

        public string OtherKey => folder.File("other.key");

        public string Password => folder.File("key.password");

        public string Settings(string direction, string settings, string key) => $$"""
            {"kind":"kafka","direction":"{{direction}}","brokers":"a:9093",{{settings}},
             "tls":{"ca":"{{Authority}}","certificate":"{{Certificate}}","key":"{{key}}","key_password_file":"{{Password}}"} }
            """;

        public void Dispose() => folder.Dispose();

        private static void Write(string path, string content)
        {
            File.WriteAllText(path, content);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
