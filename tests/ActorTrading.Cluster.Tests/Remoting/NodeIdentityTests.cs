using System.Net.Security;
using System.Security.Authentication;
using ActorTrading.Cluster.Remoting;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>Whom a node takes for a node, on either side of a connection.</summary>
public sealed class NodeIdentityTests : IDisposable
{
    private readonly NodePapers papers = new();
    private readonly CancellationTokenSource patience = new(EngineReading.Patience);

    public void Dispose()
    {
        patience.Dispose();
        papers.Dispose();
    }

    [Fact]
    public async Task NodesOfOneAuthority_HearEachOther()
    {
        using var one = papers.IdentityOf("cluster");
        using var other = papers.IdentityOf("cluster");
        var (called, caller) = await MeetAsync(one, other);
        await using var there = await called;
        await using var here = await caller;
        Assert.True(here.IsMutuallyAuthenticated && there.IsMutuallyAuthenticated && here.IsEncrypted);
        await here.WriteAsync("tick"u8.ToArray(), patience.Token);
        var heard = new byte[4];
        await there.ReadExactlyAsync(heard, patience.Token);
        Assert.Equal("tick"u8, heard);
    }

    [Fact]
    public async Task StrangerWhoConnects_IsTurnedAway_ThoughItBelievesTheNode()
    {
        using var node = papers.IdentityOf("cluster");
        using var stranger = papers.IdentityOf("elsewhere", believes: "cluster");
        var (called, caller) = await MeetAsync(node, stranger);
        Assert.Contains("'CN=node.cluster of elsewhere' is not good", (await Assert.ThrowsAsync<AuthenticationException>(() => called)).Message, StringComparison.Ordinal);
        await HearsNothingAsync(caller);
    }

    [Fact]
    public async Task StrangerWhoIsConnectedTo_HearsNothing_ThoughItBelievesTheNode()
    {
        using var node = papers.IdentityOf("cluster");
        using var stranger = papers.IdentityOf("elsewhere", believes: "cluster");
        var (called, caller) = await MeetAsync(stranger, node);
        Assert.Contains("'CN=node.cluster of elsewhere' is not good", (await Assert.ThrowsAsync<AuthenticationException>(() => caller)).Message, StringComparison.Ordinal);
        await HearsNothingAsync(called);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NameThatEveryNodeMustHave_IsLookedForOnBothSides(bool isCalled)
    {
        using var node = papers.IdentityOf("company", wanted: "node.cluster");
        using var colleague = papers.IdentityOf("company", name: "feed.company"); // of the same authority, and no node
        var (called, caller) = isCalled ? await MeetAsync(colleague, node) : await MeetAsync(node, colleague);
        var refused = await Assert.ThrowsAsync<AuthenticationException>(() => isCalled ? caller : called);
        Assert.Contains(isCalled ? "not of the address" : "has not the name 'node.cluster'", refused.Message, StringComparison.Ordinal);
        await HearsNothingAsync(isCalled ? called : caller);
    }

    [Fact]
    public async Task NodeWithTheName_IsTakenWhereverItIsFound()
    {
        using var one = papers.IdentityOf("company", wanted: "node.cluster");
        using var other = papers.IdentityOf("company", wanted: "node.cluster");
        var (called, caller) = await MeetAsync(one, other, host: "10.0.0.99");
        await (await called).DisposeAsync();
        await (await caller).DisposeAsync();
    }

    [Fact]
    public async Task CertificateOfAnotherAddress_IsNotBelieved_WhereNoNameIsWanted()
    {
        using var one = papers.IdentityOf("cluster");
        using var other = papers.IdentityOf("cluster");
        var (called, caller) = await MeetAsync(one, other, host: "10.0.0.99");
        Assert.Contains("not of the address", (await Assert.ThrowsAsync<AuthenticationException>(() => caller)).Message, StringComparison.Ordinal);
        await HearsNothingAsync(called);
    }

    [Theory]
    [InlineData("1.3.6.1.5.5.7.3.1", false)] // serverAuth
    [InlineData("1.3.6.1.5.5.7.3.2", true)] // clientAuth
    public async Task CertificateThatIsMadeForOneSide_IsNotTakenOnTheOther(string use, bool isCalled)
    {
        using var node = papers.IdentityOf("cluster");
        using var other = papers.IdentityOf("cluster", use: use);
        var (called, caller) = isCalled ? await MeetAsync(other, node) : await MeetAsync(node, other);
        Assert.Contains("is not good", (await Assert.ThrowsAsync<AuthenticationException>(() => isCalled ? caller : called)).Message, StringComparison.Ordinal);
        await HearsNothingAsync(isCalled ? called : caller);
    }

    [Fact]
    public async Task CallerWithoutACertificate_IsTurnedAway()
    {
        using var node = papers.IdentityOf("cluster");
        var (here, there) = await Loopback.ConnectAsync();
        var called = node.AcceptAsync(there, patience.Token);
        await using var caller = new SslStream(here);
        try
        {
            await caller.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", RemoteCertificateValidationCallback = (_, _, _, _) => true }, patience.Token);
            Assert.Equal(0, await caller.ReadAsync(new byte[16], patience.Token)); // no welcome
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
        }

        Assert.Equal("it shows no certificate", (await Assert.ThrowsAsync<AuthenticationException>(() => called)).Message);
    }

    [Fact]
    public async Task CallerWithoutEncryption_IsTurnedAway()
    {
        using var node = papers.IdentityOf("cluster");
        var (here, there) = await Loopback.ConnectAsync();
        var called = node.AcceptAsync(there, patience.Token);
        await here.WriteAsync("\x20\0\0\0 an association of Akka's, say, without TLS"u8.ToArray(), patience.Token);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => called);
        Assert.True(refused is AuthenticationException or IOException, refused.ToString());
        await here.DisposeAsync();
    }

    [Fact]
    public async Task ServerOfTheAuthority_ThatIsNoNode_IsNotTakenForOne()
    {
        using var other = papers.IdentityOf("cluster");
        using var file = Engine.Ingest.CertificateFile.Open(new Engine.Ingest.TlsOptions { Certificate = papers.Of("cluster").Certificate });
        var (here, there) = await Loopback.ConnectAsync();
        var caller = other.ConnectAsync(here, "127.0.0.1", patience.Token);
        await using var web = new SslStream(there);
        await web.AuthenticateAsServerAsync(file.ServerOptions(), patience.Token);
        await web.WriteAsync("HTTP/1.1 400 Bad Request"u8.ToArray(), patience.Token);
        Assert.Contains("no node of this cluster", (await Assert.ThrowsAsync<AuthenticationException>(() => caller)).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The other side of who refused has no connection, or one that ends before a message came: in TLS 1.3 a handshake may be over there before the certificate is looked at here.
    /// </summary>
    private async Task HearsNothingAsync(Task<SslStream> other)
    {
        try
        {
            await using var stream = await other;
            Assert.Equal(0, await stream.ReadAsync(new byte[16], patience.Token));
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
        }
    }

    private async Task<(Task<SslStream> Called, Task<SslStream> Caller)> MeetAsync(NodeIdentity called, NodeIdentity caller, string host = "127.0.0.1")
    {
        var (here, there) = await Loopback.ConnectAsync();
        var both = (called.AcceptAsync(there, patience.Token), caller.ConnectAsync(here, host, patience.Token));
        await Task.WhenAny(Task.WhenAll(both.Item1, both.Item2), Task.Delay(Timeout.Infinite, patience.Token));
        return both;
    }
}
