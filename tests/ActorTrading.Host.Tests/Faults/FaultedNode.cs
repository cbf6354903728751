using System.Net;
using ActorTrading.Client;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.Host.Nodes;
using ActorTrading.Simulation;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Folding;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Faults;

/// <summary>
/// A node with a fault, while a feed sends a hostile market. At the end its state must equal the backtest of that market.
/// </summary>
internal sealed class FaultedNode : IAsyncDisposable
{
    private const int Block = 500;

    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder;
    private readonly FeedClient feed;
    private readonly List<Record> records;
    private readonly CancellationTokenSource over = new();
    private int taken;

    private FaultedNode(TemporaryFolder folder, Node node, List<Record> records)
    {
        this.folder = folder;
        this.records = records;
        Node = node;
        feed = new FeedClient(new FeedOptions
        {
            Port = node.Ingest.Address.Port, Source = Source.Parse("feed"), FirstBackOff = TimeSpan.FromMilliseconds(5),
            MaxBackOff = TimeSpan.FromMilliseconds(50),
        });
    }

    public Node Node { get; private set; }

    public string Data => Node.Options.Data;

    public FeedStatus Fed => feed.Status;

    public static async Task<FaultedNode> StartAsync(
        Func<NodeOptions, IJournalStore>? open = null, string? data = null, TimeProvider? time = null, int ticks = 30_000,
        long minFreeDisk = 0)
    {
        var folder = new TemporaryFolder();
        var records = MarketGenerator.Generate(MarketOptions.Hostile with { Ticks = ticks, Symbols = 20, Kinds = KindMix.Everything })
            .ToList();
        var options = RunningNode.Options(folder.Path) with { Time = time ?? TimeProvider.System, MinFreeDisk = minFreeDisk };
        if (data is not null) options = options with { Data = data };
        return new FaultedNode(folder, await Node.StartAsync(options, open: open), records);
    }

    /// <summary>Sends the records that are not sent yet: all, a number of them, or as many as possible before the test ends.</summary>
    public async Task SendAsync(int most = int.MaxValue)
    {
        for (var end = Math.Min(records.Count, (long)taken + most); taken < end; taken += Block)
            await feed.SendAsync(records.Slice(taken, Math.Min(Block, records.Count - taken)).ToArray(), over.Token);
        await feed.FlushAsync(over.Token);
    }

    /// <summary>Waits until the node has failed.</summary>
    public async Task<EngineStoppedException> FailureAsync() => await Assert.ThrowsAsync<EngineStoppedException>(async () =>
    {
        using var patience = new CancellationTokenSource(Timeout);
        await foreach (var _ in Node.Engine.SignalsAsync(Node.Hosted.LastSignal, patience.Token))
        {
        }
    });

    /// <summary>The answers of the failed node to queries and to senders.</summary>
    public async Task AssertItSaysSoAsync()
    {
        using var client = new HttpClient { BaseAddress = Node.Http[0] };
        using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal("failed", (await RunningNode.ReadAsync(ready, HttpStatusCode.ServiceUnavailable)).GetProperty("status").GetString());
        using var tick = new StringContent("""{"symbol":"AAPL","ts":1720522800000000000,"price":1,"size":1}""");
        using var sent = await client.PostAsync(new Uri("/ingest", UriKind.Relative), tick);
        Assert.Equal(
            "engine_stopped", (await RunningNode.ReadAsync(sent, HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString());
    }

    /// <summary>Stops the node as it is, and starts another one on its folder and port, without the fault.</summary>
    public async Task RestartAsync()
    {
        var options = Node.Options with { Port = Node.Ingest.Address.Port };
        await Node.DisposeAsync();
        Node = await Node.StartAsync(options);
    }

    /// <summary>Waits until everything is acknowledged. Then nothing is lost, nothing counts twice, and the ledger balances.</summary>
    public async Task EndAsync(Task sending)
    {
        await sending.WaitAsync(Timeout);
        var expected = new Market(Node.Plan, new FoldLog());
        foreach (var record in records) expected.OnRecord(record);
        Assert.Equal(expected.Hash(), await Node.Engine.HashAsync());
        Assert.Equal(records.Count, Fed.Acknowledged);
        Assert.All(await Node.Ingest.Running.LedgerAsync(default), line => Assert.True(line.IsBalanced, line.Source.Name));
        await Node.StopAsync();
        await Node.DisposeAsync();

        using var store = JournalStore.OpenExisting(Path.Combine(Data, JournalStore.FileName));
        var report = Verification.Run(store, Node.Plan);
        Assert.Empty(report.Faults);
        Assert.Equal(expected.Hash(), report.Hash);
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await feed.DisposeAsync();
        await Node.DisposeAsync();
        over.Dispose();
        folder.Dispose();
    }
}
