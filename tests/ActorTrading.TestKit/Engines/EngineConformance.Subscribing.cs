using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.TestKit.Folding;
using Xunit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.TestKit.Engines;

/// <summary>The list of subscribed symbols, for every engine.</summary>
public abstract partial class EngineConformance
{
    private static readonly Symbol Apple = Symbol.Parse("AAPL");
    private static readonly Symbol Bitcoin = Symbol.Parse("BTC/USD");

    [Fact]
    public async Task WithoutAList_EverySymbolIsTaken()
    {
        await using var engine = await OpenAsync(EveryFrame);
        var subscriptions = await engine.SubscriptionsAsync();
        Assert.False(subscriptions.HasList);
        Assert.Empty(subscriptions.Symbols);
        Assert.True(subscriptions.Take(Apple));
        await engine.SubscribeAsync([]);
        await engine.UnsubscribeAsync([]);
        Assert.False((await engine.SubscriptionsAsync()).HasList);
    }

    [Fact]
    public async Task UnsubscribedSymbol_IsRefused_CountedAndNotJournaled_AndItsStateStays_AlsoAfterACrash()
    {
        var inputs = HostileMarkets.Stream(seed: 71, count: 900, step: 3 * Timestamp.Second);
        var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs.Take(400), 20);
        var hash = await engine.HashAsync();
        await engine.UnsubscribeAsync([Bitcoin]);
        Assert.Equal(hash, await engine.HashAsync());
        var bitcoin = Domain.Folding.StateHash.Of((await engine.StateAsync(Bitcoin))!);
        Assert.Equal([Apple], (await engine.SubscriptionsAsync()).Symbols);
        await CrashAsync(engine);

        engine = await OpenAsync(EveryFrame);
        Assert.Equal(hash, await engine.HashAsync());
        var before = (await engine.LedgerAsync()).Sum(line => line.Rejected);
        Record[] sent = [.. inputs.Skip(400).Where(input => input.Clock is null).Select(input => input.Record)];
        var result = await (await engine.SubmitAsync(sent)).Durable;
        Assert.Equal(
            sent.Index().Where(pair => pair.Item.Symbol.Equals(Bitcoin)).Select(pair => pair.Index),
            result.Refused.Where(refused => refused.Rejection.Reason == RejectReason.NotSubscribed).Select(refused => refused.Index));
        Assert.Contains(result.Refused, refused => refused.Rejection == new Rejection(RejectReason.NotSubscribed, "symbol", "BTC/USD"));
        Assert.Equal(before + result.Refused.Count, (await engine.LedgerAsync()).Sum(line => line.Rejected));
        Assert.All(await engine.LedgerAsync(), line => Assert.True(line.IsBalanced));
        Assert.Equal(bitcoin, Domain.Folding.StateHash.Of((await engine.StateAsync(Bitcoin))!));
        Assert.Contains(await engine.SymbolsAsync(), summary => summary.Symbol.Equals(Bitcoin));

        // A sender that resends a rejected record does not lose it.
        await engine.SubscribeAsync([Bitcoin]);
        await EngineReading.SendAsync(
            engine, inputs.Skip(400).Where(input => input.Clock is null && input.Record.Symbol.Equals(Bitcoin)), 50);
        var accepted = (await engine.LedgerAsync()).Sum(line => line.Applied + line.Late);
        await engine.DrainAsync();
        await engine.DisposeAsync();
        Assert.True(accepted > result.Applied + result.Late);
    }

    [Fact]
    public async Task FirstSubscription_MakesTheList_WhichSurvives()
    {
        var engine = await OpenAsync(EveryFrame);
        await engine.SubscribeAsync([Bitcoin, Apple, Apple]);
        await engine.SubscribeAsync([Symbol.Parse("MSFT")]);
        await engine.UnsubscribeAsync([Apple, Symbol.Parse("GHOST")]);
        await engine.SubscribeAsync([Bitcoin]);
        Assert.Equal(["BTC/USD", "MSFT"], (await engine.SubscriptionsAsync()).Symbols.Select(symbol => symbol.Name));
        await CrashAsync(engine);
        await using var next = await OpenAsync(EveryFrame);
        var subscriptions = await next.SubscriptionsAsync();
        Assert.Equal(["BTC/USD", "MSFT"], subscriptions.Symbols.Select(symbol => symbol.Name));
        Assert.True(subscriptions.Take(Symbol.Economy));
        Assert.False(subscriptions.Take(Apple));
        await next.UnsubscribeAsync([Bitcoin, Symbol.Parse("MSFT")]);
        Assert.True((await next.SubscriptionsAsync()).HasList);
        Assert.Empty(await next.SymbolsAsync());
        var records = HostileMarkets.Records(seed: 72, count: 30, step: Timestamp.Second)
            .Where(record => !record.Symbol.Equals(Symbol.Economy)).ToArray();
        var result = await (await next.SubmitAsync(records)).Durable;
        Assert.Equal(records.Length, result.Refused.Count);
    }

    [Fact]
    public async Task ListTakenAway_LeavesTheEngineAsIfNoneHadBeenSet_AlsoAfterACrash()
    {
        var ghost = Symbol.Parse("GHOST");
        Record[] batch = [.. new[] { Apple, ghost }.Select((symbol, i) => Record.OfTick(
            symbol, new(Source.Parse("feed"), 0, i), new Timestamp(1_700_000_000 * Timestamp.Second), 100, 1))];
        var engine = await OpenAsync(EveryFrame);
        await engine.ClearSubscriptionsAsync(); // there is no list
        await engine.SubscribeAsync([Apple]);
        Assert.Single((await (await engine.SubmitAsync(batch)).Durable).Refused);
        await engine.ClearSubscriptionsAsync();
        Assert.False((await engine.SubscriptionsAsync()).HasList);
        var result = await (await engine.SubmitAsync(batch)).Durable;
        Assert.Equal((1, 1, 0), (result.Applied, result.Duplicate, result.Refused.Count));
        await CrashAsync(engine);
        await using var next = await OpenAsync(EveryFrame);
        Assert.False((await next.SubscriptionsAsync()).HasList);
        await next.SubscribeAsync([ghost]); // the first subscription creates a list again
        Assert.Equal([ghost], (await next.SubscriptionsAsync()).Symbols);
        await next.DrainAsync();
        await Assert.ThrowsAsync<EngineStoppedException>(() => next.ClearSubscriptionsAsync());
        Assert.Empty(Verify().Faults);
    }

    [Fact]
    public async Task ManySubscribersAtOnce_AllGetTheirSymbols()
    {
        var engine = await OpenAsync(EveryFrame);
        Symbol[] symbols = [.. Enumerable.Range(0, 60).Select(number => Symbol.Parse($"S{number:00}"))];
        await Task.WhenAll(symbols.Select(symbol => engine.SubscribeAsync([symbol])));
        Assert.Equal(symbols, (await engine.SubscriptionsAsync()).Symbols);
        await CrashAsync(engine);
        await using var next = await OpenAsync(EveryFrame);
        Assert.Equal(symbols, (await next.SubscriptionsAsync()).Symbols);
        await next.DrainAsync();
        await Assert.ThrowsAsync<EngineStoppedException>(() => next.SubscribeAsync([Apple]));
    }
}
