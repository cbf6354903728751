using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>
/// Connections that Akka.Remote's own TLS accepts with this project's certificates, on both sides; and what it cannot check.
/// </summary>
public sealed class TlsPortTests : IDisposable
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    private const int HandshakeFailed = 79;

    private static readonly DateTimeOffset Yesterday = DateTimeOffset.UtcNow.AddHours(-1);

    private readonly NodePapers papers = new();
    private readonly CancellationTokenSource patience = new(EngineReading.Timeout);

    public void Dispose()
    {
        patience.Dispose();
        papers.Dispose();
    }

    [Fact]
    public async Task NodeOfTheAuthority_IsAnswered_ByTls12()
    {
        using var port = new TlsPort(papers.Of("cluster"));
        await using var caller = await ConnectAsync(port, papers.Of("cluster"));
        Assert.Equal(SslProtocols.Tls12, caller.SslProtocol); // DotNetty supports no later version
        await caller.WriteAsync(Hello(), patience.Token);
        Assert.True(await caller.ReadAsync(new byte[16], patience.Token) > 0);
    }

    [Fact]
    public async Task NodeOfTheAuthority_IsConnectedTo()
    {
        using var one = new TlsPort(papers.Of("cluster"));
        using var other = new TlsPort(papers.Of("cluster"));
        await one.ReachAsync(other.Port, patience.Token);
        Assert.Null(one.Ending);
    }

    [Fact]
    public async Task CallerOfAnotherAuthority_HearsNothing() =>
        await AssertTurnedAwayAsync(
            papers.Of("cluster"), papers.Of("elsewhere"), "'CN=node.cluster of elsewhere' is not valid: PartialChain");

    [Fact]
    public async Task CallerWhoseCertificateHasRunOut_HearsNothing() =>
        await AssertTurnedAwayAsync(papers.Of("cluster"), papers.Of("cluster", until: Yesterday), "is not valid: NotTimeValid");

    [Theory]
    [InlineData(ServerAuth)]
    [InlineData(ClientAuth)]
    public async Task CallerWhoseCertificateIsForOneSideOnly_HearsNothing(string use) =>
        await AssertTurnedAwayAsync(papers.Of("cluster"), papers.Of("cluster", use: use), "is not valid: NotValidForUsage");

    [Fact]
    public async Task CallerWithoutTheName_HearsNothing() =>
        await AssertTurnedAwayAsync(
            papers.Of("company", wanted: "node.cluster"), papers.Of("company", name: "feed.company"), "lacks the name 'node.cluster'");

    [Fact]
    public async Task CallerWithoutACertificate_HearsNothing() =>
        await AssertTurnedAwayAsync(papers.Of("cluster"), null, "did not provide a certificate");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallerWithoutEncryption_HearsNothing(bool isSilent)
    {
        using var port = new TlsPort(papers.Of("cluster"));
        using var caller = new TcpClient();
        await caller.ConnectAsync(IPAddress.Loopback, port.Port, patience.Token);
        var stream = caller.GetStream();
        if (!isSilent) await stream.WriteAsync(Hello(), patience.Token);
        var said = new MemoryStream();
        await ReadToEndAsync(stream, said); // soon: a silent connection has the connection timeout as its limit
        Assert.DoesNotContain("trading", Encoding.Latin1.GetString(said.ToArray()), StringComparison.Ordinal);
        Assert.Null(port.Ending);
    }

    [Theory]
    [InlineData("another authority", "is not valid: PartialChain")]
    [InlineData("run out", "is not valid: NotTimeValid")]
    [InlineData("for clients only", "is not valid: NotValidForUsage")]
    [InlineData("another address", "does not match the address")]
    [InlineData("another name", "lacks the name 'node.cluster'")]
    public async Task StrangerWhoIsConnectedTo_HearsNothing_AndTheNodeThatCalledEnds(string kind, string reason)
    {
        var shown = kind switch
        {
            "another authority" => papers.Of("elsewhere"),
            "run out" => papers.Of("cluster", until: Yesterday),
            "for clients only" => papers.Of("cluster", use: ClientAuth),
            "another name" => papers.Of("cluster", name: "feed.company"),
            _ => papers.Of("cluster"),
        };
        using var port = new TlsPort(papers.Of("cluster", wanted: kind == "another name" ? "node.cluster" : null));
        using var listener = new TcpListener(IPAddress.Loopback, FreePort.Next()); // nodes of other tests do not connect to such a port
        listener.Start();
        port.Call(((IPEndPoint)listener.LocalEndpoint).Port, kind == "another address" ? "localhost" : "127.0.0.1");
        using var called = await listener.AcceptTcpClientAsync(patience.Token);
        await using var stream = new SslStream(called.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = Read(shown), ClientCertificateRequired = true }, patience.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
        }

        await port.UntilSaidAsync(reason, patience.Token);
        await port.UntilEndingAsync(patience.Token);
        Assert.Equal(HandshakeFailed, port.Ending!.ExitCode); // Akka.NET #7839: such a node does not stay
        var said = new MemoryStream();
        if (stream.IsAuthenticated) await ReadToEndAsync(stream, said);
        Assert.Equal(0, said.Length);
    }

    [Fact]
    public async Task WhatIsSaidFirst_CannotBeRead_AndAPeerThatBreaksOff_EndsTheNodeThatCalled()
    {
        using var port = new TlsPort(papers.Of("cluster"));
        using var listener = new TcpListener(IPAddress.Loopback, FreePort.Next());
        listener.Start();
        port.Call(((IPEndPoint)listener.LocalEndpoint).Port);
        var said = new byte[4_096];
        int length;
        using (var called = await listener.AcceptTcpClientAsync(patience.Token))
            length = await called.GetStream().ReadAsync(said, patience.Token);
        Assert.Equal([0x16, 0x03], said[..2]); // a TLS handshake
        Assert.DoesNotContain("secret", Encoding.Latin1.GetString(said, 0, length), StringComparison.Ordinal);
        await port.UntilEndingAsync(patience.Token);
        Assert.Equal(HandshakeFailed, port.Ending!.ExitCode);
    }

    private async Task AssertTurnedAwayAsync(NodeTls node, NodeTls? caller, string reason)
    {
        using var port = new TlsPort(node);
        var said = new MemoryStream();
        try
        {
            await using var stream = await ConnectAsync(port, caller);
            await stream.WriteAsync(Hello(), patience.Token);
            await ReadToEndAsync(stream, said);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
        }

        Assert.Equal(0, said.Length);
        await port.UntilSaidAsync(reason, patience.Token);
        Assert.Null(port.Ending);
    }

    /// <summary>Connects like a node, whatever certificate the other side presents.</summary>
    private async Task<SslStream> ConnectAsync(TlsPort port, NodeTls? shown)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port.Port, patience.Token);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1", RemoteCertificateValidationCallback = (_, _, _, _) => true,
        };
        if (shown is not null) options.ClientCertificates = [Read(shown)];
        try
        {
            await stream.AuthenticateAsClientAsync(options, patience.Token);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private async Task ReadToEndAsync(Stream from, MemoryStream to)
    {
        try
        {
            await from.CopyToAsync(to, patience.Token);
        }
        catch (IOException)
        {
        }
    }

    private static byte[] Hello() => Frames.Hello("trading", 9, uid: 9, protocol: "ssl.tcp");

    private static X509Certificate2 Read(NodeTls tls)
    {
        using var read = X509Certificate2.CreateFromPemFile(tls.Certificate);
        return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
    }
}
