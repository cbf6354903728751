using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>Nodes of the command <c>cluster</c> with certificates, and a node with a certificate of another authority.</summary>
[Collection("ports of a cluster")] // ports are searched from the default ones on, one at a time
public sealed class ClusterTlsTests : IDisposable
{
    private const string Password = "open sesame";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SkippableFact]
    public async Task NodesKnowEachOther_AStrangerIsNotLetIn_AndTheOldestDrainsLast()
    {
        Skip.If(OperatingSystem.IsWindows(), "there is no SIGTERM to drain with");
        using var ours = Certificates.MakeAuthority("CN=ours");
        using var theirs = Certificates.MakeAuthority("CN=theirs");
        var authority = folder.Write("ours.pem", ours.ExportCertificatePem());
        var password = folder.Write("password.txt", Password);
        var papers = Papers("node", ours);
        using var cluster = await ClusterProcess.StartAsync(2, "--data", folder.File("cluster"), "--config", Write("node.json", new
        {
            tls = new { certificate = papers.Certificate, key = papers.Key, password_file = password },
            cluster = new { tls_certificate = papers.Certificate, tls_key = papers.Key, tls_password_file = password, tls_ca = authority },
        }));
        Assert.All(cluster.Nodes.Values, node => Assert.Equal("https", node.Api.Scheme));
        cluster.Interrupt(); // like a terminal at Ctrl-C, but without the signal to the command itself, which decides the order of stopping

        var strange = Papers("stranger", theirs);
        var refused = await Cli.Run(
            "node", "--engine", "cluster", "--data", folder.File("stranger"), "--journal",
            Path.Combine(folder.File("cluster"), "journal.db"),
            "--seed", cluster.Nodes[1].Cluster, "--cluster-port", "0", "--port", "0", "--http-port", "0", "--config",
            Write("stranger.json", new
            {
                cluster = new
                {
                    tls_certificate = strange.Certificate, tls_key = strange.Key, tls_password_file = password, tls_ca = authority,
                    start_patience_ms = 10_000,
                },
            }));
        Assert.True(refused.ExitCode == 5, refused.Output + refused.Error);
        Assert.Matches("The handshake with another node has failed|No cluster 'trading' has admitted", refused.Error);
        refused.ShowsNoStackTrace();
        await cluster.UntilSaidAsync("is not admitted: the certificate 'CN=stranger'");

        var status = await Cli.Run("cluster", "status", "--data", folder.File("cluster"), "--ca", authority);
        Assert.True(status.ExitCode == 0, status.Error);
        Assert.Equal(2, status.Output.Split('\n').Count(line => line.Contains("  ready  ", StringComparison.Ordinal)));
        Assert.Contains("state hash ", status.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await cluster.StopAsync()).ExitCode);
        Assert.Equal(["node 2", "node 1"], cluster.Ended);
    }

    [Fact]
    public async Task SettingThatIsWrong_IsSaidOnce_BeforeANodeIsStarted()
    {
        var refused = await Cli.Run(
            "cluster", "--data", folder.File("cluster"), "--config",
            Write("node.json", new { cluster = new { tls_certificate = "node.crt", name = "" } }));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("cluster:name: it is empty", refused.Error, StringComparison.Ordinal);
        Assert.Contains("cluster:tls_ca: is missing", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.File("cluster"), "node-1")));
        var demo = await Cli.Run(
            "cluster", "--demo", "--data", folder.File("cluster"), "--config", Write("demo.json", new { access = "rules.json" }));
        Assert.Equal(2, demo.ExitCode);
        Assert.StartsWith("--demo sends without encryption and token", demo.Error, StringComparison.Ordinal);
    }

    /// <summary>A certificate for loopback, and its key encrypted with the password.</summary>
    private (string Certificate, string Key) Papers(string name, X509Certificate2 authority)
    {
        using var made = Certificates.Make($"CN={name}", names => names.AddIpAddress(IPAddress.Loopback), authority);
        using var key = made.GetECDsaPrivateKey()!;
        return (
            folder.Write($"{name}.crt", made.ExportCertificatePem()),
            folder.Write(
                $"{name}.key",
                key.ExportEncryptedPkcs8PrivateKeyPem(
                    Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000))));
    }

    private string Write(string name, object settings) => folder.Write(name, JsonSerializer.Serialize(settings));
}
