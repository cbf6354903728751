using ActorTrading.Connectors.Exchanges;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Connectors.Tests.Exchanges;

/// <summary>Symbols are added and removed while the connector runs, and their decimals are requested.</summary>
public sealed class SymbolTests
{
    [Fact]
    public async Task SymbolsAreAddedAndRemoved_WhileTheConnectionGoesOn()
    {
        var recorded = RecordedSession.Read("binance-trades");
        var session = recorded.With((steps, trades) =>
        {
            List<Step> btc = [
                .. trades.Select(place => steps[place]).Where(step => step.Text.Contains("BTCUSDT", StringComparison.Ordinal))];
            List<Step> eth = [
                .. trades.Select(place => steps[place]).Where(step => step.Text.Contains("ETHUSDT", StringComparison.Ordinal))];
            return
            [
                [
                    new Step(StepKind.Expect, "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@trade\"]}"), .. btc[..5],
                    new Step(StepKind.Expect, "{\"method\":\"SUBSCRIBE\",\"params\":[\"ethusdt@trade\"]}"), .. eth[..^1],
                    new Step(StepKind.Expect, "{\"method\":\"UNSUBSCRIBE\",\"params\":[\"btcusdt@trade\"]}"), .. btc[6..], eth[^1],
                ],
            ];
        }) with { Options = recorded.Options with { Symbols = ["BTCUSDT"] } };
        var (btc, eth) = (LinesOf(session, "BTCUSDT"), LinesOf(session, "ETHUSDT"));
        await using var run = await ExchangeRun.StartAsync(session);
        await run.FoldedAsync(5);
        Assert.True(await run.Connector.AddAsync("ethusdt")); // in Binance's other spelling
        Assert.False(await run.Connector.AddAsync("ETHUSDT"));
        Assert.Equal(["BTCUSDT", "ETHUSDT"], run.Connector.Status.Symbols);
        await run.FoldedAsync(5 + eth.Count - 1);
        Assert.True(run.Connector.Remove("BTCUSDT"));
        Assert.False(run.Connector.Remove("BTCUSDT"));

        // Later messages of the removed symbol are ignored, and leave no gap.
        await run.AssertSameAsFileAsync([.. btc.Take(5), .. eth]);
        Assert.Equal((1, 0), (run.Connector.Counts["connections"], run.Connector.Counts["gaps"]));
        Assert.Equal(["ETHUSDT"], run.Connector.Status.Symbols);
        await Assert.ThrowsAsync<ArgumentException>(() => run.Connector.AddAsync("no symbol"));
    }

    [Fact]
    public async Task ConnectionThatIsMadeAgain_HasTheSymbolsAsTheyAreNow()
    {
        var recorded = RecordedSession.Read("coinbase-trades");
        var session = recorded.With((steps, trades) =>
        {
            var expect = new Step(
                StepKind.Expect, "{\"type\":\"subscribe\",\"product_ids\":[\"ETH-USD\"],\"channels\":[\"matches\",\"heartbeat\"]}");
            var removed = new Step(
                StepKind.Expect, "{\"type\":\"unsubscribe\",\"product_ids\":[\"BTC-USD\"],\"channels\":[\"matches\",\"heartbeat\"]}");
            return [[steps[0], steps[1], removed, new Step(StepKind.Cut)], [expect, .. trades.Select(place => steps[place])]];
        });
        await using var run = await ExchangeRun.StartAsync(session);
        await Until.True(() => run.Connector.Status.Phase == ConnectorPhase.Running, "it is connected");
        Assert.True(run.Connector.Remove("BTC-USD"));
        await run.AssertSameAsFileAsync(LinesOf(session, "ETH-USD"));
        Assert.Equal(2, run.Connector.Counts["connections"]);
    }

    [Theory]
    [InlineData(InstrumentUse.Plan)]
    [InlineData(InstrumentUse.Advise)]
    public async Task DecimalsThatThePlanHasNot_AreTakenIntoIt_OrTold(InstrumentUse use)
    {
        var recorded = RecordedSession.Read("binance-trades");
        var session = recorded with
            { Options = recorded.Options with { Instruments = use, Symbols = ["BTCUSDT", "PEPEUSDT"] }, Connections = [[]] };
        await using var run = await ExchangeRun.StartAsync(
            session, before: server => server.Answer = context => context.Request.Path.Value switch
        {
            "/api/v3/exchangeInfo" => """
                {"timezone":"UTC","serverTime":1565246363776,"symbols":[
                  {"symbol":"BTCUSDT","status":"TRADING","filters":[
                    {"filterType":"PRICE_FILTER","minPrice":"0.01000000","tickSize":"0.01000000"},
                    {"filterType":"LOT_SIZE","stepSize":"0.00001000"}]},
                  {"symbol":"PEPEUSDT","status":"TRADING","filters":[
                    {"filterType":"PRICE_FILTER","tickSize":"0.000000000001"},{"filterType":"LOT_SIZE","stepSize":"1.00000000"}]}]}
                """,
            "/api/v3/time" => "{\"serverTime\":1770000002500}",
            _ => null,
        });
        await Until.True(() => run.Connector.Counts["connections"] > 0, "it is connected");
        var plan = run.Engine.Plan;
        Assert.Equal(
            Units.MaxDecimals >= 12 && use == InstrumentUse.Plan ? new Units(12, 8) : default, plan.For(Symbol.Parse("PEPEUSDT")).Units);
        Assert.Equal(default, plan.For(Symbol.Parse("BTCUSDT")).Units);
        Assert.Equal(plan.Hash, Plan.Parse(plan.ToJson()).Hash);
        Assert.True(run.Log.Has("PEPEUSDT has 12 decimals of prices and 0 of sizes"), run.Log.All);
        Assert.Equal(use == InstrumentUse.Advise, run.Log.Has("\"PEPEUSDT\": { \"price_decimals\": 12, \"size_decimals\": 8 }"));
        Assert.Equal(TimeSpan.FromSeconds(2.5), run.Connector.ClockOffset);
        Assert.Contains("symbols=%5B%22BTCUSDT%22%2C%22PEPEUSDT%22%5D", string.Join('\n', run.Server.Requests));
    }

    private static List<string> LinesOf(RecordedSession session, string symbol) =>
        [.. session.Expected.Where(line => line.Contains($"\"{symbol}\"", StringComparison.Ordinal))];
}
