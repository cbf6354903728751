using ActorTrading.Client;
using ActorTrading.Client.Records;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.TestKit;
using Tick = ActorTrading.Client.Records.Tick;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>The .NET client with a node that is killed.</summary>
public sealed class DotNetClientTests : IDisposable
{
    private const int Records = 20_000;
    private const string Plan =
        """{ "frames": ["1min"], "rules": [{ "name": "high", "rule": "buy when close crosses above 130 on 1min" }] }""";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly long Opening = Timestamp.OfDate(2024, 7, 9).Nanoseconds + (13 * Timestamp.Hour);

    private readonly TemporaryFolder folder = new();
    private NodeProcess? node;

    public void Dispose()
    {
        node?.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task NodeIsKilled_WhileAFeedSendsAndStreamsAreRead_NothingIsLostAndNothingComesTwice()
    {
        var plan = folder.Write("plan.json", Plan);
        var (port, http) = (FreePort.Next(), FreePort.Next());
        using var limit = new CancellationTokenSource(Timeout);
        await StartAsync();
        using var client = new NodeClient(
            new NodeClientSettings { Address = new Uri($"http://127.0.0.1:{http}"), MaxBackOff = TimeSpan.FromMilliseconds(200) });
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var signals = ReadAsync(client.SignalsAsync(0, null, reading.Token));
        var bars = ReadAsync(client.BarsAsync(["AAPL"], "1min", new NanoTime(0), reading.Token));
        await using var feed = new Feed(
            new FeedSettings { Source = "desk", Port = port, Epoch = 3, Window = 500, MaxBackOff = TimeSpan.FromMilliseconds(200) });
        for (var sent = 0; sent < Records; sent += 500)
        {
            await feed.SendAsync(Enumerable.Range(sent, 500).Select(number => (MarketRecord)Sent(number)), limit.Token);
            if (sent is not (4_000 or 13_000)) continue;
            node!.Kill();
            node.Dispose();
            await StartAsync();
        }

        await feed.FlushAsync(limit.Token);
        Assert.Equal((Records, 0), (feed.Status.Acknowledged, feed.Status.Rejected));
        Assert.True(feed.Status.Connections >= 3, $"{feed.Status.Connections} connections");

        var expected = new Market(PlanOf(Plan), NoOutput.Instance);
        for (var number = 0; number < Records; number++) expected.OnRecord(Folded(number));
        Assert.Equal(expected.Hash().ToString(), await client.StateHashAsync(limit.Token));

        // All signals of the log, each once; every closed bar, each once.
        var last = await client.LastPositionAsync(limit.Token);
        Assert.True(last > 10, $"{last} signals");
        var closed = new List<Bar>();
        await foreach (var bar in client.HistoryAsync("AAPL", cancellation: limit.Token)) closed.Add(bar);
        while (signals.Count < last || bars.Count < closed.Count)
        {
            Assert.False(signals.Reading!.IsFaulted || bars.Reading!.IsFaulted, $"{signals.Reading.Exception} {bars.Reading!.Exception}");
            await Task.Delay(20, limit.Token);
        }

        await reading.CancelAsync();
        Assert.Equal(Enumerable.Range(1, (int)last), signals.Items.Select(signal => (int)signal.Position));
        Assert.Equal(signals.Count, signals.Items.Select(signal => signal.Id).Distinct().Count());
        Assert.Equal(closed.Select(bar => (bar.OpenTime, bar.Close, bar.Volume, bar.Ticks)),
            bars.Items.Select(bar => (bar.OpenTime, bar.Close, bar.Volume, bar.Ticks)));
        Assert.All(signals.Items, signal => Assert.Equal(("high", SignalAction.Buy), (signal.Name, signal.Action)));

        async Task StartAsync() =>
            node = await NodeProcess.StartAsync(folder.File("data"), port, "embedded", "--http-port", $"{http}", "--plan", plan);
    }

    private static Tick Sent(int number) =>
        new("AAPL", new NanoTime(Opening + (number * Timestamp.Second)), 100 + (number % 50), 1.5m + (number % 7));

    private static Domain.Records.Record Folded(int number) => Domain.Records.Record.OfTick(
        Symbol.Parse("AAPL"), new Domain.Records.Identity(Source.Parse("desk"), 3, number + 1),
            new Timestamp(Opening + (number * Timestamp.Second)),
        (100 + (number % 50)) * Fixed8.One, (Fixed8.One * 3 / 2) + (number % 7 * Fixed8.One));

    private static Domain.Plans.Plan PlanOf(string json) => Domain.Plans.Plan.Parse(json);

    private static Collected<T> ReadAsync<T>(IAsyncEnumerable<T> items)
    {
        var collected = new Collected<T>();
        collected.Reading = Task.Run(async () =>
        {
            await foreach (var item in items) collected.Add(item);
        });
        return collected;
    }

    private sealed class Collected<T>
    {
        private readonly List<T> items = [];

        public Task? Reading { get; set; }

        public int Count
        {
            get
            {
                lock (items) return items.Count;
            }
        }

        public IReadOnlyList<T> Items
        {
            get
            {
                lock (items) return [.. items];
            }
        }

        public void Add(T item)
        {
            lock (items) items.Add(item);
        }
    }
}
