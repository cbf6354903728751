using System.Net;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Admission;
using Xunit;

namespace ActorTrading.TestKit.Ingest.Suites;

/// <summary>
/// Callers with a quota, and a disk that is nearly full: clients wait, nothing is refused, and nothing that was acknowledged is lost.
/// </summary>
public abstract class PaceSuite<TListeners>(TListeners listeners) : IClassFixture<TListeners>, IDisposable
    where TListeners : class, IListeners
{
    private const int Quota = 100;

    private static readonly IngestOptions Loopback = new() { Address = new IPEndPoint(IPAddress.Loopback, 0) };

    private readonly TemporaryFolder folder = new();
    private readonly ManualTime time = new();
    private readonly ControlledEngine engine = new();
    private long free = 10_000;
    private AccessRules? rules;

    public void Dispose()
    {
        rules?.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallerWithAQuota_SendsNoFasterOnAllItsConnectionsTogether_AndNothingIsRefused(bool binary)
    {
        await using var pipeline = new IngestPipeline(engine, new IngestPipelineOptions { Time = time });
        await using var listener = listeners.Open(pipeline, Options with { IdleTimeout = TimeSpan.FromMinutes(2) }, time);
        var clients = new List<LineClient>();
        for (var number = 1; number <= 3; number++) clients.Add(await ConnectAsync(listener, $"feed-{number}", "slow"));
        using var other = await ConnectAsync(listener, "feed-9", "fast");
        var begun = time.GetTimestamp();
        foreach (var client in clients) await client.SendAsync(binary ? Ticks.Binary(Ticks.Many(500)) : Ticks.Text(Ticks.Many(500)));
        await Until.True(() => engine.Durable >= Quota, "the burst of one second is taken");
        var slack = binary ? Quota : 0; // frames are not cut
        await other.SendAsync(Ticks.Text(Ticks.Many(5_000)));
        await other.LineWithAsync("""{"ack":5000,"handled":5000}"""); // others do not wait
        await Until.True(time, TimeSpan.FromMilliseconds(50), IsOver, "all of it is taken");
        Assert.True(
            time.GetElapsedTime(begun) >= TimeSpan.FromSeconds((((3 * 500) - slack) / Quota) - 1), "it took as long as the quota says");
        foreach (var client in clients)
        {
            await client.LineWithAsync("""{"ack":500,"handled":500}""");
            client.Dispose();
        }

        Assert.Equal((6_500L, 0L), (engine.Total.Applied + engine.Total.Late, engine.Total.Rejected));

        bool IsOver()
        {
            var taken = engine.Durable - 5_000;
            Assert.True(
                taken <= slack + (Quota * (1 + time.GetElapsedTime(begun).TotalSeconds)), $"{taken} after {time.GetElapsedTime(begun)}");
            return taken == 3 * 500;
        }
    }

    [Fact]
    public async Task ClientThatWaitsForItsQuota_HearsHeartbeats_AndIsNeitherIdleNorSlow()
    {
        await using var pipeline = new IngestPipeline(engine, new IngestPipelineOptions { Time = time });
        await using var listener = listeners.Open(
            pipeline, Options with { IdleTimeout = TimeSpan.FromSeconds(20), PartialTimeout = TimeSpan.FromSeconds(20) }, time);
        using var client = await ConnectAsync(listener, "feed-1", "drop"); // one a second
        await client.SendAsync(Ticks.Text(Ticks.Many(61)));
        await client.LineWithAsync("""{"ack":1,"handled":1}""");
        for (var second = 0; second < 60; second++)
        {
            await Until.True(() => engine.Durable == second + 1 && listener.Connections is [{ InFlight: > 0 }], "the next one waits");
            Assert.Equal(TimeSpan.Zero, Assert.Single(listener.Connections).Lag); // the batch waits for the quota, not for the engine
            await Until.True(time, TimeSpan.FromMilliseconds(100), () => engine.Durable == second + 2, "it is its turn");
        }

        for (var beat = 0; beat < 3; beat++) await client.LineWithAsync("heartbeat");
        await client.LineWithAsync("""{"ack":61,"handled":61}""");
    }

    [Fact]
    public async Task CallerThatComesAgainAndAgain_GetsNoMoreThanItsQuota()
    {
        await using var pipeline = new IngestPipeline(engine, new IngestPipelineOptions { Time = time });
        await using var listener = listeners.Open(pipeline, Options, time);
        for (var round = 0; round < 20; round++)
        {
            using var client = await ConnectAsync(listener, "feed-1", "slow"); // which takes over from the one before
            await client.SendAsync(Ticks.Text(Enumerable.Range(1, Quota).Select(number => Ticks.Of((round * Quota) + number))));
            var local = client.Socket.LocalEndPoint;
            await Until.True(() => listener.Connections.Any(open => open.Remote!.Equals(local) && open.Records == Quota), "it is read");
        }

        await Until.True(() => listener.Totals.Open == 1, "all but the last have gone");
        Assert.InRange(engine.Durable, 1, Quota);
    }

    [Fact]
    public async Task DiskBelowItsMark_StopsTheReading_AndGoesOnAloneWhenThereIsRoom()
    {
        using var disk = NewDisk();
        await using var pipeline = new IngestPipeline(
            engine, new IngestPipelineOptions { Time = time, Disk = disk, MaxAhead = TimeSpan.FromDays(365) });
        await using var listener = listeners.Open(pipeline, Loopback with { MaxBatchRecords = 1_000, MaxRecordsInFlight = 5_000 }, time);
        using var client = await ConnectAsync(listener, "feed-1");
        await client.SendAsync(Ticks.Text(Ticks.Many(3)));
        await client.LineWithAsync("""{"ack":3,"handled":3}""");
        free = 999;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(disk.IsLow);
        var bytes = Ticks.Text(Ticks.Many(200_000)[3..]);
        var sending = client.SendAsync(bytes);
        await Until.True(() => listener.Connections is [{ InFlight: 1 }], "a batch waits");
        for (var hour = 0; hour < 3; hour++)
        {
            time.Advance(TimeSpan.FromHours(1)); // neither idle nor slow: it is the node that keeps the client waiting
            await client.LineWithAsync("heartbeat");
        }

        Assert.Equal(3, engine.Durable);
        Assert.False(sending.IsCompleted);
        using var late = await ConnectAsync(listener, "feed-2"); // the connection is accepted; its records wait
        free = 1_050;
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(disk.IsLow); // a little above the mark is not enough
        Assert.Equal(3, engine.Durable);
        free = 1_125;
        time.Advance(TimeSpan.FromSeconds(1));
        await sending;
        await client.LineWithAsync("""{"ack":200000,"handled":200000}""");
        await late.SendAsync(Ticks.Text(Ticks.Many(2)));
        await late.LineWithAsync("""{"ack":2,"handled":2}""");
        Assert.Equal((200_002L, 0L, 0L), (engine.Total.Applied + engine.Total.Late, engine.Total.Duplicate, engine.Total.Rejected));
    }

    [Fact]
    public async Task ServerThatIsStoppedWhileTheDiskIsLow_GivesUpWhatWaits_AndAcknowledgesNoneOfIt()
    {
        using var disk = NewDisk();
        await using var pipeline = new IngestPipeline(engine, new IngestPipelineOptions { Time = time, Disk = disk });
        await using var listener = listeners.Open(pipeline, Loopback with { MaxBatchRecords = 10 }, time);
        using var client = await ConnectAsync(listener, "feed-1");
        await client.SendAsync(Ticks.Text(Ticks.Many(3)));
        await client.LineWithAsync("""{"ack":3,"handled":3}""");
        free = 999;
        time.Advance(TimeSpan.FromSeconds(1));
        await client.SendAsync(Ticks.Text(Ticks.Many(1_000)[3..]));
        await Until.True(() => listener.Connections is [{ InFlight: >= 1 }], "a batch waits");
        var stopping = listener.StopAsync();
        await client.LineWithAsync("shutting_down");
        Assert.Null(await client.LineAsync());
        client.Dispose();
        await stopping.WaitAsync(Until.Limit);
        Assert.Equal(3, engine.Durable);
    }

    private IngestOptions Options => Loopback with { Access = rules ??= Rules() };

    private AccessRules Rules()
    {
        var path = folder.File("access.json");
        File.WriteAllText(path, Tokens.Lengthen($$$"""
            {"tokens":[
              {"name":"slow","token":"slow","sources":["feed-*"],"limits":{"records_per_second":{{{Quota}}}}},
              {"name":"drop","token":"drop","sources":["feed-*"],"limits":{"records_per_second":1}},
              {"name":"fast","token":"fast","sources":["feed-*"]}]}
            """));
        return AccessRules.Load(path, time: time);
    }

    private DiskWatch NewDisk() => new([folder.Path], mark: 1_000, _ => free, time);

    private static async Task<LineClient> ConnectAsync(IngestListener listener, string source, string? token = null)
    {
        var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync(
            token is null ? $"{{\"hello\":\"{source}\"}}\n" : $"{{\"hello\":\"{source}\",\"token\":\"{Tokens.Long(token)}\"}}\n");
        await client.LineWithAsync("hello");
        return client;
    }
}
