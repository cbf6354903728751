using ActorTrading.Connectors.Messages;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Connectors.Tests.Redis;

/// <summary>A list whose elements are consumed, on a real server.</summary>
public sealed class RedisListTests
{
    private const string List = "processed_data";
    private const string Source = "redis/processed_data";
    private const string UnderWay = "{processed_data}:actortrading:processing";

    [SkippableFact]
    public async Task MessagesOfTheIngestor_AreTakenAsTheyAre()
    {
        await using var rig = await RedisRig.StartAsync();
        string[] messages =
        [
            """{"stock_symbol":"AAPL","opening_price":227.1,"closing_price":227.9,"high":228,"low":227,"volume":1200,"timestamp":1720522800.25}""",
            """{"data_type":"order_book","timestamp":1720522801.5,"stock_symbol":"AAPL","order_type":"buy","price":227.98,"quantity":3}""",
            """{"data_type":"news_sentiment","timestamp":1720522802.5,"stock_symbol":"AAPL","sentiment_score":0.8,"sentiment_magnitude":0.4}""",
            """{"data_type":"market_data","timestamp":1720522803.5,"stock_symbol":"AAPL","market_cap":3400000000000,"pe_ratio":34.9}""",
            """{"data_type":"economic_indicator","timestamp":1720522804.5,"indicator_name":"GDP Growth Rate","value":2.1}""",
        ];
        foreach (var message in messages) await rig.Client.ListRightPushAsync(List, message);
        var connector = rig.Start(rig.OfList(List));
        await RedisRig.HandledAsync(connector, 5);
        Assert.Equal(0, connector.Status.Rejected);
        await rig.AssertStateAsync([.. messages.Select((message, i) => RedisRig.Message(Source, i + 1, message))]);
        Assert.Equal(5, (await rig.Engine.LedgerAsync()).Sum(line => line.Applied));
        Assert.Equal(0, await rig.Client.ListLengthAsync(List) + await rig.Client.ListLengthAsync(UnderWay));
    }

    [SkippableFact]
    public async Task Element_StaysInRedis_UntilItIsDurable()
    {
        await using var rig = await RedisRig.StartAsync();
        rig.Journal.Stall();
        for (var i = 1; i <= 20; i++) await rig.Client.ListRightPushAsync(List, RedisRig.Tick("A", i));
        var connector = rig.Start(rig.OfList(List) with { Batch = 4 });
        await UntilAsync(async () => await rig.Client.ListLengthAsync(UnderWay) == 20, "all are under way");
        Assert.Equal(0, connector.Status.Messages);
        await UntilAsync(() => Task.FromResult(connector.Status.Lag == 20), "all wait");
        rig.Journal.Resume();
        await RedisRig.HandledAsync(connector, 20);
        Assert.Equal(0, await rig.Client.ListLengthAsync(UnderWay));
        await rig.AssertStateAsync(Ticks(1, 20));
    }

    [SkippableFact]
    public async Task ElementsUnderWayAtACrash_HaveTheSameNumbersAgain()
    {
        await using var rig = await RedisRig.StartAsync();
        for (var i = 1; i <= 30; i++) await rig.Client.ListRightPushAsync(List, RedisRig.Tick("A", i));
        var first = rig.Start(rig.OfList(List));
        await RedisRig.HandledAsync(first, 30);
        await first.DisposeAsync();

        // Like a crash before the last ten were settled, which were durable.
        for (var i = 21; i <= 30; i++) await rig.Client.ListRightPushAsync(UnderWay, RedisRig.Tick("A", i));
        await rig.Client.HashSetAsync("{processed_data}:actortrading:state", "done", 20);
        foreach (var file in Directory.GetFiles(rig.Folder.Path, "*.cursor")) File.Delete(file);
        for (var i = 31; i <= 40; i++) await rig.Client.ListRightPushAsync(List, RedisRig.Tick("A", i));
        var second = rig.Start(rig.OfList(List) with { Batch = 3 });
        await RedisRig.HandledAsync(second, 20);
        await rig.AssertStateAsync(Ticks(1, 40));
        var line = Assert.Single(await rig.IngestPipeline.LedgerAsync());
        Assert.Equal((40, 10), (line.Applied, line.Duplicate));
    }

    [SkippableFact]
    public async Task ListPushedAtTheLeft_IsTakenFromTheRight()
    {
        await using var rig = await RedisRig.StartAsync();
        for (var i = 1; i <= 20; i++) await rig.Client.ListLeftPushAsync(List, RedisRig.Tick("A", i));
        var connector = rig.Start(rig.OfList(List) with { IsPushedLeft = true, Batch = 6 });
        await RedisRig.HandledAsync(connector, 20);
        await rig.AssertStateAsync(Ticks(1, 20));
    }

    [SkippableFact]
    public async Task Poison_IsADeadLetterOnce()
    {
        await using var rig = await RedisRig.StartAsync();
        await rig.Client.ListRightPushAsync(List, ["{no json", RedisRig.Tick("A", 1), "", RedisRig.Tick("A", 2)]);
        var connector = rig.Start(rig.OfList(List));
        await RedisRig.HandledAsync(connector, 4);
        var dead = await rig.Client.StreamRangeAsync("{processed_data}:actortrading:dead");
        Assert.Equal([("1", "{no json"), ("3", "")], dead.Select(entry => ((string)entry["id"]!, (string)entry["message"]!)));
        Assert.All(dead, entry => Assert.StartsWith("malformed: ", (string)entry["reason"]!, StringComparison.Ordinal));
        await rig.AssertStateAsync(RedisRig.Message(Source, 2, RedisRig.Tick("A", 1)), RedisRig.Message(Source, 4, RedisRig.Tick("A", 2)));
    }

    [SkippableFact]
    public async Task RedisThatLostWrites_IsTold_AndLosesNoElement()
    {
        await using var rig = await RedisRig.StartAsync();
        for (var i = 1; i <= 10; i++) await rig.Client.ListRightPushAsync(List, RedisRig.Tick("A", i));
        var first = rig.Start(rig.OfList(List));
        await RedisRig.HandledAsync(first, 10);
        await first.DisposeAsync();
        await rig.Client.ExecuteAsync("FLUSHALL");

        for (var i = 11; i <= 15; i++) await rig.Client.ListRightPushAsync(List, RedisRig.Tick("A", i));
        var second = rig.Start(rig.OfList(List));
        await RedisRig.HandledAsync(second, 5);
        Assert.True(rig.Log.Has("Redis has lost writes"));
        await rig.AssertStateAsync(
            [.. Ticks(1, 10), .. Enumerable.Range(11, 5).Select(i => RedisRig.Message(Source, i - 10, RedisRig.Tick("A", i), epoch: 1))]);
    }

    [SkippableFact]
    public async Task Restarts_UnderLoad_LoseNothingAndDoubleNothing()
    {
        await using var rig = await RedisRig.StartAsync();
        const int Count = 3_000;
        var pushing = Task.Run(async () =>
        {
            for (var i = 1; i <= Count; i++) await rig.Client.ListRightPushAsync(List, RedisRig.Tick($"S{i % 7}", i));
        });
        var connector = rig.Start(rig.OfList(List) with { Batch = 50 });
        for (var round = 1; round <= 4; round++)
        {
            await UntilAsync(() => Task.FromResult(connector.Status.Messages > round * 40 || pushing.IsCompleted), "some are taken");
            await connector.DisposeAsync();
            connector = rig.Start(rig.OfList(List) with { Batch = 50 });
        }

        await pushing;
        await UntilAsync(
            async () => (long)await rig.Client.HashGetAsync("{processed_data}:actortrading:state", "done") == Count, "all are settled");
        await rig.AssertStateAsync([.. Enumerable.Range(1, Count).Select(i => RedisRig.Message(Source, i, RedisRig.Tick($"S{i % 7}", i)))]);
    }

    private static InboundMessage[] Ticks(int from, int to) =>
        [.. Enumerable.Range(from, to - from + 1).Select(i => RedisRig.Message(Source, i, RedisRig.Tick("A", i)))];

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); !await condition(); await Task.Delay(5))
            Assert.True(watch.Elapsed < Until.Limit, $"It did not happen: {what}");
    }
}
