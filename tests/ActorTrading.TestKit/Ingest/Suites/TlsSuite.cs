using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.Client;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Engine.Ingest.Connections;
using ActorTrading.Engine.Ingest.Tls;
using Xunit;

namespace ActorTrading.TestKit.Ingest.Suites;

/// <summary>An encrypted listener: whom it lets in, whom not, and certificates that are renewed.</summary>
public abstract class TlsSuite<TListeners>(TListeners listeners) : IClassFixture<TListeners>, IDisposable
    where TListeners : class, IListeners
{
    private static readonly Source Feed = Source.Parse("feed-1");

    private readonly TemporaryFolder folder = new();
    private readonly X509Certificate2 authority = Certificates.MakeAuthority("CN=authority");
    private readonly ConcurrentQueue<ConnectionStatus> closed = new();
    private readonly List<string> notices = [];

    public void Dispose()
    {
        authority.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EncryptedFeed_IsAcknowledgedLikeAnyOther(bool binary)
    {
        using var file = CertificateFile.Open(WritePem("CN=server", "node.example"));
        await using var engine = new ControlledEngine();
        await using var listener = Listen(engine, file);
        await using var client = new FeedClient(Options(listener) with { Binary = binary });
        await client.SendAsync(Ticks.Many(20_000));
        await client.FlushAsync().WaitAsync(Until.Limit);
        Assert.Equal((20_000L, 1L), (engine.Durable, client.Status.Connections));
    }

    [Fact]
    public async Task ServerOfAnotherName_OrAuthority_IsNotSentAnything()
    {
        using var stranger = Certificates.MakeAuthority("CN=stranger");
        using var file = CertificateFile.Open(WritePem("CN=server", "node.example"));
        await using var engine = new ControlledEngine();
        await using var listener = Listen(engine, file);
        var good = Options(listener).Tls!;
        foreach (var tls in new[] { good with { HostName = "other.example" }, good with { Authorities = [stranger] } })
        {
            await using var client = new FeedClient(Options(listener) with { Tls = tls });
            Assert.Equal(IngestError.TlsFailed, await RefusalOf(client));
        }

        Assert.Equal(0, engine.Durable);
    }

    [Fact]
    public async Task ClientWithoutEncryption_AndOneThatNeverShakesHands_AreClosed_AndOthersGoOn()
    {
        var time = new ManualTime();
        using var file = CertificateFile.Open(WritePem("CN=server", "node.example"), null, time);
        await using var engine = new ControlledEngine();
        await using var listener = Listen(engine, file, time);
        using var silent = await LineClient.ConnectAsync(listener.Address);
        using var plain = await LineClient.ConnectAsync(listener.Address);
        await plain.SendAsync("{\"hello\":\"feed-1\"}\n");
        await Until.True(() => closed.Count == 1, "who speaks no TLS is closed");
        await Until.True(() => listener.Totals.Open == 1, "one is left");
        for (var i = 0; i < 4; i++)
        {
            await silent.SendAsync(new byte[] { 22 }.AsMemory(0, i == 0 ? 1 : 0)); // a byte of a handshake, and no more
            time.Advance(TimeSpan.FromSeconds(4));
        }

        await Until.True(() => closed.Count == 2, "who never ends his handshake is closed");
        Assert.All(closed, status => Assert.Equal(IngestError.TlsFailed, status.Error!.Code));
        await using var client = new FeedClient(Options(listener));
        await client.SendAsync(Ticks.Many(10));
        await client.FlushAsync().WaitAsync(Until.Limit);
        Assert.Equal(10, engine.Durable);
    }

    [Fact]
    public async Task RenewedCertificate_IsForNewConnections_AndABrokenOneForNobody()
    {
        var options = WritePem("CN=first", "node.example");
        using var file = CertificateFile.Open(options, notices.Add, new ManualTime());
        await using var engine = new ControlledEngine();
        await using var listener = Listen(engine, file);
        await using var before = new FeedClient(Options(listener));
        await before.SendAsync(Ticks.Many(10));
        await before.FlushAsync().WaitAsync(Until.Limit);

        Assert.False(file.Reload());
        WritePem("CN=second", "new.example");
        Assert.True(file.Reload());
        Assert.Equal("CN=second", file.Current.Subject);
        await using var after = new FeedClient(Options(listener, "new.example") with { Source = Source.Parse("feed-2") });
        await after.SendAsync(Ticks.Many(10));
        await after.FlushAsync().WaitAsync(Until.Limit);
        await before.SendAsync(Ticks.Many(10));
        await before.FlushAsync().WaitAsync(Until.Limit);
        Assert.Equal((1L, 1L), (before.Status.Connections, after.Status.Connections));

        await File.WriteAllTextAsync(options.Certificate, "nonsense");
        Assert.False(file.Reload());
        Assert.False(file.Reload());
        Assert.Equal("CN=second", file.Current.Subject);
        Assert.Equal(2, notices.Count);
        Assert.Contains("stays in use: ", notices[1]);
    }

    [Fact]
    public async Task ClientCertificate_SaysWhoSends_AndWithoutOneNobodyComesIn()
    {
        using var own = Certificates.Make("CN=feed-1", null, authority);
        using var usable = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        using var foreign = Certificates.Make("CN=feed-1");
        using var foreignUsable = X509CertificateLoader.LoadPkcs12(foreign.Export(X509ContentType.Pkcs12), null);
        await File.WriteAllTextAsync(folder.File("ca.pem"), authority.ExportCertificatePem());
        await File.WriteAllTextAsync(folder.File("access.json"), """{"certificates":[{"subject":"CN=feed-1","sources":["feed-1"]}]}""");
        using var rules = AccessRules.Load(folder.File("access.json"));
        using var file = CertificateFile.Open(
            WritePem("CN=server", "node.example") with { ClientAuthority = folder.File("ca.pem"), RequireClientCertificate = true });
        await using var engine = new ControlledEngine();
        await using var listener = Listen(engine, file, null, rules);
        await using var client = new FeedClient(Options(listener) with { Tls = Options(listener).Tls! with { Certificate = usable } });
        await client.SendAsync(Ticks.Many(10));
        await client.FlushAsync().WaitAsync(Until.Limit);
        Assert.Equal(10, engine.Durable);

        await using var other = new FeedClient(
            Options(listener) with { Source = Source.Parse("feed-2"), Tls = Options(listener).Tls! with { Certificate = usable } });
        Assert.Equal(IngestError.NotAllowed, await RefusalOf(other));
        foreach (var certificate in new[] { null, foreignUsable })
        {
            var count = closed.Count;
            await using var turnedAway = new FeedClient(
                Options(listener) with { Tls = Options(listener).Tls! with { Certificate = certificate } });
            await Until.True(() => closed.Skip(count).Any(status => status.Error?.Code == IngestError.TlsFailed), "it is turned away");
        }

        Assert.Equal(10, engine.Durable);
    }

    private static async Task<string> RefusalOf(FeedClient client) => (await Assert.ThrowsAsync<FeedRefusedException>(async () =>
    {
        await client.SendAsync(Ticks.Many(1));
        await client.FlushAsync().WaitAsync(Until.Limit);
    })).Code;

    private TlsOptions WritePem(string subject, string name) => Certificates.WritePem(folder, subject, name, authority);

    private IngestListener Listen(
        ControlledEngine engine, CertificateFile file, TimeProvider? time = null, AccessRules? rules = null) => listeners.Open(
        new IngestPipeline(engine),
        new IngestOptions { Address = new IPEndPoint(IPAddress.Loopback, 0), Tls = file, Access = rules, OnClosed = closed.Enqueue }, time);

    private FeedOptions Options(IngestListener listener, string host = "node.example") => new()
    {
        Source = Feed, Port = listener.Address.Port, FirstBackOff = TimeSpan.FromMilliseconds(1), MaxBackOff = TimeSpan.FromMilliseconds(5),
        Tls = new FeedTls { HostName = host, Authorities = [authority] },
    };
}
