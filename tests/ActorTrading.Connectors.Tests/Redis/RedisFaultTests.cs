using System.Diagnostics;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Connectors.Tests.Redis;

/// <summary>A server that stops, and connections that are cut, while records arrive.</summary>
public sealed class RedisFaultTests
{
    private const int Count = 4_000;

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ConnectionsCutAndServerKilled_LoseNothingAndDoubleNothing(bool isStream)
    {
        await using var rig = await RedisRig.StartAsync();
        var (key, group) = ("feed", "{feed}:actortrading:");
        var connector = rig.Start((isStream ? rig.In(key) : rig.OfList(key)) with { Batch = 40 });
        var random = new Random(14);
        for (var next = 1; next <= Count;)
        {
            for (var until = Math.Min(Count, next + random.Next(200, 600)); next <= until; next++)
            {
                if (isStream) await rig.AddAsync(key, $"{next}-{next % 3}", ("m", RedisRig.Tick($"S{next % 5}", next)));
                else await rig.Client.ListRightPushAsync(key, RedisRig.Tick($"S{next % 5}", next));
                if (random.Next(300) == 0) await rig.Redis.CutAsync();
            }

            if (random.Next(2) == 0) continue;
            rig.Redis.Kill();
            if (random.Next(2) == 0) await Until.True(() => connector.Status.Phase == ConnectorPhase.Connecting, "it is noticed");
            await rig.Redis.RestartAsync();
        }

        await UntilAsync(
            async () => isStream
                ? await rig.PendingAsync(key) == 0 && await rig.Client.HashGetAsync($"{group}state", "cursor") == $"{Count}-{Count % 3}"
                : await rig.Client.HashGetAsync($"{group}state", "done") == Count,
            "everything is settled");
        await rig.AssertStateAsync(
        [
            .. Enumerable.Range(1, Count).Select(i => RedisRig.Message(
                "redis/feed", isStream ? (i * 1_000_000L) + (i % 3) : i, RedisRig.Tick($"S{i % 5}", i))),
        ]);
        Assert.Equal(Count, (await rig.IngestPipeline.LedgerAsync()).Sum(line => line.Applied));
        Assert.NotEqual(0, connector.Status.Errors);
        await Until.True(() => connector.Status.Phase == ConnectorPhase.Running, "it is connected again");
        Assert.Equal(0, connector.Status.Lost);
    }

    [SkippableFact]
    public async Task ServerThatIsNotThereAtTheStart_IsWaitedFor()
    {
        await using var rig = await RedisRig.StartAsync();
        await rig.AddAsync("ticks", "1-0", ("m", RedisRig.Tick("A", 1)));
        rig.Redis.Kill();
        var connector = rig.Start(rig.In("ticks"));
        await Until.True(() => connector.Status.LastError is not null, "it fails");
        Assert.Equal(ConnectorPhase.Connecting, connector.Status.Phase);
        await rig.Redis.RestartAsync();
        await RedisRig.HandledAsync(connector, 1);
    }

    [SkippableFact]
    public async Task Connector_EndsAtOnce_WhileTheServerIsAway()
    {
        await using var rig = await RedisRig.StartAsync();
        var connector = rig.Start(rig.In("ticks"));
        await Until.True(() => connector.Status.Phase == ConnectorPhase.Running, "it reads");
        rig.Redis.Kill();
        await Until.True(() => connector.Status.Phase == ConnectorPhase.Connecting, "it is noticed");
        await connector.DisposeAsync();
        Assert.Equal(ConnectorPhase.Stopped, connector.Status.Phase);
    }

    [SkippableFact]
    public async Task FullEngine_HoldsTheReaderUp_AndTheLeaseLasts()
    {
        await using var rig = await RedisRig.StartAsync();
        for (var i = 1; i <= 2_000; i++) await rig.AddAsync("ticks", $"{i}-0", ("m", RedisRig.Tick("A", i)));
        rig.Journal.Stall();
        var connector = rig.Start(rig.In("ticks") with { Batch = 10, Lease = TimeSpan.FromSeconds(3) });
        await UntilAsync(async () => await rig.PendingAsync("ticks") >= 80, "it reads ahead");
        var lease = await rig.Client.StringGetAsync("{ticks}:actortrading:lease");
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(4.5); await Task.Delay(20))
            Assert.InRange(await rig.PendingAsync("ticks"), 80, 130);
        Assert.Equal(lease, await rig.Client.StringGetAsync("{ticks}:actortrading:lease"));
        rig.Journal.Resume();
        await RedisRig.HandledAsync(connector, 2_000);
        Assert.Equal(0, connector.Status.Errors);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !await condition(); await Task.Delay(5))
            Assert.True(watch.Elapsed < Until.Limit, $"It did not happen: {what}");
    }
}
