using System.Net.WebSockets;
using System.Text;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Host.Tests.Web;

/// <summary>Subscribers over WebSockets and server-sent events.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private const string Plan =
        """{ "frames": ["tick", "1min"], "indicators": ["sma(2)"], "rules": [{ "name": "up", "rule": "buy when close > 100 on tick" }] }""";

    private readonly ManualTime time = new();
    private RunningNode node = null!;
    private int sent;

    public async Task InitializeAsync() =>
        node = await RunningNode.StartAsync(Plan, options => options with { Web = options.Web with { Time = time } });

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task SubscriberWhoComesBack_MissesNothing_WhereverItLeftOff()
    {
        await MakeSignalsAsync(6);
        for (var from = 0; from <= 6; from++)
        {
            using var listener = await Listener.SubscribeAsync(node, $"?topics=signals&from={from}");
            Assert.Equal(Positions(from + 1, 6), await listener.PositionsAsync(6 - from));
        }
    }

    [Fact]
    public async Task Subscriber_GetsTheSignalsOfThePast_AndThoseToCome_WithoutAGap()
    {
        await MakeSignalsAsync(5);
        using var listener = await Listener.SubscribeAsync(node, "?topics=signals&from=2");
        await MakeSignalsAsync(5);
        Assert.Equal(Positions(3, 10), await listener.PositionsAsync(8));

        await node.RestartAsync();
        using var later = await Listener.SubscribeAsync(node, "?topics=signals&from=7");
        Assert.Equal(Positions(8, 10), await later.PositionsAsync(3));
    }

    [Fact]
    public async Task EventSource_ResumesAfterItsLastId()
    {
        await MakeSignalsAsync(6);
        for (var id = 0; id < 6; id++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/events?topics=signals&from=0");
            request.Headers.Add("Last-Event-ID", $"{id}");
            using var answer = await node.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
            var ids = new List<long>();
            while (ids.Count < 6 - id)
            {
                var line = await lines.ReadLineAsync();
                if (line!.StartsWith("id: ", StringComparison.Ordinal)) ids.Add(long.Parse(line[4..]));
            }

            Assert.Equal(Positions(id + 1, 6), ids);
        }
    }

    [Fact]
    public async Task BarsTicksLateAndRejects_ComeAsTheyHappen_OfTheSymbolsAskedFor()
    {
        using var listener = await Listener.SubscribeAsync(node, "?topics=bars,ticks&symbols=A&frames=1min");
        using var troubles = await Listener.SubscribeAsync(node, "?topics=late,rejects");
        await node.PostAsync("/ingest", Line("B", 0, 100) + Line("A", 0, 100) + Line("A", 60, 101));

        var names = new List<string>();
        for (var i = 0; i < 3; i++) names.Add(await NextOfAsync(listener, "bar", "tick"));
        Assert.Equal(["bar", "tick", "tick"], names.Order());

        await node.PostAsync("/ingest", Line("A", 59, 99) + Line("A", 61, -1));
        names = [await NextOfAsync(troubles, "late", "reject"), await NextOfAsync(troubles, "late", "reject")];
        Assert.Equal(["late", "reject"], names.Order());
    }

    [Fact]
    public async Task Bar_HasItsValues()
    {
        using var listener = await Listener.SubscribeAsync(node, "?topics=bars&frames=1min");
        await node.PostAsync("/ingest", Line("A", 0, 100) + Line("A", 60, 102) + Line("A", 120, 104));

        await listener.NextAsync("bar");
        var bar = (await listener.NextAsync("bar"))!.Value;
        Assert.Equal(("A", "1min", "102", 101.0), (bar.GetProperty("symbol").GetString(), bar.GetProperty("frame").GetString(),
            bar.GetProperty("close").GetRawText(), bar.GetProperty("values").GetProperty("sma(2)").GetDouble()));
    }

    [Fact]
    public async Task State_IsThatOfTheSymbolsPath_AtOnceAndWhenItChanges_AndOnlyTheNewestOfManyChanges()
    {
        using var listener = await Listener.SubscribeAsync(node, "?topics=state&symbols=A,BTC%2FUSD");
        await node.PostAsync("/ingest", Line("A", 0, 100));
        await SameAsync("/symbols/A");
        await node.PostAsync(
            "/ingest", string.Concat(Enumerable.Range(1, 2_000).Select(second => Line("A", second, 100 + (second % 7)))) + Line("B", 0, 1));
        await node.PostAsync("/ingest", Line("BTC/USD", 9, 60_000));
        var (messages, missing) = (0, new HashSet<string> { "A", "BTC/USD" });
        while (missing.Count > 0)
        {
            var state = (await listener.NextAsync("state"))!.Value;
            messages++;
            var symbol = state.GetProperty("symbol").GetString()!;
            Assert.NotEqual("B", symbol);
            if ((await node.GetAsync($"/symbols/{Uri.EscapeDataString(symbol)}")).GetRawText() == state.GetRawText())
                missing.Remove(symbol);
        }

        Assert.InRange(messages, 2, 200); // not one for each of 2,000 ticks
        using var second = await Listener.SubscribeAsync(node, "?topics=state&symbols=A");
        Assert.Equal("A", (await second.NextAsync("state"))!.Value.GetProperty("symbol").GetString());
        Assert.Equal(2, node.Node.States.Count); // watched once, whatever the number of subscribers

        async Task SameAsync(string path)
        {
            while ((await listener.NextAsync("state"))!.Value.GetRawText() != (await node.GetAsync(path)).GetRawText()) await Task.Yield();
        }
    }

    [Fact]
    public async Task States_AreNotAskedForAnyMore_WhenNobodyWatches()
    {
        await node.PostAsync("/ingest", Line("A", 0, 100));
        using (var listener = await Listener.SubscribeAsync(node, "?topics=state&symbols=A"))
        {
            await listener.NextAsync("state");
            Assert.Equal(1, node.Node.States.Count);
        }

        await EngineReading.UntilAsync(() => node.Node.States.Count == 0);
    }

    [Fact]
    public async Task StatesOfMoreSymbolsThanAConnectionMayWatch_AreRefused()
    {
        using var listener = await Listener.ConnectAsync(node);
        var names = string.Join(',', Enumerable.Range(0, 20).Select(i => $"\"S{i}\""));
        await listener.SendAsync("{\"subscribe\":{\"topics\":[\"state\"],\"symbols\":[" + names + "]}}");
        await listener.NextAsync("subscribed");
        await listener.SendAsync("""{"subscribe":{"topics":["state"],"symbols":["A"]}}""");
        Assert.Equal("bad_subscribe", (await listener.NextAsync("error"))!.Value.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{\"subscribe\":{\"topics\":[\"weather\"]}}")]
    [InlineData("{\"subscribe\":{\"topics\":\"bars\"}}")]
    [InlineData("{\"subscribe\":{\"topics\":[]}}")]
    [InlineData("{\"subscribe\":{\"topics\":[\"state\"]}}")]
    [InlineData("{\"subscribe\":{\"symbols\":[\"A,B\"]}}")]
    [InlineData("{\"subscribe\":{\"frames\":[\"2mins\"]}}")]
    [InlineData("{\"subscribe\":{\"from\":-1}}")]
    [InlineData("{\"subscribe\":{\"from\":1000}}")]
    [InlineData("{\"subscribe\":{\"form\":1}}")]
    [InlineData("{\"subscribe\":{\"topics\":[\"\\ud800\"]}}")]
    public async Task BadSubscription_IsAnsweredWithAnError_AndTheNextOneStands(string message)
    {
        using var listener = await Listener.ConnectAsync(node);
        await listener.SendAsync(message);
        Assert.Equal("bad_subscribe", (await listener.NextAsync("error"))!.Value.GetProperty("code").GetString());
        await listener.SendAsync("{\"subscribe\":{\"topics\":[\"signals\"]}}");
        await listener.NextAsync("subscribed");
        await MakeSignalsAsync(1);

        Assert.Equal([1], await listener.PositionsAsync(1));
    }

    [Theory]
    [InlineData("/events", "bad_parameter")]
    [InlineData("/events?topics=weather", "bad_subscribe")]
    [InlineData("/events?topics=signals&from=9", "bad_subscribe")]
    public async Task BadEventStream_IsAProblem(string path, string code) =>
        Assert.Equal(code, (await node.GetAsync(path, System.Net.HttpStatusCode.BadRequest)).GetProperty("code").GetString());

    [Fact]
    public async Task TwoHundredSubscribers_AllGetEverySignal()
    {
        var listeners = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Listener.SubscribeAsync(node, "?topics=signals")));
        await MakeSignalsAsync(20);

        Assert.All(
            await Task.WhenAll(listeners.Select(listener => listener.PositionsAsync(20))),
            positions => Assert.Equal(Positions(1, 20), positions));
        foreach (var listener in listeners) listener.Dispose();
    }

    [Fact]
    public async Task SlowSubscriber_DelaysNobody_AndStillMissesNoSignal()
    {
        using var slow = await Listener.SubscribeAsync(node, "?topics=signals,ticks");
        using var fast = await Listener.SubscribeAsync(node, "?topics=signals");
        await MakeSignalsAsync(15_000); // more than all buffers on the way can hold
        Assert.Equal(Positions(1, 15_000), await fast.PositionsAsync(15_000));

        var positions = new List<long>();
        while (positions.Count < 15_000)
        {
            if (await slow.NextOfAsync() is ("signal", var signal)) positions.Add(signal.GetProperty("position").GetInt64());
        }

        Assert.Equal(Positions(1, 15_000), positions);
    }

    [Fact]
    public async Task SubscriberWhoTakesNothing_IsCutOff()
    {
        using var stuck = await Listener.SubscribeAsync(node, "?topics=signals");
        await MakeSignalsAsync(30_000);

        while (node.Node.Telemetry.Subscribers.All.Sum(kind => kind.Count) > 0)
        {
            time.Advance(TimeSpan.FromSeconds(1)); // when it is blocked, thirty of these are too many
            await Task.Yield();
        }

        await Assert.ThrowsAsync<WebSocketException>(() => stuck.PositionsAsync(30_000));
    }

    [Fact]
    public async Task QuietNode_StillGivesASignOfLife()
    {
        using var listener = await Listener.SubscribeAsync(node, "?topics=signals");
        var beat = listener.NextAsync("heartbeat");
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100, (await beat)!.Value.GetInt64());
    }

    [Fact]
    public async Task NodeThatStops_SaysGoodbye()
    {
        using var listener = await Listener.SubscribeAsync(node, "?topics=signals");
        using var answer = await node.Client.GetAsync(
            new Uri("/events?topics=signals", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        var events = answer.Content.ReadAsStringAsync();
        await node.Node.StopAsync();

        Assert.Null(await listener.NextAsync("signal"));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, listener.CloseStatus);
        Assert.EndsWith(
            "event: error\ndata: {\"code\":\"shutting_down\",\"message\":\"The node is being stopped.\"}\n\n", await events,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForeignWebPage_CannotListen() =>
        await Assert.ThrowsAsync<WebSocketException>(() => Listener.ConnectAsync(node, "?topics=signals", "https://elsewhere.example"));

    private static List<long> Positions(long first, long last) => [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => first + i)];

    private static string Line(string symbol, int second, int price) =>
        $"{{\"symbol\":\"{symbol}\",\"ts\":{1720522800000000000 + (second * 1_000_000_000L)},\"price\":{price},\"size\":1}}\n";

    private static async Task<string> NextOfAsync(Listener listener, params string[] names)
    {
        var (name, _) = (await listener.NextOfAsync())!.Value;
        Assert.Contains(name, names);
        return name;
    }

    /// <summary>Each pair of ticks crosses 100 upwards once.</summary>
    private async Task MakeSignalsAsync(int count)
    {
        var lines = new StringBuilder();
        for (var i = 0; i < count; i++, sent += 2) lines.Append(Line("A", sent, 99)).Append(Line("A", sent + 1, 101));
        var answer = await node.PostAsync("/ingest", lines.ToString());
        Assert.Equal(2 * count, answer.GetProperty("applied").GetInt64());
        while (node.Node.Hosted.LastSignal < sent / 2) await Task.Yield(); // signals are logged in a commit of their own
    }
}
