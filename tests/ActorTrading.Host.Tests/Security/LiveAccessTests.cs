using System.Net.WebSockets;
using ActorTrading.Client;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Host.Tests.Web;
using ActorTrading.TestKit.Ingest;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Security;

/// <summary>Streams and TCP connections, and changes of the rules while they are open.</summary>
public sealed class LiveAccessTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private GuardedNode node = null!;

    public async Task InitializeAsync() =>
        node = await GuardedNode.StartAsync(
            change: options => options with { Web = options.Web with { Heartbeat = TimeSpan.FromMilliseconds(50) } });

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Stream_HasOnlyWhatItsReaderMaySee()
    {
        using var desk = await Listener.ConnectAsync(node.Running, "?topics=ticks,rejects", token: "desk-s3cr3t");
        await desk.NextAsync("subscribed");
        await node.TickAsync("B", "14:30:00", "1", 1);
        await node.JsonAsync(
            "POST", "/ingest?source=eq-1", "feeder-s3cr3t", System.Net.HttpStatusCode.UnprocessableEntity,
            """{"symbol":"B","ts":1720535400000000000,"price":-1,"size":1}""");
        await node.JsonAsync("POST", "/ingest?source=eq-1", "feeder-s3cr3t", System.Net.HttpStatusCode.UnprocessableEntity, "{");
        await node.TickAsync("A", "14:30:00", "2", 2);

        Assert.Equal("A", (await desk.NextAsync("tick"))!.Value.GetProperty("symbol").GetString());
        await desk.SendAsync("""{"subscribe":{"topics":["bars"],"symbols":["A","B"]}}""");
        Assert.Equal("not_allowed", (await desk.NextAsync("error"))!.Value.GetProperty("code").GetString());
    }

    [Fact]
    public async Task State_IsForThoseWhoMaySeeTheSymbol()
    {
        await node.TickAsync("A", "14:30:00", "1", 1);
        using var desk = await Listener.ConnectAsync(node.Running, "?topics=state&symbols=A", token: "desk-s3cr3t");
        await desk.NextAsync("subscribed");
        Assert.Equal("A", (await desk.NextAsync("state"))!.Value.GetProperty("symbol").GetString());
        await desk.SendAsync("""{"subscribe":{"topics":["state"],"symbols":["B"]}}""");
        Assert.Equal("not_allowed", (await desk.NextAsync("error"))!.Value.GetProperty("code").GetString());
        await node.JsonAsync("GET", "/symbols/A/plan", "desk-s3cr3t", System.Net.HttpStatusCode.OK);
        await node.JsonAsync("GET", "/symbols/B/plan", "desk-s3cr3t", System.Net.HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task WithdrawnToken_EndsItsStreams_AndOthersGoOn()
    {
        using var desk = await Listener.ConnectAsync(node.Running, "?topics=ticks", token: "desk-s3cr3t");
        using var watch = await Listener.ConnectAsync(node.Running, "?topics=ticks", token: "watch-s3cr3t");
        await desk.NextAsync("subscribed");
        await watch.NextAsync("subscribed");

        node.Change("""{"tokens":[{"token":"watch-s3cr3t","read":["B"]},{"token":"feeder-s3cr3t","sources":["eq-1"]}]}""");

        Assert.Null(await desk.NextAsync("nothing"));
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, desk.CloseStatus);
        await node.TickAsync("A", "14:30:00", "1", 1);
        await node.TickAsync("B", "14:30:00", "2", 2);
        Assert.Equal("B", (await watch.NextAsync("tick"))!.Value.GetProperty("symbol").GetString());
    }

    [Fact]
    public async Task WiderRights_ShowMoreOnStreamsThatRun()
    {
        using var desk = await Listener.ConnectAsync(node.Running, "?topics=ticks", token: "desk-s3cr3t");
        await desk.NextAsync("subscribed");
        node.Change("""{"tokens":[{"token":"desk-s3cr3t","read":["A","B*"]},{"token":"feeder-s3cr3t","sources":["eq-1"]}]}""");
        for (var seq = 1; ; seq++) // until the stream has the new rules
        {
            await node.TickAsync("B", "14:30:00", $"{seq}", seq);
            await node.TickAsync("A", "14:30:00", $"{seq}", seq + 10_000);
            if ((await desk.NextAsync("tick"))!.Value.GetProperty("symbol").GetString() == "B") return;
        }
    }

    [Fact]
    public async Task EventStreamOfAWithdrawnToken_SaysWhy_AndEnds()
    {
        using var answer = await node.AskAsync("GET", "/events?topics=signals", "desk-s3cr3t");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("event: subscribed", await reader.ReadLineAsync());

        node.Change("""{"tokens":[]}""");

        Assert.Contains("not_allowed", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PageInABrowser_ShowsItsTokenAmongTheProtocols()
    {
        using var desk = await Listener.ConnectAsync(node.Running, "?topics=ticks", protocols: ["actortrading", "bearer.desk-s3cr3t"]);
        await desk.NextAsync("subscribed");

        Assert.Equal("actortrading", desk.Protocol); // never the token
        await Assert.ThrowsAsync<WebSocketException>(
            () => Listener.ConnectAsync(node.Running, "?topics=ticks", protocols: ["actortrading", "bearer.guessed"]));
        await Assert.ThrowsAsync<WebSocketException>(() => Listener.ConnectAsync(node.Running, "?topics=ticks"));
    }

    [Fact]
    public async Task TcpSender_IsHeldToTheSameRules()
    {
        var rejects = new List<string>();
        await using var client = new FeedClient(new FeedOptions
        {
            Port = node.Node.Ingest.Address.Port, Source = Source.Parse("eq-7"), Token = Tokens.Long("feeder-s3cr3t"),
            OnReject = rejects.Add,
        });
        await client.SendAsync(new[] { Tick("A", 1), Tick("C", 2) });
        await client.FlushAsync().WaitAsync(Timeout);

        await using var stranger = new FeedClient(
            new FeedOptions { Port = node.Node.Ingest.Address.Port, Source = Source.Parse("eq-8"), Token = "guessed" });
        Assert.Contains("not_allowed", Assert.Single(rejects), StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<FeedRefusedException>(async () =>
        {
            await stranger.SendAsync(new[] { Tick("A", 1) }); // throws if the rejection has arrived already
            await stranger.FlushAsync().WaitAsync(Timeout);
        });
        Assert.Equal("not_allowed", refused.Code);
    }

    private static Record Tick(string symbol, long seq) => Record.OfTick(
        Symbol.Parse(symbol), new Identity(Source.Anonymous, 0, seq), new(Timestamp.OfDate(2024, 7, 9).Nanoseconds + seq), Fixed8.One,
        Fixed8.One);
}
