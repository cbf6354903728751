using System.Net;
using ActorTrading.Cluster;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;

namespace ActorTrading.Host.Tests.Nodes;

public sealed class NodeSettingsTests : IDisposable
{
    private static readonly Dictionary<string, string?> NoArguments = [];
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void NothingSaid_IsLoopbackOnly()
    {
        var options = NodeSettings.Read(null, NoArguments);

        Assert.Equal(IPAddress.Loopback, options.Listen);
        Assert.Equal(9999, options.Port);
        Assert.Equal([5000], options.HttpPorts);
    }

    [Fact]
    public void File_SaysWhatItSays_AndArgumentsComeFirst()
    {
        File.WriteAllText(
            file,
            """{ "port": 1234, "http": { "port": "5001,5002" }, "engine": { "kind": "embedded", "partitions": 3, "delete_covered_events": true } }""");

        var options = NodeSettings.Read(file, new Dictionary<string, string?> { ["port"] = "4321", ["data"] = null });

        Assert.Equal(4321, options.Port);
        Assert.Equal([5001, 5002], options.HttpPorts);
        Assert.Equal(3, options.Engine.Partitions);
        Assert.True(options.Engine.DeleteCoveredEvents);
    }

    [Fact]
    public void EveryMistake_IsNamedWithItsPath()
    {
        File.WriteAllText(
            file, """{ "port": 70000, "http": { "prot": 1 }, "engine": { "partitions": 0, "delete_covered_events": "often" } }""");

        var refused = Assert.Throws<CommandException>(
            () => NodeSettings.Read(file, new Dictionary<string, string?> { ["listen"] = "everywhere" }));

        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.Equal(
            [
                $"{file}: http:prot: unknown setting",
                "--listen: 'everywhere' is not an IP address",
                $"{file}: port: '70000' is not a port; a port is from 0 to 65535",
                $"{file}: engine:partitions: '0' is not a whole number from 1 to 1024",
                $"{file}: engine:delete_covered_events: 'often' is neither true nor false",
            ],
            refused.Message.Split(Environment.NewLine));
    }

    [Fact]
    public void ClusterSettings_AreReadFromTheFile_AndTheCommandLine()
    {
        File.WriteAllText(
            file, """{ "engine": { "kind": "cluster" }, "cluster": { "port": 4061, "seeds": "10.0.0.1:4053, 10.0.0.2:4053" } }""");
        var options = NodeSettings.Read(file, new Dictionary<string, string?> { ["cluster:roles"] = "ingest,gateway" });
        Assert.Equal(EngineKind.Cluster, options.Kind);
        Assert.Equal(4061, options.Cluster.Port);
        Assert.Equal(["10.0.0.1:4053", "10.0.0.2:4053"], options.Cluster.Seeds);
        Assert.Equal(["ingest", "gateway"], options.Cluster.Roles);
    }

    [Theory]
    [InlineData("""{ "bind": "0.0.0.0" }""", "0.0.0.0")]
    [InlineData("""{ "bind": "*" }""", "0.0.0.0")]
    [InlineData("""{ "host": "node-1.example" }""", "0.0.0.0")]
    [InlineData("""{ "host": "192.0.2.1" }""", "0.0.0.0")]
    [InlineData("""{ "host": "2001:db8::1" }""", "::")]
    public void PortForNodesBeyondLoopback_WithoutEncryption_IsRefused_UnlessItIsAllowed(string cluster, string listen)
    {
        File.WriteAllText(file, $$"""{ "cluster": {{cluster}} }""");
        var refused = Assert.Throws<CommandException>(() => NodeSettings.Read(file, new Dictionary<string, string?>()));
        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.StartsWith(
            $"cluster: the port for nodes would listen on {listen} unencrypted", refused.Message, StringComparison.Ordinal);
        Assert.Contains("cluster:tls_certificate", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--allow-unencrypted", refused.Message, StringComparison.Ordinal);

        var allowed = NodeSettings.Read(file, new Dictionary<string, string?> { ["cluster:allow_unencrypted"] = "true" });
        Assert.Contains($"every machine that reaches {listen}:4053 can be a node", allowed.Exposure, StringComparison.Ordinal);
        var encrypted = NodeSettings.Read(
            file, new Dictionary<string, string?> { ["cluster:tls_certificate"] = "node.crt", ["cluster:tls_ca"] = "ca.crt" });
        Assert.Null(encrypted.Exposure);
        Assert.Null(NodeSettings.Read(file, new Dictionary<string, string?> { ["engine:kind"] = "embedded" }).Exposure);
    }

    [Theory]
    [InlineData("""{ }""")]
    [InlineData("""{ "host": "localhost" }""")]
    [InlineData("""{ "host": "node-1.example", "bind": "127.0.0.1" }""")]
    public void PortForNodesOnLoopback_NeedsNoEncryption(string cluster)
    {
        File.WriteAllText(file, $$"""{ "cluster": {{cluster}} }""");
        Assert.Null(NodeSettings.Read(file, new Dictionary<string, string?>()).Exposure);
    }

    [Theory]
    [InlineData("""{ "discovery": "kubernetes" }""", "cluster:discovery_selector: is missing; it selects the nodes' pods")]
    [InlineData("""{ "discovery_selector": "app=nodes" }""", "cluster:discovery: is missing, but other settings of discovery are set")]
    [InlineData("""{ "discovery": "consul", "discovery_selector": "app=nodes" }""", "'consul' is not one of kubernetes")]
    [InlineData("""{ "discovery": "kubernetes", "discovery_selector": "app=nodes", "seeds": "a:1,b:1" }""", "set only one of them")]
    [InlineData(
        """{ "discovery": "kubernetes", "discovery_selector": "a=b", "discovery_contacts": 0 }""",
        "'0' is not a whole number from 1")]
    public void DiscoveryThatIsNotWhole_IsRefused(string cluster, string message)
    {
        File.WriteAllText(file, $$"""{ "cluster": {{cluster}} }""");
        var refused = Assert.Throws<CommandException>(() => NodeSettings.Read(file, new Dictionary<string, string?>()));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Discovery_IsReadFromTheFile()
    {
        File.WriteAllText(file, """
            { "cluster": {
              "discovery": "kubernetes", "discovery_selector": "app=nodes", "discovery_namespace": "desk",
              "discovery_port": 7000, "discovery_port_name": "join", "discovery_contacts": 3 } }
            """);
        var options = NodeSettings.Read(file, new Dictionary<string, string?>());
        Assert.Equal(
            new KubernetesDiscovery { Selector = "app=nodes", Namespace = "desk", Port = 7000, PortName = "join", Contacts = 3 },
            options.Cluster.Discovery);
    }

    [Fact]
    public void EngineThatThereIsNot_IsNamedAsItWasGiven()
    {
        var refused = Assert.Throws<CommandException>(
            () => NodeSettings.Read(null, new Dictionary<string, string?> { ["engine:kind"] = "warp", ["cluster:seeds"] = " , " }));
        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.Equal(
            ["--engine: 'warp' is not one of cluster, embedded", "--seed: it is empty"], refused.Message.Split(Environment.NewLine));
    }

    [Fact]
    public void EncryptionWithoutACertificate_AndClientsWithoutAnAuthority_AreRefused()
    {
        File.WriteAllText(file, """{ "tls": { "key": "node.key", "require_client_certificate": true } }""");

        Assert.Equal(
            ["tls:certificate: is missing, but other settings of tls are set",
                "tls:client_authority: is missing; it is the authority of client certificates"],
            Assert.Throws<CommandException>(() => NodeSettings.Read(file, NoArguments)).Message.Split(Environment.NewLine));
    }

    [Theory]
    [InlineData("127.0.0.1", null, null, null)]
    [InlineData(
        "0.0.0.0", null, null,
        "0.0.0.0 can be reached from other machines, without encryption (--tls-certificate) and without access rules (--access)")]
    [InlineData("10.0.0.5", "rules.json", null, "10.0.0.5 can be reached from other machines, without encryption (--tls-certificate)")]
    [InlineData("::", null, "node.crt", ":: can be reached from other machines, without access rules (--access)")]
    [InlineData("0.0.0.0", "rules.json", "node.crt", null)]
    public void Warning_SaysWhatIsMissing_AndNothingWhereNothingIs(string listen, string? access, string? certificate, string? warning)
    {
        var options = NodeSettings.Read(null, new Dictionary<string, string?>
        {
            ["listen"] = listen, ["access"] = access, ["tls:certificate"] = certificate, ["insecure"] = "true",
        });

        Assert.Equal(warning, options.Exposure);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.5")]
    [InlineData("::")]
    public void NodeWithoutRules_ListensBeyondLoopback_OnlyWhereThatIsSaid(string listen)
    {
        var arguments = new Dictionary<string, string?> { ["listen"] = listen };
        var refused = Assert.Throws<CommandException>(() => NodeSettings.Read(null, arguments));
        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.Contains("--insecure", refused.Message, StringComparison.Ordinal);
        File.WriteAllText(file, """{"insecure":true}""");
        Assert.False(NodeSettings.Read(file, arguments).IsLocal);
        Assert.NotNull(NodeSettings.Read(null, new Dictionary<string, string?> { ["listen"] = listen, ["access"] = "rules.json" }).Access);
    }

    [Fact]
    public void BoundsOfStrangers_AreRead()
    {
        File.WriteAllText(file, """
            {"http":{"hosts":"desk.example, *.nodes","headers_timeout_ms":1000,"idle_timeout_ms":9000,"max_pending":5,"max_pending_per_address":3,"max_streams":7},
             "ingest":{"hello_timeout_ms":2000,"max_pending":6,"max_pending_per_address":4},"tls":{"certificate":"c","handshake_timeout_ms":700}}
            """);
        var options = NodeSettings.Read(file, NoArguments);
        Assert.Equal(["desk.example", "*.nodes"], options.Web.Hosts);
        Assert.Equal(
            (1_000, 9_000, 5),
            (options.Web.HeadersTimeout.TotalMilliseconds, options.Web.IdleTimeout.TotalMilliseconds, options.Web.MaxPending));
        Assert.Equal((3, 7), (options.Web.MaxPendingPerAddress, options.Web.MaxStreams));
        Assert.Equal(
            (2_000, 6, 4), (options.Ingest.HelloTimeout.TotalMilliseconds, options.Ingest.MaxPending, options.Ingest.MaxPendingPerAddress));
        Assert.Equal(700, options.Tls!.HandshakeTimeout.TotalMilliseconds);
        var refused = Assert.Throws<CommandException>(
            () => NodeSettings.Read(null, new Dictionary<string, string?> { ["http:hosts"] = "http://desk" }));
        Assert.Contains("'http://desk' is not a host name", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Engine_IsToldWhatTheFileSays()
    {
        File.WriteAllText(
            file,
            """{"engine":{"kind":"embedded","keep_days":7,"snapshot_every":50,"signal_snapshot_every":9,"gather_at_most_ms":0,"idle_ms":60000,"close_silent_bars":true,"grace_ms":1500}}""");
        var options = NodeSettings.Read(file, NoArguments);
        Assert.Equal(
            (7, 50, 9, TimeSpan.Zero),
            (options.Engine.KeepDays, options.Engine.SnapshotEvery, options.Engine.SignalSnapshotEvery, options.Engine.GatherAtMost));
        Assert.Equal((true, TimeSpan.FromSeconds(1.5)), (options.CloseSilentBars, options.Grace));
        // Options of either engine.
        Assert.Equal(
            (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)), (options.Engine.IdleAfter, options.Cluster.PassivateAfter));
    }

    [Fact]
    public void KeepingAndDeletingAtOnce_IsRefused()
    {
        File.WriteAllText(file, """{"engine":{"kind":"embedded","keep_days":7,"delete_covered_events":true}}""");
        var refused = Assert.Throws<CommandException>(() => NodeSettings.Read(file, NoArguments));
        Assert.Equal(
            (ExitCode.Usage, "engine:keep_days keeps what engine:delete_covered_events deletes: set only one of them"),
            (refused.ExitCode, refused.Message));
    }

    [Theory]
    [InlineData("{ \"port\": ")]
    [InlineData("9999")]
    public void FileThatIsNoJsonObject_IsRefused(string text)
    {
        File.WriteAllText(file, text);

        Assert.Equal(ExitCode.Usage, Assert.Throws<CommandException>(() => NodeSettings.Read(file, NoArguments)).ExitCode);
    }

    [Fact]
    public void FileThatIsNotThere_IsRefused() =>
        Assert.Contains(
            "absent.json", Assert.Throws<CommandException>(() => NodeSettings.Read("absent.json", NoArguments)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void EverySetting_IsInTheDocumentation()
    {
        var document = File.ReadAllText(Path.Combine(TestKit.ReferenceData.RepositoryFolder(), "docs", "command-line.md"));

        Assert.All(NodeSettings.All, setting => Assert.Contains($"`{setting.Key}`", document, StringComparison.Ordinal));
    }
}
