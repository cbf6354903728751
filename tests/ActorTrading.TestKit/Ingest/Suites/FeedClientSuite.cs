using System.Net;
using ActorTrading.Client;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Client;
using Xunit;

namespace ActorTrading.TestKit.Ingest.Suites;

/// <summary>Client and server together: whatever breaks, nothing is lost and nothing counts twice.</summary>
public abstract class FeedClientSuite<TListeners>(TListeners listeners) : IClassFixture<TListeners>
    where TListeners : class, IListeners
{
    private const int Count = 20_000;
    private static readonly IngestOptions Loopback = new() { Address = new IPEndPoint(IPAddress.Loopback, 0) };
    private static readonly Source Feed = Source.Parse("feed-1");

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public async Task ConnectionsBreakAndTheEngineCrashes_AndTheStateIsThatOfWhatWasSent(int seed, bool binary)
    {
        var random = new Random(seed);
        var batches = 0;
        await using var engine = new ControlledEngine
        {
            Fate = () => ++batches % 11 == 0 && batches < 300 ? (true, random.Next(2) == 0) : (false, true),
        };
        var options = Loopback with { MaxBatchRecords = 200 };
        var listener = listeners.Open(new IngestPipeline(engine), options);
        options = options with { Address = listener.Address };
        using var over = new CancellationTokenSource();
        var keeping = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                if (engine.IsDown)
                {
                    await listener.DisposeAsync(); // the whole server has gone
                    engine.Restart();
                    listener = listeners.Open(new IngestPipeline(engine), options);
                }

                await Task.Delay(1);
            }
        });
        await using var proxy = new ChaosProxy(listener.Address, seed, breaks: 40);
        var latencies = 0;
        await using var client = new FeedClient(Options(proxy.Port) with { Binary = binary, Window = 1_500, OnLatency = _ => latencies++ });
        var records = Ticks.Many(Count, Feed, epoch: 7, badEvery: 501)
            .Select(record => record.WithIdentity(record.Id with { Source = Feed })).ToArray();
        var acknowledged = 0L;
        for (var i = 0; i < Count; i += 100)
        {
            await client.SendAsync(records.AsMemory(i, 100)).AsTask().WaitAsync(Until.Limit);
            var now = client.Status.Acknowledged;
            Assert.InRange(now, acknowledged, i + 100);
            acknowledged = now;
            Assert.True(engine.Durable >= acknowledged); // what is acknowledged is on the disk
        }

        await client.FlushAsync().WaitAsync(Until.Limit);
        await over.CancelAsync();
        await keeping;
        await listener.DisposeAsync();
        var expected = new Market(engine.Plan, NoOutput.Instance);
        foreach (var record in records) expected.OnRecord(record);
        Assert.Equal(expected.Hashes(), engine.Hashes);
        Assert.Equal(expected.Ledger.Total().Applied + expected.Ledger.Total().Late, engine.Total.Applied + engine.Total.Late);
        Assert.True(engine.Total.IsBalanced);
        Assert.Equal(Count, client.Status.Acknowledged);
        Assert.Equal(Count / 100, latencies);
        Assert.True(
            proxy.Broken > 5 && engine.Crashes > 0 && client.Status.Connections >= proxy.Broken,
            $"{proxy.Broken} breaks, {engine.Crashes} crashes");
        Assert.True(client.Status.Sent > Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RecordsWithoutSeq_GetTheClientsOwn_SoThatTheyCanBeSentAgain(bool binary)
    {
        await using var engine = new ControlledEngine();
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback);
        await using var client = new FeedClient(Options(listener.Address.Port) with { Binary = binary, Epoch = 4, FirstSeq = 11 });
        var bare = Ticks.Many(3).Select(record => record.WithIdentity(Domain.Records.Identity.Anonymous)).ToArray();
        await client.SendAsync(bare);
        await client.FlushAsync().WaitAsync(Until.Limit);
        Assert.Equal(["feed-1/4/11", "feed-1/4/12", "feed-1/4/13"], engine.Records.Select(record => record.Id.ToString()));
    }

    [Fact]
    public async Task ServerThatComesLate_IsWaitedFor_AndAFullWindowHoldsTheSenderBack()
    {
        await using var engine = new ControlledEngine(commitsAtOnce: false);
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback);
        await using var client = new FeedClient(Options(listener.Address.Port) with { Window = 10 });
        var sending = client.SendAsync(Ticks.Many(25)).AsTask();
        await Until.True(() => client.Status.Sent == 10, "the window is full");
        Assert.False(sending.IsCompleted);
        while (!sending.IsCompleted || client.Status.Acknowledged < 25)
        {
            if (engine.Waiting > 0) engine.Commit();
            else await Task.Yield();
        }

        await sending;
        Assert.Equal((25L, 25L, 25L), (client.Status.Taken, client.Status.Sent, engine.Durable));
    }

    [Fact]
    public async Task ClientThatIsRefused_GivesUp_AndSaysWhy()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("access.json"), "{}"); // nobody may do anything
        using var nobody = AccessRules.Load(folder.File("access.json"));
        await using var engine = new ControlledEngine();
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback with { Access = nobody });
        await using var client = new FeedClient(Options(listener.Address.Port));
        var refusal = await Assert.ThrowsAsync<FeedRefusedException>(async () =>
        {
            await client.SendAsync(Ticks.Many(1)); // may come before the refusal or after it
            await client.FlushAsync().WaitAsync(Until.Limit);
        });
        Assert.Equal(IngestError.NotAllowed, refusal.Code);
        await Assert.ThrowsAsync<FeedRefusedException>(() => client.SendAsync(Ticks.Many(1)).AsTask());
        Assert.Equal(1, client.Status.Connections);
    }

    private static FeedOptions Options(int port) => new()
    {
        Source = Feed, Port = port, FirstBackOff = TimeSpan.FromMilliseconds(1), MaxBackOff = TimeSpan.FromMilliseconds(5),
    };
}
