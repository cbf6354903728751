using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.Host.Nodes;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Host.Tests.Security;

/// <summary>A node with both listeners encrypted, and the commands that connect to them.</summary>
public sealed class TlsNodeTests : IAsyncLifetime
{
    private const string Rules =
        """
        {"tokens":[{"name":"ops","token":"ops-s3cr3t-0123456789abcdef","sources":["*"],"read":["*"]}],
         "certificates":[{"name":"desk","san":"desk.example","read":["*"]}]}
        """;

    private readonly TemporaryFolder folder = new();
    private readonly X509Certificate2 authority = Certificates.MakeAuthority("CN=authority");
    private GuardedNode node = null!;

    private Node Node => node.Node;

    public async Task InitializeAsync()
    {
        File.WriteAllText(InFolder("authority.crt"), authority.ExportCertificatePem());
        File.WriteAllText(InFolder("token"), "ops-s3cr3t-0123456789abcdef\n");
        WriteServer("CN=first");
        using var desk = Certificates.Make("CN=desk", names => names.AddDnsName("desk.example"), authority);
        File.WriteAllText(InFolder("desk.pem"), Pem(desk));
        node = await GuardedNode.StartAsync(Rules, change: options => options with
        {
            Tls = new TlsOptions
            {
                Certificate = InFolder("node.crt"), Key = InFolder("node.key"), ClientAuthority = InFolder("authority.crt"),
            },
        });
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        authority.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Commands_GoThroughBothDoors_WithATokenFromAFile()
    {
        File.WriteAllText(InFolder("ticks.ndjson"), """{"symbol":"A","ts":"2024-07-09T14:30:00Z","price":1,"size":1}""" + "\n");
        string[] known = ["--ca", InFolder("authority.crt"), "--token-file", InFolder("token")];

        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(
            ["feed", InFolder("ticks.ndjson"), "--to", $"127.0.0.1:{Node.Ingest.Address.Port}", "--tls-name", "node.example", .. known]));
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["state", "A", "--node", Node.Http[0].ToString(), .. known]));
        Assert.Equal(Uri.UriSchemeHttps, Node.Http[0].Scheme);
    }

    [Fact]
    public async Task Commands_AreRefused_WithoutATokenOrTheRightAuthority()
    {
        var url = Node.Http[0].ToString();
        File.WriteAllText(InFolder("ticks.ndjson"), """{"symbol":"A","ts":"2024-07-09T14:30:00Z","price":1,"size":1}""" + "\n");
        using var stranger = Certificates.MakeAuthority("CN=stranger");
        File.WriteAllText(InFolder("stranger.crt"), stranger.ExportCertificatePem());

        Assert.Equal(ExitCode.NoNode, await CommandLine.RunAsync(["symbols", "--node", url, "--ca", InFolder("authority.crt")]));
        Assert.Equal(
            ExitCode.NoNode,
            await CommandLine.RunAsync(["symbols", "--node", url, "--ca", InFolder("stranger.crt"), "--token-file", InFolder("token")]));
        Assert.Equal(ExitCode.BadOutput, await CommandLine.RunAsync(
            ["feed", InFolder("ticks.ndjson"), "--to", $"127.0.0.1:{Node.Ingest.Address.Port}", "--ca", InFolder("stranger.crt"),
                "--token-file", InFolder("token")]));
        Assert.Equal(
            ExitCode.Usage,
            await CommandLine.RunAsync(
                ["symbols", "--node", url.Replace("https", "http", StringComparison.Ordinal), "--ca", InFolder("authority.crt")]));
    }

    [Fact]
    public async Task ConnectionWithoutAHandshake_HasALineInTheAuditLog()
    {
        using var client = await TestKit.Ingest.LineClient.ConnectAsync(Node.Ingest.Address);
        await client.SendAsync("no handshake at all, and more bytes than the head of a record of TLS has\n");
        await Until.True(
            () => AuditReader.Newest(Node.Audit.Folder, 1)[0].GetProperty("outcome").GetString() == "refused", "the line is written");
        var line = AuditReader.Newest(Node.Audit.Folder, 1)[0];
        Assert.Equal(("unknown", "tcp", "tls_failed"), (Text("caller"), Text("door"), Text("reason")));

        string? Text(string name) => line.GetProperty(name).GetString();
    }

    [Fact]
    public async Task SessionOfABrowser_HasACookieThatIsSentEncryptedOnly()
    {
        using var handler = new SocketsHttpHandler { UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        using var client = new HttpClient(handler) { BaseAddress = Node.Http[0] };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/session")
        {
            Content = new StringContent("""{"token":"ops-s3cr3t-0123456789abcdef"}"""),
        };
        request.Headers.Add("Origin", Node.Http[0].ToString().TrimEnd('/'));
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("; secure", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task ClientCertificate_IsAsGoodAsAToken()
    {
        string[] shown = ["--ca", InFolder("authority.crt"), "--certificate", InFolder("desk.pem")];

        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["ledger", "--node", Node.Http[0].ToString(), .. shown]));
        Assert.Equal(
            ExitCode.NoNode, await CommandLine.RunAsync(["subscriptions", "add", "A", "--node", Node.Http[0].ToString(), .. shown]));
    }

    [Fact]
    public async Task RenewedCertificate_IsShownAtBothDoors_AndOpenConnectionsGoOn()
    {
        using var client = Client();
        using (var before = await client.GetAsync("/health/live")) Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        WriteServer("CN=second");
        Assert.True(Node.Security.Certificate!.Reload());

        using (var after = await client.GetAsync("/health/live")) Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal("CN=second", await SubjectAsync(Node.Ingest.Address.Port));
        Assert.Equal("CN=second", await SubjectAsync(Node.Http[0].Port));
    }

    [Fact]
    public async Task PlainHttp_IsNotAnswered()
    {
        using var client = new HttpClient();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync($"http://127.0.0.1:{Node.Http[0].Port}/health/live"));
    }

    [Fact]
    public async Task NodeWhoseCertificateOrRulesCannotBeRead_DoesNotStart()
    {
        var options = RunningNode.Options(folder.Path);
        var absent = InFolder("absent");
        foreach (var broken in new[] { options with { Access = absent }, options with { Tls = new TlsOptions { Certificate = absent } } })
        {
            var refused = await Assert.ThrowsAsync<CommandException>(() => Node.StartAsync(broken));
            Assert.Equal(ExitCode.BadInput, refused.ExitCode);
            Assert.Contains(absent, refused.Message, StringComparison.Ordinal);
        }
    }

    private static string Pem(X509Certificate2 certificate) =>
        $"{certificate.ExportCertificatePem()}\n{certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}\n";

    private static async Task<string> SubjectAsync(int port)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync("node.example");
        return stream.RemoteCertificate!.Subject;
    }

    private string InFolder(string name) => folder.File(name);

    private void WriteServer(string subject)
    {
        using var server = Certificates.Make(subject, names =>
        {
            names.AddDnsName("node.example");
            names.AddIpAddress(IPAddress.Loopback);
        }, authority);
        File.WriteAllText(InFolder("node.crt"), server.ExportCertificatePem());
        File.WriteAllText(InFolder("node.key"), server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private HttpClient Client()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        return new HttpClient(handler) { BaseAddress = Node.Http[0] };
    }
}
