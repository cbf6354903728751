using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Explaining;
using ActorTrading.TestKit.Folding;
using Xunit;

namespace ActorTrading.TestKit.Engines;

/// <summary>Explanations of signals, for every engine.</summary>
public abstract partial class EngineConformance
{
    [Fact]
    public async Task EverySignal_IsExplained_AsItWasLogged_AlsoAfterACrash()
    {
        var inputs = HostileMarkets.Stream(seed: 51, count: 1_200, step: 5 * Timestamp.Second);
        var (_, log) = EngineReading.MarketOf(EveryFrame, inputs);
        var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs, 25);
        await CrashAsync(engine);
        await using var next = await OpenAsync(EveryFrame);
        var before = 0;
        for (var i = 0; i < log.Signals.Count; i += 1 + (log.Signals.Count / 60))
        {
            var signal = log.Signals[i];
            var explained = (await next.ExplainAsync(signal.Id))!;
            Assert.Equal(ExplanationOutcome.Same, explained.Outcome);
            Assert.Equal(signal.Id, explained.Id.ToString());
            Assert.Equal(Seen.Signal(signal), Seen.Signal(explained.Logged!.Signal));
            Assert.Equal(Seen.Signal(signal), Seen.Signal(explained.Refolded!));
            Assert.Equal(
                signal.Values.Select(value => (value.Name, Seen.Bits(value.Value))),
                explained.Values.Select(value => (value.Name, Seen.Bits(value.At))));
            Assert.Equal((signal.BarTime, signal.Price), (explained.Bar!.Value.Opened, explained.Bar.Value.Close));
            Assert.StartsWith("Rule: ", explained.Rule[0], StringComparison.Ordinal);
            Assert.True(explained.Event > 0);
            before += explained.Values.Count(value => !double.IsNaN(value.Before) && Seen.Bits(value.Before) != Seen.Bits(value.At));
        }

        Assert.True(before > 10);
    }

    [Fact]
    public async Task Explanation_HasTheTicksOfTheBar_AndTheValuesBeforeIt()
    {
        var plan = Domain.Plans.Plan.Parse("""{"frames":["1min"],"indicators":["sma(2)"],"rules":["alert when close > sma(2) on 1min"]}""");
        await using var engine = await OpenAsync(plan);
        var symbol = Symbol.Parse("BTC/USD");
        var feed = Source.Parse("feed");
        long[] prices = [10, 11, 12, 9, 8, 7, 30, 20, 21];
        Domain.Records.Record[] ticks = [.. prices.Select((price, i) => Domain.Records.Record.OfTick(
            symbol, new Identity(feed, 0, i), new Timestamp((1_700_000_040 + (20 * i)) * Timestamp.Second), price * Fixed8.One,
            Fixed8.One))];
        var late = Domain.Records.Record.OfTick(symbol, new Identity(feed, 1, 0), ticks[1].Time, 99 * Fixed8.One, Fixed8.One);
        await (await engine.SubmitAsync(ticks.Append(late).Append(Domain.Records.Record.OfTick(
            symbol, new Identity(feed, 1, 1), new Timestamp(ticks[^1].Time.Nanoseconds + Timestamp.Minute), 20 * Fixed8.One, 1))
            .ToArray())).Durable;

        var signal = Assert.Single(await EngineReading.SignalsAsync(engine, 0, 1)).Signal;
        var explained = (await engine.ExplainAsync(signal.Id))!;
        Assert.Equal([6L, 7, 8], explained.Records.Select(record => record.Id.Seq));
        Assert.Equal(3, explained.RecordsOfBar);
        Assert.Equal(
            [("close@1min", 7.0, 21.0), ("sma(2)@1min", 9.5, 14.0)],
            explained.Values.Select(value => (value.Name, value.Before, value.At)));
        Assert.Equal(
            (30, 20, 30),
            (explained.Bar!.Value.High / Fixed8.One, explained.Bar.Value.Low / Fixed8.One, explained.Bar.Value.Open / Fixed8.One));
        Assert.Equal(Frame.OneMinute, explained.Id.Frame);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAPL")]
    [InlineData("AAPL/buy-00000000/1min/0")]
    [InlineData("AAPL/buy-00000000/1min/0/0")]
    [InlineData("GHOST/buy-00000000/3min/x/-1")]
    public async Task UnknownSignal_HasNoExplanation(string id)
    {
        await using var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, HostileMarkets.Stream(seed: 52, count: 50, step: Timestamp.Second), 25);
        Assert.Null(await engine.ExplainAsync(id));
    }

    [Fact]
    public void SignalIds_AreReadAsTheyAreSpelled()
    {
        var id = new SignalId(Symbol.Parse("BTC/USD"), "buy-0a1b2c3d", Frame.FifteenMinutes, new Timestamp(-5), 3);
        Assert.Equal("BTC/USD/buy-0a1b2c3d/15min/-5/3", id.ToString());
        Assert.True(SignalId.TryParse(id.ToString(), out var read));
        Assert.Equal(id, read);
    }
}
