using ActorTrading.Client;
using ActorTrading.Connectors;
using ActorTrading.Connectors.Exchanges;
using ActorTrading.Connectors.Tests.Exchanges;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Host.Tests.Security;
using ActorTrading.TestKit.Folding;
using ActorTrading.TestKit.Ingest;
using ActorTrading.Wire.Files;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTrading.Host.Tests.Feeding;

/// <summary>An exchange that is read into the TCP port of a node.</summary>
public sealed class ExchangeFeedTests
{
    public static TheoryData<string> Sessions => ["alpaca-crypto", "binance-klines", "coinbase-trades", "kraken-all"];

    [Theory]
    [MemberData(nameof(Sessions))]
    public async Task Session_EndsInTheStateOfTheSameRecordsReadFromAFile(string name)
    {
        var session = RecordedSession.Read(name);
        await using var node = await RunningNode.StartAsync();
        await using var server = await ReplayServer.StartAsync(session);
        await using var client = Client(node);
        await using var feed = Feed(session, server, client);
        server.Handled = () => feed.Status.Messages;
        feed.Start();
        await Until.True(() => client.Status.Acknowledged >= session.Expected.Count, $"it is acknowledged: {feed.Status}");
        Assert.Equal(HashOf(session.Expected), await node.Node.Engine.HashAsync());
        Assert.Equal((session.Expected.Count, 0), (client.Status.Acknowledged, client.Status.Rejected));
        Assert.Equal((ConnectorPhase.Running, session.Expected.Count), (feed.Status.Phase, feed.Status.Messages));
        Assert.Empty(server.Faults);
    }

    [Fact]
    public async Task Symbols_AreAddedAndRemoved()
    {
        var session = RecordedSession.Read("coinbase-trades") with { Connections = [[]] };
        session = session with { Options = session.Options with { Symbols = [] } };
        await using var node = await RunningNode.StartAsync();
        await using var server = await ReplayServer.StartAsync(session);
        await using var client = Client(node);
        await using var feed = Feed(session, server, client);
        feed.Start();
        await Until.True(() => feed.Status.Phase == ConnectorPhase.Running, "it is connected");
        Assert.Empty(feed.Symbols);
        Assert.True(await feed.AddAsync("btc-usd"));
        Assert.False(await feed.AddAsync("BTC-USD"));
        Assert.Equal(["BTC-USD"], feed.Symbols);
        await Until.True(() => server.Sent.Count == 1, "the exchange has heard of it");
        Assert.True(feed.Remove("BTC-USD"));
        Assert.False(feed.Remove("BTC-USD"));
        await Until.True(() => server.Sent.Count == 2, "the exchange has heard of that, too");
        Assert.StartsWith("{\"type\":\"unsubscribe\",\"product_ids\":[\"BTC-USD\"]", server.Sent.Last(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => feed.AddAsync("two words"));
    }

    [Fact]
    public async Task LoginThatTheExchangeRefuses_IsTold()
    {
        var session = RecordedSession.Read("alpaca-shares").With((steps, _) =>
            [[steps[0], steps[1], new Step(StepKind.Send, "[{\"T\":\"error\",\"code\":402,\"msg\":\"auth failed\"}]")]]);
        await using var node = await RunningNode.StartAsync();
        await using var server = await ReplayServer.StartAsync(session);
        await using var client = Client(node);
        await using var feed = Feed(session, server, client);
        feed.Start();
        var refused = Assert.IsType<ExchangeException>(await feed.Refused);
        Assert.Equal((ExchangeError.LoginRefused, "LoginRefused: 402: auth failed"), (refused.Error, refused.Message));
    }

    [Fact]
    public async Task NodeThatWillNotHaveTheClient_IsTold()
    {
        var session = RecordedSession.Read("kraken-trades");
        await using var node = await GuardedNode.StartAsync();
        await using var server = await ReplayServer.StartAsync(session);
        await using var client = Client(node.Running); // without a token
        await using var feed = Feed(session, server, client);
        feed.Start();
        Assert.Equal("not_allowed", Assert.IsType<FeedRefusedException>(await feed.Refused).Code);
    }

    [Fact]
    public async Task OptionsWithAProblem_MakeNoFeed()
    {
        await using var node = await RunningNode.StartAsync();
        await using var client = Client(node);
        var options = new ExchangeOptions { Name = "a", Exchange = "nasdaq" };
        var fault = Assert.Throws<ArgumentException>(() => new ExchangeFeed(options, client, TimeProvider.System, NullLogger.Instance));
        Assert.Contains("is not an exchange", fault.Message, StringComparison.Ordinal);
    }

    private static FeedClient Client(RunningNode node) => new(new FeedOptions
    {
        Source = Source.Parse("exchange"), Host = "127.0.0.1", Port = node.Node.Ingest.Address.Port,
        FirstBackOff = TimeSpan.FromMilliseconds(20),
    });

    private static ExchangeFeed Feed(RecordedSession session, ReplayServer server, FeedClient client) =>
        new(session.Options with { Url = server.Url, RestUrl = server.Http }, client, new StandingClock(), NullLogger.Instance);

    private static StateHash HashOf(IEnumerable<string> lines)
    {
        var market = new Market(Plan.Default, new FoldLog());
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        RecordFile.Read(file, "expected.ndjson", new ReadOptions(), market);
        return StateHash.Of(market.Hashes());
    }
}
