using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using ActorTrading.Host.Nodes;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Host.Tests.Security;

/// <summary>The host names that the HTTP port accepts, and the time limit for silent connections.</summary>
public sealed class StrangerTests
{
    private const string Tick = """{"symbol":"A","ts":"2024-07-09T14:30:00Z","price":1,"size":1}""";
    private const string Anonymous = """{"anonymous":{"read":["*"]}}""";

    [Theory]
    [InlineData("127.0.0.1:5000", null, true)]
    [InlineData("192.0.2.7", null, true)] // no name can resolve to this node by an address
    [InlineData("[2001:db8::1]:5000", null, true)]
    [InlineData("localhost:5000", null, true)]
    [InlineData("a.localhost", null, true)]
    [InlineData("node-1.example:5000", null, true)] // cluster:host
    [InlineData("desk.example", null, true)] // http:origins
    [InlineData("rebound.example:5000", null, false)]
    [InlineData("localhost.rebound.example", null, false)]
    [InlineData("rebound.example", "trading.example,*.pods", false)]
    [InlineData("pods", "trading.example,*.pods", false)]
    [InlineData("TRADING.example.:5000", "trading.example,*.pods", true)]
    [InlineData("a.pods", "trading.example,*.pods", true)]
    [InlineData("rebound.example", "*", true)]
    public async Task NodeWithoutRules_IsCalledByItsNamesOnly(string host, string? hosts, bool isServed)
    {
        await using var node = await RunningNode.StartAsync(change: options => Open(options, hosts));
        Assert.Equal(isServed ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest, await StatusAsync(node, host));
        if (isServed) return;
        using var tick = new HttpRequestMessage(HttpMethod.Post, "/ingest") { Content = new StringContent(Tick) };
        tick.Headers.Host = host;
        tick.Headers.Add("Origin", $"http://{host}"); // for the browser, a page of that name is the node's own
        using var answer = await node.Client.SendAsync(tick);
        Assert.Equal(
            "wrong_host", (await RunningNode.ReadAsync(answer, HttpStatusCode.MisdirectedRequest)).GetProperty("code").GetString());
        Assert.Empty(await node.Node.Engine.SymbolsAsync());
    }

    [Fact]
    public async Task NodeOfThatMachine_IsCalledByItsName()
    {
        await using var node = await RunningNode.StartAsync(change: options => Open(options, null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, Environment.MachineName));
    }

    [Theory]
    [InlineData(GuardedNode.Rules, null, HttpStatusCode.OK)] // callers need a secret, which a page does not have
    [InlineData(GuardedNode.Rules, "trading.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData(Anonymous, null, HttpStatusCode.MisdirectedRequest)]
    public async Task NodeWithRules_IsCalledByAnyName_UnlessItWasToldItsOwn_OrLetsInWhoShowsNothing(
        string rules, string? hosts, HttpStatusCode status)
    {
        await using var node = await GuardedNode.StartAsync(rules, change: options => Open(options, hosts));
        Assert.Equal(status, await StatusAsync(node.Running, "rebound.example"));
    }

    [Fact]
    public async Task BodyOfAForeignPage_AndLinesWithoutARequest_AreNotTaken()
    {
        await using var node = await RunningNode.StartAsync();
        // As no-cors allows.
        using var page = new HttpRequestMessage(HttpMethod.Post, "/ingest")
        {
            Content = new StringContent(Tick, Encoding.UTF8, "text/plain"),
        };
        page.Headers.Add("Origin", "https://elsewhere.example");
        using (var answer = await node.Client.SendAsync(page)) Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        using var lines = await ConnectAsync(node);
        await lines.SendAsync($"{Tick}\n{Tick}\n");
        Assert.StartsWith("HTTP/1.1 400 ", await lines.LineAsync());
        while (await lines.LineAsync() is not null)
        {
            // Its head.
        }

        using var browser = await LineClient.ConnectAsync(node.Node.Ingest.Address); // the reverse: a request to the other port
        await browser.SendAsync($"POST / HTTP/1.1\r\nHost: {node.Node.Ingest.Address}\r\nContent-Length: {Tick.Length}\r\n\r\n{Tick}");
        await browser.LineWithAsync($"which port {node.Node.Http[0].Port} speaks");
        Assert.Empty(await node.Node.Engine.SymbolsAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost:")]
    public async Task RequestThatDoesNotCome_OrNotToTheEndOfItsHead_IsNotWaitedFor(string begun)
    {
        await using var node = await RunningNode.StartAsync(
            change: options => options with { Web = options.Web with { HeadersTimeout = TimeSpan.FromMilliseconds(300) } });
        using var slow = await ConnectAsync(node);
        await slow.SendAsync(begun);
        Assert.True(await EndsAsync(slow));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, "localhost"));
    }

    [Fact]
    public async Task HandshakeThatDoesNotCome_IsNotWaitedFor()
    {
        using var folder = new TemporaryFolder();
        using var authority = Certificates.MakeAuthority("CN=authority");
        var tls = Certificates.WritePem(
            folder, "CN=server", "node.example", authority) with { HandshakeTimeout = TimeSpan.FromMilliseconds(300) };
        await using var node = await RunningNode.StartAsync(change: options => options with { Tls = tls });
        foreach (var begun in (byte[][])[[], [0x16, 3, 1]])
        {
            using var slow = await ConnectAsync(node);
            await slow.SendAsync(begun);
            Assert.True(await EndsAsync(slow));
        }
    }

    [Fact]
    public async Task SilentConnections_MakeRoomForOthers()
    {
        await using var node = await GuardedNode.StartAsync(change: options => options with
        {
            Web = options.Web with { MaxPendingPerAddress = 20, HeadersTimeout = TimeSpan.FromMinutes(5) },
        });
        var silent = new List<LineClient>();
        try
        {
            for (var i = 0; i < 300; i++) silent.Add(await ConnectAsync(node.Running));
            using var known = new HttpClient { BaseAddress = node.Running.Client.BaseAddress };
            known.DefaultRequestHeaders.Add("Authorization", "Bearer " + Tokens.Long("watch-s3cr3t"));
            Assert.Equal(HttpStatusCode.OK, (await known.GetAsync(new Uri("/symbols", UriKind.Relative))).StatusCode);
            while (node.Node.Security.Pending.Count > 21) // new ones are kept for a second
            {
                using var another = await ConnectAsync(node.Running);
                await another.SendAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                Assert.StartsWith("HTTP/1.1 200 ", await another.LineAsync());
            }

            Assert.InRange(node.Node.Security.Pending.Evicted, 279, 320); // 21 of 300 remain
            Assert.True(await EndsAsync(silent[0]));
            Assert.Equal(HttpStatusCode.OK, (await known.GetAsync(new Uri("/symbols", UriKind.Relative))).StatusCode);
        }
        finally
        {
            foreach (var client in silent) client.Dispose();
        }
    }

    [Fact]
    public async Task CallerWithAQuotaOfConnections_HasItForTicksAndStreamsTogether()
    {
        const string Rules =
            """{"tokens":[{"name":"desk","token":"desk-s3cr3t","sources":["*"],"read":["*"],"limits":{"connections":2}},{"token":"other","read":["*"]}]}""";
        await using var node = await GuardedNode.StartAsync(Rules);
        using var feed = await LineClient.ConnectAsync(node.Node.Ingest.Address);
        await feed.SendAsync(Tokens.Lengthen("{\"hello\":\"feed-1\",\"token\":\"desk-s3cr3t\"}\n"));
        await feed.LineWithAsync("hello");
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + Tokens.Long("desk-s3cr3t"));
        await socket.ConnectAsync(new UriBuilder(node.Node.Http[0]) { Scheme = "ws", Path = "/ws" }.Uri, CancellationToken.None);

        using (var refused = await node.AskAsync("GET", "/events?topics=signals", "desk-s3cr3t"))
        {
            Assert.Equal(
                "too_many_connections",
                (await RunningNode.ReadAsync(refused, HttpStatusCode.TooManyRequests)).GetProperty("code").GetString());
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        using (var other = await node.AskAsync("GET", "/events?topics=signals", "other")) Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using (var symbols = await node.AskAsync("GET", "/symbols", "desk-s3cr3t")) Assert.Equal(HttpStatusCode.OK, symbols.StatusCode);
        feed.Dispose();
        await Until.True(() => node.Node.Ingest.Listener!.Connections.Count == 0, "it has gone");
        using (var stream = await node.AskAsync("GET", "/events?topics=signals", "desk-s3cr3t"))
            Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
    }

    [Fact]
    public async Task StreamsBeyondTheBound_AreRefused_AndOtherRequestsAreServed()
    {
        await using var node = await RunningNode.StartAsync(change: options => options with { Web = options.Web with { MaxStreams = 1 } });
        var events = new Uri("/events?topics=signals", UriKind.Relative);
        using (var first = await node.Client.GetAsync(events, HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            using var second = await node.Client.GetAsync(events, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(
                "too_many_streams",
                (await RunningNode.ReadAsync(second, HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString());
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, "localhost"));
        }

        HttpStatusCode next;
        do
        {
            using var third = await node.Client.GetAsync(events, HttpCompletionOption.ResponseHeadersRead);
            next = third.StatusCode;
        }
        while (next == HttpStatusCode.ServiceUnavailable); // until the node has noticed
        Assert.Equal(HttpStatusCode.OK, next);
    }

    private static NodeOptions Open(NodeOptions options, string? hosts) => options with
    {
        Listen = IPAddress.Any,
        Insecure = true,
        Cluster = options.Cluster with { Host = "node-1.example" },
        Web = options.Web with { Hosts = hosts?.Split(',') ?? [], Origins = ["https://desk.example"] },
    };

    private static async Task<HttpStatusCode> StatusAsync(RunningNode node, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Host = host;
        using var answer = await node.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private static Task<LineClient> ConnectAsync(RunningNode node) =>
        LineClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, node.Node.Http[0].Port));

    private static async Task<bool> EndsAsync(LineClient client)
    {
        try
        {
            while (await client.LineAsync() is not null)
            {
                // A final response, such as 408.
            }
        }
        catch (SocketException)
        {
            // Aborted.
        }

        return true;
    }
}
