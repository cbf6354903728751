using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Signals;
using ActorTrading.Cluster.Subscribing;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire;

namespace ActorTrading.Cluster.Tests.Subscribing;

/// <summary>A subscriber of a cluster of two nodes.</summary>
public sealed class ClusterSubscriberTests : IAsyncLifetime
{
    private static readonly Plan Plan = Plan.Parse("""
        {"frames":["1min"],"indicators":["ema(3)","volatility(3)","volatility(3)@1min"],"rules":[{"name":"up","rule":"buy when close > ema(3) on 1min"}]}
        """);

    private readonly TemporaryFolder folder = new();
    private readonly List<ClusterEngine> nodes = [];
    private readonly CancellationTokenSource patience = new(EngineReading.Timeout);
    private ClusterSubscriber subscriber = null!;

    public async Task InitializeAsync()
    {
        nodes.Add(await ClusterEngine.StartAsync(Plan, Nodes.Options(folder.Path)));
        nodes.Add(await ClusterEngine.StartAsync(Plan, Nodes.Options(folder.Path) with { Seeds = [nodes[0].Address] }));
        await Nodes.AllHostSymbolsAsync(nodes);
        subscriber = await ClusterSubscriber.StartAsync(new SubscriberOptions { Seeds = [.. nodes.Select(node => node.Address)] });
    }

    public async Task DisposeAsync()
    {
        await subscriber.DisposeAsync();
        foreach (var node in nodes) await node.DisposeAsync();
        patience.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Signals_ComeEachOnceAndInOrder_FromAnyPosition_ThoughNodesLeaveMeanwhile()
    {
        var inputs = HostileMarkets.Stream(seed: 5, count: 3_000, step: Timestamp.Second * 30);
        await EngineReading.SendAsync(nodes[1], inputs.Take(1_000), 25);
        var (_, log) = EngineReading.MarketOf(Plan, inputs);
        var expected = log.Signals.Select(signal => signal.Id).Order(StringComparer.Ordinal).ToList();
        Assert.True(expected.Count > 20);
        var half = expected.Count / 2;

        var reading = ReadAsync(0, expected.Count);
        await EngineReading.SendAsync(nodes[1], inputs.Skip(1_000).Take(1_000), 25);
        await nodes[0].DrainAsync(); // the administrator moves
        await nodes[0].DisposeAsync();
        nodes.RemoveAt(0);
        await EngineReading.SendAsync(nodes[0], inputs.Skip(2_000), 25);

        var seen = await reading;
        Assert.Equal(expected, seen.Select(signal => signal.Signal.Id).Order(StringComparer.Ordinal));
        Assert.Equal(
            seen.Skip(half).Select(signal => signal.Signal.Id),
            (await ReadAsync(half, expected.Count - half)).Select(signal => signal.Signal.Id));
        var ledger = await nodes[0].LedgerAsync(); // irrelevant to subscribers
        Assert.Empty(nodes[0].SilentNodes);
        Assert.All(ledger, line => Assert.True(line.IsBalanced));

        async Task<List<LoggedSignal>> ReadAsync(long after, int count)
        {
            var all = new List<LoggedSignal>();
            await foreach (var signal in subscriber.SignalsAsync(after, patience.Token))
            {
                all.Add(signal);
                Assert.Equal(after + all.Count, signal.Position);
                if (all.Count == count) break;
            }

            return all;
        }
    }

    [Fact]
    public async Task BarsAndVolatility_ComeFromTheNodesThatHostTheSymbols_AsTheJournalHasThem()
    {
        var inputs = HostileMarkets.Stream(seed: 6, count: 40_000, step: Timestamp.Second * 5);
        var symbol = HostileMarkets.Symbols.First(
            name => inputs.Count(input => input.Record.Kind == RecordKind.Tick && input.Record.Symbol.Equals(name)) > 1_000);
        var bar = FirstAsync<BarPublished>(Topics.BarsOf(Frame.OneMinute, symbol), _ => true);
        var volatility = FirstAsync<VolatilityPublished>(Topics.Volatility, told => told.Symbol.Equals(symbol));
        for (var sent = 0; !bar.IsCompleted || !volatility.IsCompleted; sent += 100) // until the nodes know the subscriber
        {
            Assert.True(sent < inputs.Count, "nothing was published");
            await EngineReading.SendAsync(nodes[0], inputs.Skip(sent).Take(100), 20);
        }

        var journaled = new List<BarClosed>();
        await foreach (var closed in nodes[0].BarsAsync(
            symbol, Frame.OneMinute, new Timestamp(0), new Timestamp(long.MaxValue), patience.Token))
            journaled.Add(closed);
        var published = await bar;
        Assert.Equal(["ema(3)", "volatility(3)", "volatility(3)@1min"], published.Columns);
        Assert.Equal(
            Text(Assert.Single(journaled, closed => closed.Bar.OpenTime == published.Closed.Bar.OpenTime)), Text(published.Closed));
        var told = await volatility;
        Assert.Equal(("volatility(3)", Frame.OneMinute), (told.Indicator, told.Frame));
        Assert.Equal(Assert.Single(journaled, closed => closed.Bar.OpenTime == told.BarTime.Nanoseconds).Values[1], told.Value);

        static string Text(BarClosed closed) => Seen.Closed(closed.Symbol, closed.Frame, closed.Bar, closed.Values);
    }

    [Fact]
    public async Task Rejects_AreToldOfByTheNodeThatRefused()
    {
        var rejects = FirstAsync<RejectPublished>(Topics.Rejects, _ => true);
        var refused = new Reject(
            DateTimeOffset.UnixEpoch.AddSeconds(7), new Sender("tcp", "10.0.0.9:1", Source.Parse("feed")), Symbol.Parse("AAPL"),
            new RejectedInput(
                new Identity(Source.Parse("feed"), 1, 5), 3, new Rejection(RejectReason.PriceNotPositive, "price", "-3"), "{}"));
        await nodes[1].PublishAsync(UntilHeardAsync());
        Assert.Equal(
            new RejectPublished(
                new Timestamp(7 * Timestamp.Second), "tcp", Symbol.Parse("AAPL"), refused.Input.Id, refused.Input.Rejection, "{}"),
            await rejects);

        async IAsyncEnumerable<LiveReject> UntilHeardAsync()
        {
            while (!rejects.IsCompleted)
            {
                yield return new LiveReject(refused, 0);
                await Task.Delay(10, patience.Token);
            }
        }
    }

    [Fact]
    public async Task PlanIsChanged_ThoughASubscriberHasNone()
    {
        var changed = Plan.Parse("""{"frames":["1min"]}""");
        await nodes[1].ChangePlanAsync(changed, patience.Token);
        Assert.All(nodes, node => Assert.Equal(changed.Hash, node.Plan.Hash));
    }

    [Fact]
    public async Task SubscriberThatNoClusterLetsIn_SaysSo()
    {
        var refused = await Assert.ThrowsAsync<TimeoutException>(() => ClusterSubscriber.StartAsync(new SubscriberOptions
        {
            Seeds = [nodes[0].Address], Name = "another", StartPatience = TimeSpan.FromSeconds(2),
        }));
        Assert.Contains("'another'", refused.Message, StringComparison.Ordinal);
        Assert.Equal("Seeds", (await Assert.ThrowsAsync<ArgumentException>(
            () => ClusterSubscriber.StartAsync(new SubscriberOptions { Seeds = [] }))).ParamName);
    }

    private async Task<T> FirstAsync<T>(string topic, Predicate<T> isWanted)
    {
        await foreach (var message in subscriber.MessagesAsync(topic, patience.Token))
        {
            if (isWanted(Assert.IsType<T>(message))) return (T)message;
        }

        throw new InvalidOperationException("The topic has ended.");
    }
}
