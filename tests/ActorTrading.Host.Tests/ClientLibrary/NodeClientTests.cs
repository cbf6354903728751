using System.Net;
using ActorTrading.Client;
using ActorTrading.Client.Records;
using ActorTrading.Host.Tests.Security;

namespace ActorTrading.Host.Tests.ClientLibrary;

/// <summary>The .NET client with a node: it reads what it sent, and errors have types.</summary>
public sealed class NodeClientTests : IAsyncLifetime
{
    private const string Plan = """{ "frames": ["1min"], "rules": [{ "name": "high", "rule": "buy when close > 100 on 1min" }] }""";

    private static readonly NanoTime Opening = new DateTimeOffset(2024, 7, 9, 13, 0, 0, TimeSpan.Zero);
    private readonly CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
    private RunningNode node = null!;
    private NodeClient client = null!;

    public async Task InitializeAsync()
    {
        node = await RunningNode.StartAsync(Plan);
        client = new NodeClient(new NodeClientSettings { Address = node.Client.BaseAddress! });
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        limit.Dispose();
        await node.DisposeAsync();
    }

    [Fact]
    public async Task RecordOfEachKind_IsTaken()
    {
        MarketRecord[] records =
        [
            new Tick("AAPL", Opening, 227.99m, 100), new Tick("AAPL", At(1), 0.00000001m), new Print("AAPL", At(2), 228m, 5, "odd \"lot\""),
            new Quote("AAPL", At(3)) { Bid = 227.9m, BidSize = 3, Ask = 228.1m, AskSize = 4 },
                new BookUpdate("AAPL", At(4), BookSide.Ask, 228.2m, 0),
            new BarRecord("MSFT", At(60), "1min") { Open = 1, High = 3, Low = 0.5m, Close = 2, Volume = 1_000_000 },
            new NewsSentiment("AAPL", At(5), -0.25m, 1.5m), new MarketData("AAPL", At(6), 3.5e12, 33.4m),
                new EconomicIndicator(At(7), "CPI é", 3.1),
            new JsonRecord("""{"symbol":"TSLA","ts":"2024-07-09T13:00:00Z","price":250.5,"size":1,"seq":9}"""),
        ];
        await using var feed = NewFeed("desk");
        await feed.SendAsync(records, limit.Token);
        await feed.FlushAsync(limit.Token);

        Assert.Equal((records.Length, 0), (feed.Status.Acknowledged, feed.Status.Rejected));
        Assert.Equal(["$ECONOMY", "AAPL", "MSFT", "TSLA"], (await client.SymbolsAsync(limit.Token)).Select(
            symbol => symbol.Contains("ECON", StringComparison.OrdinalIgnoreCase) ? "$ECONOMY" : symbol).Order());
        using var state = await client.GetAsync("symbols/AAPL", limit.Token);
        Assert.Equal(228.1m, state.RootElement.GetProperty("quote").GetProperty("ask").GetDecimal());
    }

    [Fact]
    public async Task Rejection_IsHeard_AndCountsAsHandled()
    {
        var heard = new List<Rejection>();
        await using var feed = NewFeed("desk", heard.Add);
        await feed.SendAsync(new Tick("AAPL", Opening, -1), limit.Token);
        await feed.SendAsync(new Tick("AAPL", Opening, 1), limit.Token);
        await feed.FlushAsync(limit.Token);

        var rejection = Assert.Single(heard);
        Assert.Equal(("price_not_positive", "price", "-1", 1L), (rejection.Reason, rejection.Field, rejection.Value, rejection.Seq!.Value));
        Assert.Equal((2, 1), (feed.Status.Acknowledged, feed.Status.Rejected));
    }

    [Fact]
    public async Task Request_SaysWhatBecameOfEachRecord()
    {
        var result = await client.IngestAsync([new Tick("AAPL", Opening, 5) { Seq = 1 }, new Tick("AAPL", Opening, 5) { Seq = 1 },
            new Tick("AAPL", Opening, 0) { Seq = 2 }], "desk", 1, limit.Token);
        Assert.Equal((3, 1, 1, 1), (result.Received, result.Applied, result.Duplicate, result.Rejected));
        Assert.Equal("price_not_positive", Assert.Single(result.Rejections).Reason);

        Assert.Equal(1, (await client.IngestAsync([new Tick("AAPL", Opening, 0)], cancellation: limit.Token)).Rejected); // 422
    }

    [Fact]
    public async Task Signals_GoOnBehindAPosition_AndAreLive()
    {
        await SendMinutesAsync(0, 8);
        var first = await ListAsync(client.SignalsAsync(0, cancellation: limit.Token), most: 3);
        Assert.Equal([1, 2, 3], first.Select(signal => signal.Position));
        var signal = first[0];
        Assert.Equal(("AAPL", "high", SignalAction.Buy, 101m), (signal.Symbol, signal.Name, signal.Action, signal.Price));
        Assert.Equal(signal.Json, Signal.Parse(signal.Json).Json);

        await using var rest = client.SignalsAsync(3, ["AAPL"], limit.Token).GetAsyncEnumerator(limit.Token);
        Assert.True(await rest.MoveNextAsync());
        Assert.Equal(4, rest.Current.Position);
        var live = rest.MoveNextAsync(); // no fifth one yet
        await SendMinutesAsync(8, 10);
        Assert.True(await live);
        Assert.Equal(5, rest.Current.Position);
    }

    [Fact]
    public async Task Bars_OfThePastAndLive_AndHistoryOfAStretch()
    {
        await SendMinutesAsync(0, 30);
        var history = await ListAsync(client.HistoryAsync("AAPL", "1min", At(300), At(600), limit.Token));
        Assert.Equal(Enumerable.Range(5, 5).Select(minute => At(minute * 60)), history.Select(bar => bar.OpenTime));
        Assert.Equal((99m, 10m, 1L), (history[0].Close, history[0].Volume, history[0].Ticks));

        await using var bars = client.BarsAsync(["AAPL"], "1min", At(26 * 60), limit.Token).GetAsyncEnumerator(limit.Token);
        foreach (var minute in (int[])[27, 28])
        {
            Assert.True(await bars.MoveNextAsync());
            Assert.Equal(At(minute * 60), bars.Current.OpenTime);
        }

        var live = bars.MoveNextAsync();
        await SendMinutesAsync(30, 31);
        Assert.True(await live);
        Assert.Equal(At(29 * 60), bars.Current.OpenTime);
    }

    [Fact]
    public async Task Errors_AreTyped()
    {
        Assert.Equal("unknown_symbol",
            (await Assert.ThrowsAsync<NotFoundException>(() => client.GetAsync("symbols/NONE", limit.Token))).Code);
        var bad = await Assert.ThrowsAsync<RequestFailedException>(() => client.GetAsync("signals?limit=none", limit.Token));
        Assert.Equal((HttpStatusCode.BadRequest, "bad_parameter"), (bad.Status, bad.Code));
        using var nobody = new NodeClient(new NodeClientSettings { Address = new Uri("http://127.0.0.1:1") });
        await Assert.ThrowsAsync<NodeUnreachableException>(() => nobody.SymbolsAsync(limit.Token));
        using var over = new CancellationTokenSource();
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SymbolsAsync(over.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ListAsync(client.SignalsAsync(0, null, over.Token)));
        Assert.Throws<ArgumentException>(() => new JsonRecord("{}\n{}"));
    }

    [Fact]
    public async Task StreamIsCancelled_WhileItWaits()
    {
        using var over = new CancellationTokenSource();
        var waiting = ListAsync(client.SignalsAsync(0, null, over.Token));
        await Task.Delay(50, limit.Token);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(limit.Token));
    }

    [Fact]
    public async Task AccessRules_AskForATokenOfFeedAndClient()
    {
        await using var guarded = await GuardedNode.StartAsync();
        using var stranger = new NodeClient(new NodeClientSettings { Address = guarded.Running.Client.BaseAddress! });
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await Assert.ThrowsAsync<NotAuthorizedException>(() => stranger.SymbolsAsync(limit.Token))).Status);
        await using var feed = new Feed(new FeedSettings { Source = "eq-8", Port = guarded.Node.Ingest.Address.Port, Token = "guessed" });
        await feed.SendAsync(new Tick("A", Opening, 1), limit.Token);
        var refused = await Assert.ThrowsAsync<FeedRefusedException>(() => feed.FlushAsync(limit.Token));
        Assert.Equal(("not_allowed", true), (refused.Code, refused.Detail.Length > 0));
    }

    [Theory]
    [InlineData("2024-07-09T13:30:00Z", 1_720_531_800_000_000_000)]
    [InlineData("2024-07-09T13:30:00.123456789Z", 1_720_531_800_123_456_789)]
    [InlineData("1969-12-31T23:59:59.9Z", -100_000_000)]
    public void Time_IsReadAndWrittenToTheNanosecond(string text, long nanoseconds)
    {
        Assert.Equal(nanoseconds, NanoTime.Parse(text).Nanoseconds);
        Assert.Equal(text, new NanoTime(nanoseconds).ToString());
        Assert.Equal(nanoseconds / 100 * 100, ((NanoTime)new NanoTime(nanoseconds).ToDateTimeOffset()).Nanoseconds);
    }

    [Theory]
    [InlineData("2024-07-09")]
    [InlineData("2024-07-09T13:30:00")]
    [InlineData("2024-07-09T13:30:00.Z")]
    [InlineData("2024-07-09T13:30:00.1234567891Z")]
    [InlineData("2024-07-09T13:30:00.-1Z")]
    public void TextThatIsNoTime_IsRefused(string text) => Assert.Throws<FormatException>(() => NanoTime.Parse(text));

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> items, int most = int.MaxValue)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
            if (list.Count == most) break;
        }

        return list;
    }

    private static NanoTime At(int seconds) => new(Opening.Nanoseconds + (seconds * 1_000_000_000L));

    private Feed NewFeed(string source, Action<Rejection>? onReject = null) =>
        new(new FeedSettings { Source = source, Port = node.Node.Ingest.Address.Port, OnReject = onReject });

    /// <summary>One tick per minute, above 100 in every second one.</summary>
    private async Task SendMinutesAsync(int from, int to)
    {
        await using var feed = NewFeed("minutes");
        await feed.SendAsync(Enumerable.Range(from, to - from).Select(
            minute => (MarketRecord)new Tick("AAPL", At(minute * 60), minute % 2 == 0 ? 101 : 99, 10)), limit.Token);
        await feed.FlushAsync(limit.Token);
    }
}
