using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ActorTrading.Client;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Connections;
using ActorTrading.Engine.Ingest.Tls;
using Xunit;

namespace ActorTrading.TestKit.Ingest.Suites;

/// <summary>Clients that say nothing, say it late, or speak another protocol: they keep nobody out.</summary>
public abstract class StrangersSuite<TListeners>(TListeners listeners) : IClassFixture<TListeners>
    where TListeners : class, IListeners
{
    private const int Silent = 300;

    private static readonly IngestOptions Loopback = new() { Address = new IPEndPoint(IPAddress.Loopback, 0) };

    [Fact]
    public async Task RequestOfABrowser_IsAnsweredInHttp_AndItsBodyIsNotTaken()
    {
        var closed = new ConcurrentQueue<ConnectionStatus>();
        await using var engine = new ControlledEngine();
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback with { HttpPort = 5000, OnClosed = closed.Enqueue });
        using var browser = await LineClient.ConnectAsync(listener.Address);
        var body = Encoding.UTF8.GetString(Ticks.Text(Ticks.Many(100)));
        await browser.SendAsync($"POST /ingest HTTP/1.1\r\nHost: {listener.Address}\r\nOrigin: https://elsewhere.example\r\n"
            + $"Content-Type: text/plain\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        Assert.Equal("HTTP/1.1 400 Bad Request\r", await browser.LineAsync());
        await browser.LineWithAsync("which port 5000 speaks");
        Assert.Null(await browser.LineAsync());
        browser.Dispose();
        await Until.True(() => closed.Count == 1, "it is over");
        Assert.Equal((IngestError.WrongProtocol, 0L, 0L), (closed.Single().Error!.Code, closed.Single().Records, closed.Single().Rejected));

        using var encrypted = await LineClient.ConnectAsync(listener.Address);
        await encrypted.SendAsync(new byte[] { 0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3 });
        await encrypted.LineWithAsync("\"code\":\"wrong_protocol\"");
        Assert.Equal(0, engine.Durable);
    }

    [Fact]
    public async Task SilentSockets_KeepNobodyOut_AndAreClosedInTime()
    {
        var time = new ManualTime();
        await using var listener = await SharedListener.OpenAsync(listeners, new IngestOptions { MaxConnections = 3 }, time);
        var silent = await ConnectAsync(listener.Listener, Silent);
        try
        {
            await Until.True(() => listener.Closed.Count == Silent - 256, "the oldest were closed, as their address had too many");
            Assert.All(listener.Closed, status => Assert.Equal(IngestError.TooManyConnections, status.Error?.Code));
            await silent[0].LineWithAsync("\"code\":\"too_many_connections\"");
            await listener.NeighbourGoesOnAsync();
            using (var sender = await listener.ConnectAsync("feed-1"))
            {
                await sender.SendAsync(Ticks.Text(Ticks.Many(3)));
                await sender.LineWithAsync("""{"ack":3,"handled":3}""");
            }

            using var unnamed = await listener.ConnectAsync(null);
            await unnamed.SendAsync(Ticks.Text(Ticks.Many(1)));
            await unnamed.IsReadAsync(listener.Listener);
            await silent[^1].SendAsync("\n{\"hello\":"); // a sign of life is no hello
            await silent[^1].IsReadAsync(listener.Listener);
            time.Advance(TimeSpan.FromSeconds(3));
            await silent[^1].SendAsync(" ");
            await silent[^1].IsReadAsync(listener.Listener);
            time.Advance(TimeSpan.FromSeconds(3));
            await silent[^1].LineWithAsync("\"code\":\"hello_timeout\"");
            Assert.Null(await silent[^1].LineAsync());
            await Until.True(time, TimeSpan.FromSeconds(1), () => listener.Listener.Totals.Open == 2, "those that sent a record are left");
            Assert.Equal(0, listener.Listener.Totals.Pending);
            await Until.True(
                () => listener.Closed.Count(status => status.Error is { Code: IngestError.HelloTimeout or IngestError.TooManyConnections })
                    == Silent,
                "each is told of");
            await listener.NeighbourGoesOnAsync();
        }
        finally
        {
            foreach (var client in silent) client.Dispose();
        }
    }

    [Fact]
    public async Task SilentSocketsOfManyAddresses_AreBoundedInAll()
    {
        await using var listener = await SharedListener.OpenAsync(listeners, new IngestOptions { MaxPending = 20 });
        var silent = await ConnectAsync(listener.Listener, 100);
        await Until.True(() => listener.Closed.Count == 80, "the oldest are closed");
        Assert.Equal((20, 80L), (listener.Listener.Totals.Pending, listener.Listener.Totals.Evicted));
        await listener.NeighbourGoesOnAsync();
        foreach (var client in silent) client.Dispose();
        await listener.OthersHaveGoneAsync();
    }

    [Fact]
    public async Task HandshakesThatDoNotEnd_KeepNobodyOut_AndAreClosedInTime()
    {
        using var folder = new TemporaryFolder();
        using var authority = Certificates.MakeAuthority("CN=authority");
        var time = new ManualTime();
        using var file = CertificateFile.Open(Certificates.WritePem(folder, "CN=server", "node.example", authority), null, time);
        await using var engine = new ControlledEngine();
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback with { Tls = file, MaxPending = 20 }, time);
        var silent = await ConnectAsync(listener, 100);
        Assert.Equal(100, listener.Totals.Pending); // all may be in the middle of a handshake
        time.Advance(TimeSpan.FromSeconds(1));
        silent.AddRange(await ConnectAsync(listener, 1));
        await Until.True(() => listener.Totals.Open <= 20, "the oldest are closed");
        await SendEncryptedAsync(listener, authority);
        Assert.Equal(10, engine.Durable);
        await silent[^1].SendAsync(new byte[] { 0x16 });
        time.Advance(TimeSpan.FromSeconds(5));
        await Until.True(() => listener.Totals.Pending == 0, "no handshake takes longer than 5 s");
        foreach (var client in silent) client.Dispose();
    }

    [Fact]
    public async Task CallerWithAQuotaOfConnections_HasNoMore_AndItsNewerConnectionTakesThePlaceOfItsOlder()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("access.json");
        await File.WriteAllTextAsync(path, Tokens.Lengthen("""
            {"tokens":[{"name":"desk","token":"secret","sources":["*"],"limits":{"connections":1}},{"token":"other","sources":["*"]}]}
            """));
        using var rules = AccessRules.Load(path);
        await using var engine = new ControlledEngine();
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback with { Access = rules });
        using var first = await HelloAsync(listener, "feed-1", "secret", "hello");
        using (await HelloAsync(listener, "feed-2", "secret", "desk has reached its connection limit"))
        using (await HelloAsync(listener, "feed-2", "other", "hello"))
        using (await HelloAsync(listener, "feed-3", "other", "hello"))
        {
            using var newer = await HelloAsync(listener, "feed-1", "secret", "hello");
            await first.LineWithAsync("superseded");
            first.Dispose();
            await Until.True(() => listener.Connections.Count(status => status.Source?.Name == "feed-1") == 1, "the older one has gone");
            using (await HelloAsync(listener, "feed-2", "secret", "too_many_connections"))
            {
                newer.Dispose();
                await Until.True(() => listener.Connections.All(status => status.Source?.Name != "feed-1"), "its connection has gone");
            }

            using var next = await HelloAsync(listener, "feed-2", "secret", "hello");
        }
    }

    private static async Task<LineClient> HelloAsync(IngestListener listener, string source, string token, string answer)
    {
        var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync($"{{\"hello\":\"{source}\",\"token\":\"{token}\"}}\n");
        await client.LineWithAsync(answer);
        return client;
    }

    private static async Task<List<LineClient>> ConnectAsync(IngestListener listener, int count)
    {
        var clients = new List<LineClient>();
        for (var i = 0; i < count; i++)
        {
            var (before, client) = (listener.Totals.Connections, await LineClient.ConnectAsync(listener.Address));
            clients.Add(client);
            await Until.True(() => listener.Totals.Connections > before, "it is taken");
        }

        return clients;
    }

    private static async Task SendEncryptedAsync(IngestListener listener, X509Certificate2 authority)
    {
        await using var client = new Engine.Ingest.Client.FeedClient(new Engine.Ingest.Client.FeedOptions
        {
            Source = Domain.Values.Source.Parse("feed-1"), Port = listener.Address.Port,
            FirstBackOff = TimeSpan.FromMilliseconds(1), MaxBackOff = TimeSpan.FromMilliseconds(5),
            Tls = new FeedTls { HostName = "node.example", Authorities = [authority] },
        });
        await client.SendAsync(Ticks.Many(10));
        await client.FlushAsync().WaitAsync(Until.Limit);
    }
}
