using System.Text.Json;
using ActorTrading.Connectors.Messages;
using ActorTrading.Connectors.Outbound;
using ActorTrading.Connectors.Redis;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Ingest;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Tests.Redis;

/// <summary>Results on a real server.</summary>
public sealed class RedisOutTests
{
    private const int Ticks = 3_000;

    [SkippableFact]
    public async Task Signals_AreThereOnceEach_WhateverIsCutOrKilled()
    {
        await using var rig = await RedisRig.StartAsync();
        var options = Signals(rig) with { Stream = "signals", Channel = "signals.{symbol}" };
        var heard = 0;
        await rig.Client.Multiplexer.GetSubscriber()
            .SubscribeAsync(RedisChannel.Pattern("signals.*"), (_, _) => Interlocked.Increment(ref heard));
        var connector = rig.Start(options);
        var random = new Random(3);
        for (var round = 0; round < 6; round++)
        {
            var sending = SendAsync(rig, round * Ticks / 6, Ticks / 6);
            await Task.Delay(random.Next(30));
            await rig.Redis.CutAsync();
            if (round % 2 == 1)
            {
                rig.Redis.Kill();
                await rig.Redis.RestartAsync();
            }

            await sending;
            if (round == 3)
            {
                await connector.DisposeAsync();
                connector = rig.Start(options);
            }
        }

        var logged = await EngineReading.SignalsAsync(rig.Engine, 0, SignalsOf(Ticks));
        Assert.True(logged.Count > 100, $"{logged.Count} signals");
        await UntilAsync(async () => await rig.Client.StreamLengthAsync("signals") >= logged.Count, "all are there");
        var sent = await rig.Client.StreamRangeAsync("signals");
        Assert.Equal(logged.Select(signal => signal.Signal.Id), sent.Select(entry => (string)entry["id"]!));
        Assert.Equal(logged.Select(signal => $"{signal.Position}"), sent.Select(entry => (string)entry["position"]!));
        Assert.All(
            sent,
            entry => Assert.Equal(entry["id"], JsonDocument.Parse((string)entry["message"]!).RootElement.GetProperty("id").GetString()));
        await Until.True(() => Volatile.Read(ref heard) > 0, "a subscriber has heard some");
        Assert.Equal(sent[^1]["position"], await rig.Client.HashGetAsync("{signals}:results:state", "position"));
    }

    [SkippableFact]
    public async Task LatestValues_AreThoseOfTheLastBarAndSignal()
    {
        await using var rig = await RedisRig.StartAsync();
        var bars = Bars(rig) with { Name = "bars", Latest = "latest" };
        var signals = Signals(rig) with { Name = "signals", Latest = "latest" };
        var (ofBars, ofSignals) = (rig.Start(bars), rig.Start(signals));
        await SendAsync(rig, 0, 600);
        await Until.True(() => ofSignals.Status.Messages == SignalsOf(600), "the signals are there");
        var last = (await EngineReading.SignalsAsync(rig.Engine, 0, SignalsOf(600)))
            .Last(signal => signal.Signal.Symbol.Name == "S1").Signal;
        var live = JsonDocument.Parse((string)(await rig.Client.HashGetAsync("latest:S1", "signal"))!).RootElement;
        Assert.Equal(last.Id, live.GetProperty("id").GetString());
        Assert.True(await rig.Client.HashExistsAsync("latest:S1", $"signal.{last.RuleName}"));

        var expected = await ExpectedBarAsync(rig);
        await UntilAsync(
            async () => await rig.Client.HashGetAsync("latest:S1", "1min.open_time") == expected.Time, "the last bar is there");
        Assert.Equal(expected.Close, await rig.Client.HashGetAsync("latest:S1", "last"));
        Assert.Equal(expected.Close, await rig.Client.HashGetAsync("latest:S1", "1min.close"));
        Assert.True((await rig.Client.HashGetAsync("latest:S1", "1min.ema(3)")).HasValue);
        await Until.True(() => ofBars.Status.Messages > 0, "they are counted");
    }

    [SkippableFact]
    public async Task SecondSender_DoublesNothing()
    {
        await using var rig = await RedisRig.StartAsync();
        await SendAsync(rig, 0, 300);
        var options = Signals(rig) with { Stream = "signals" };
        await using var one = new RedisResultTarget(options);
        await using var other = new RedisResultTarget(options);
        Assert.Null(await one.OpenAsync(default));
        Assert.Null(await other.OpenAsync(default));
        await one.SendAsync(Result(1), default);
        await one.SendAsync(Result(2), default);
        var refused = await Assert.ThrowsAsync<ConnectorException>(() => other.SendAsync(Result(1), default));
        Assert.Contains("results up to 2 are there", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ConnectorException>(() => other.SendAsync(Result(2), default)); // later ones are blocked, too
        Assert.Equal(new ResultPosition(2), await other.OpenAsync(default));
        await other.SendAsync(Result(3), default);
        await Assert.ThrowsAsync<ConnectorException>(() => one.SendAsync(Result(3), default));
        Assert.Equal(["1", "2", "3"], (await rig.Client.StreamRangeAsync("signals")).Select(entry => (string)entry["position"]!));
    }

    [SkippableFact]
    public async Task Stream_KeepsAboutAsManyEntriesAsTheSettingsSay()
    {
        await using var rig = await RedisRig.StartAsync();
        await using var target = new RedisResultTarget(Signals(rig) with { Stream = "signals", MaxLength = 100 });
        await target.OpenAsync(default);
        for (var i = 1; i <= 1_000; i++) await target.SendAsync(Result(i), default);
        Assert.InRange(await rig.Client.StreamLengthAsync("signals"), 100, 300);
    }

    private static RedisOutOptions Signals(RedisRig rig) => new("results")
    {
        Server = new RedisServer { Addresses = [rig.Redis.Address] },
        Results = new ResultOptions { Kind = ResultKind.Signals, FromFirst = true },
    };

    private static RedisOutOptions Bars(RedisRig rig) =>
        Signals(rig) with { Results = new ResultOptions { Kind = ResultKind.Bars, FromFirst = true } };

    private static ResultMessage Result(long position) => new(new ResultPosition(position))
    {
        Id = $"id-{position}", Key = "A", Topic = "rule", Value = "{}"u8.ToArray(),
    };

    private static async Task SendAsync(RedisRig rig, int from, int count)
    {
        var messages = Enumerable.Range(from + 1, count).Select(i => RedisRig.Message("test", i, RedisRig.Tick($"S{i % 3}", i))).ToArray();
        await (await new MessageIngest(rig.IngestPipeline, new MessageReading(), "test", "test").SubmitAsync(messages)).Durable;
    }

    /// <summary>The number of signals of the first ticks.</summary>
    private static int SignalsOf(int count)
    {
        var source = Domain.Values.Source.Parse("test");
        var records = Enumerable.Range(1, count).Select(i => Domain.Records.Record.OfTick(
            Domain.Values.Symbol.Parse($"S{i % 3}"), new(source, 0, i), new(RedisRig.Time(i) * Domain.Values.Timestamp.Second),
            RedisRig.Price(i) * Domain.Values.Fixed8.One, RedisRig.Size(i) * Domain.Values.Fixed8.One));
        return EngineReading.MarketOf(RedisRig.Plan, EngineReading.Inputs(records)).Log.Signals.Count;
    }

    /// <summary>The time and the close of the last closed one-minute bar of S1.</summary>
    private static async Task<(string Time, string Close)> ExpectedBarAsync(RedisRig rig)
    {
        var symbol = Domain.Values.Symbol.Parse("S1");
        Engine.BarClosed? last = null;
        var end = new Domain.Values.Timestamp(long.MaxValue);
        await foreach (var bar in rig.Engine.BarsAsync(symbol, Domain.Calendars.Frame.OneMinute, default, end)) last = bar;
        return (last!.Bar.Opened.ToString(), $"{last.Bar.Close / 100_000_000}");
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); !await condition(); await Task.Delay(5))
            Assert.True(watch.Elapsed < Until.Limit, $"It did not happen: {what}");
    }
}
