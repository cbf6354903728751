using ActorTrading.Engine.Nodes;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Connectors.Tests.Exchanges;

/// <summary>Faults of an exchange or its connection: each trade counts once, in order, and each fault is reported.</summary>
public sealed class FaultTests
{
    public static TheoryData<string> WithNumbers => ["binance-trades", "coinbase-trades", "kraken-trades"];

    [Theory]
    [MemberData(nameof(WithNumbers))]
    public async Task CutConnection_IsMadeAgain_AndTradesSinceAreAskedFor(string name)
    {
        var session = RecordedSession.Read(name).With((steps, trades) =>
        [
            [.. steps[..trades[9]], new Step(StepKind.Settle, "9"), new Step(StepKind.Cut)],
            [.. steps[..trades[0]], .. steps[trades[13]..]], // four trades that were never announced
        ]);
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync();
        Assert.Equal((2, 1), (run.Connector.Counts["connections"], run.Connector.Counts["cuts"]));
        Assert.Equal((4, 0), (run.Connector.Counts["filled"], run.Connector.Counts["lost"]));
        Assert.True(run.Log.Has("the connection was lost, reconnecting"), run.Log.All);
        Assert.NotNull(run.Connector.Status.LastError);
    }

    [Theory]
    [MemberData(nameof(WithNumbers))]
    public async Task ClosedConnection_IsMadeAgain(string name)
    {
        var session = RecordedSession.Read(name).With((steps, trades) =>
            [[.. steps[..trades[9]], new Step(StepKind.Close)], [.. steps[..trades[0]], .. steps[trades[9]..]]]);
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync();
        Assert.True(run.Log.Has("restarting"), run.Log.All);
    }

    [Theory]
    [MemberData(nameof(WithNumbers))]
    public async Task MissingTrades_AreAskedFor_AndThoseBehindThemWait(string name)
    {
        var session = RecordedSession.Read(name).With((steps, trades) => [Without(steps, [trades[5], trades[6], trades[7], trades[14]])]);
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync();
        Assert.Equal((4, 0), (run.Connector.Counts["filled"], run.Connector.Counts["lost"]));
        Assert.Equal(4, run.Connector.Counts["missing"]);
        Assert.True(run.Log.Has("are missing and are requested"), run.Log.All);
    }

    [Theory]
    [MemberData(nameof(WithNumbers))]
    public async Task MissingTradesThatNobodyHas_AreGivenUp_AndTold(string name)
    {
        var session = RecordedSession.Read(name);
        session = session.With((steps, trades) => [Without(steps, [trades[6]])]) with
        {
            HasRows = false,
            Options = session.Options with { GapTimeout = TimeSpan.FromMilliseconds(300) },
        };
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync(session.Expected.Where((_, index) => index != 6));
        Assert.Equal((1, 0, 1), (run.Connector.Counts["gaps"], run.Connector.Counts["filled"], run.Connector.Counts["lost"]));
        Assert.True(run.Connector.Counts["request_errors"] > 0);
        Assert.True(run.Log.Has("a request failed"), run.Log.All);
        Assert.True(run.Log.Has("permanently missing"), run.Log.All);
    }

    [Theory]
    [MemberData(nameof(WithNumbers))]
    public async Task RepeatedTrades_CountOnce(string name)
    {
        var session = RecordedSession.Read(name).With((steps, trades) =>
            [[.. steps[..trades[8]], .. trades.Take(8).Select(place => steps[place]), .. steps[trades[8]..]]]);
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync();
        Assert.Equal(8, run.Connector.Counts["repeats"]);
        Assert.True(run.Log.Has("is a duplicate or too late"), run.Log.All);
        Assert.Equal(0, run.Connector.Counts["gaps"]);
    }

    [Theory]
    [MemberData(nameof(WithNumbers))]
    public async Task ReorderedTrades_AreHandedOverInTheirOrder(string name)
    {
        var session = RecordedSession.Read(name).With((steps, trades) =>
        {
            (steps[trades[3]], steps[trades[4]]) = (steps[trades[4]], steps[trades[3]]);
            return [steps];
        });
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync();
        Assert.Equal((1, 0), (run.Connector.Counts["reordered"], run.Connector.Counts["lost"]));
        Assert.True(run.Log.Has("arrived out of order"), run.Log.All);
    }

    [Theory]
    [MemberData(nameof(WithNumbers))]
    public async Task MalformedMessages_AreTold_AndKept_AndWhatTheyHeldIsAskedFor(string name)
    {
        var session = RecordedSession.Read(name).With((steps, trades) =>
        {
            var half = steps[trades[6]];
            steps[trades[6]] = half with { Text = half.Text[..(half.Text.Length / 2)] };
            steps.Insert(
                trades[2],
                new Step(StepKind.Send, "{\"stream\":\"x\",\"type\":\"match\",\"channel\":\"trade\",\"data\":{\"e\":\"trade\"}}"));
            return [steps];
        });
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync(refusals: true);
        Assert.Equal((2, 1), (run.Connector.Counts["malformed"], run.Connector.Counts["filled"]));
        await Until.True(() => run.Log.Has("a record is refused"), "the rejection is logged"); // which comes after it is counted
        Assert.True(run.Log.Has("a message cannot be read"), run.Log.All);
        Assert.Equal((1, 1), (run.Connector.Status.Rejected, run.Connector.Counts["unread"]));
        var kept = Assert.Single(run.IngestPipeline.Rejects.Recent(new RejectFilter(10)));
        Assert.Equal($"{session.Options.Exchange}:unreadable", kept.Reject.Input.Source.Name);
    }

    [Theory]
    [InlineData("binance-trades")]
    [InlineData("coinbase-trades")] // Kraken's requests use times, which a new connection does not know
    public async Task TradesSinceTheLastLife_AreAskedFor(string name)
    {
        var session = RecordedSession.Read(name).With((steps, trades) =>
            [[.. steps[..trades[9]]], [.. steps[..trades[0]], .. steps[trades[15]..]]]);
        await using var run = await ExchangeRun.StartAsync(session);
        await run.FoldedAsync(9);
        await run.RestartAsync();
        await run.AssertSameAsFileAsync();
        Assert.Equal(6, run.Connector.Counts["filled"]);
    }

    [Fact]
    public async Task NodeThatIsToReadNoMore_ClosesTheConnection_AndLaterGoesOn()
    {
        var session = RecordedSession.Read("coinbase-trades")
            .With((steps, trades) => [steps[..trades[9]], [.. steps[..trades[0]], .. steps[trades[15]..]]]);
        await using var run = await ExchangeRun.StartAsync(session);
        await run.FoldedAsync(9);
        run.IsReader = false;
        await Until.True(
            () => run.Connector.Status.Phase == ConnectorPhase.Standby && run.Server.Open == 0, "it stands by, and is not connected");
        run.IsReader = true;
        await run.AssertSameAsFileAsync();
        Assert.Equal((2, 0, 0), (run.Connector.Counts["connections"], run.Connector.Counts["cuts"], run.Connector.Status.Errors));
        Assert.Equal((6, 0), (run.Connector.Counts["filled"], run.Connector.Counts["lost"]));
    }

    [Theory]
    [MemberData(nameof(WithNumbers))]
    public async Task AnyMixtureOfFaults_CostsNoTrade(string name)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            var random = new Random(seed);
            var session = RecordedSession.Read(name).With((steps, trades) => Mixed(steps, trades, random));
            await using var run = await ExchangeRun.StartAsync(session);
            await run.AssertSameAsFileAsync(refusals: true);
            Assert.Equal(0, run.Connector.Counts["lost"]);
        }
    }

    [Fact]
    public async Task SilentConnection_IsGivenUp_AndMadeAgain()
    {
        var session = RecordedSession.Read("kraken-trades");
        session = session.With((steps, trades) => [steps[..trades[9]], steps]) with
        {
            Options = session.Options with { Silence = TimeSpan.FromSeconds(1) },
        };
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync();
        Assert.True(run.Connector.Counts["silences"] >= 1);
        Assert.True(run.Log.Has("no data arrived for"), run.Log.All);
    }

    [Fact]
    public async Task OldConnection_IsReplacedBeforeTheExchangeCutsIt()
    {
        var session = RecordedSession.Read("binance-trades");
        session = session.With((steps, trades) => [steps[..trades[9]], [.. steps[..trades[9]], .. steps[trades[12]..]]]) with
        {
            Options = session.Options with { Renew = TimeSpan.FromSeconds(1) },
        };
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync();
        Assert.True(run.Connector.Counts["renewals"] >= 1);
        Assert.True(run.Log.Has("reconnecting before the exchange closes the connection"), run.Log.All);
        Assert.Equal((0, 0), (run.Connector.Counts["cuts"], run.Connector.Status.Errors));
        Assert.Equal((3, 0), (run.Connector.Counts["filled"], run.Connector.Counts["lost"]));
    }

    [Fact]
    public async Task NewestTradeThatIsOnlyToldOf_IsAskedFor()
    {
        // Coinbase sends the number of the last trade with each heartbeat; the last trade itself is missing.
        var session = RecordedSession.Read("coinbase-trades").With((steps, trades) =>
        {
            var last = steps[trades[^1]];
            steps.RemoveAt(trades[^1]);
            var number = System.Text.Json.Nodes.JsonNode.Parse(last.Text)!;
            steps.Add(new Step(
                StepKind.Send,
                $"{{\"type\":\"heartbeat\",\"sequence\":9000,\"last_trade_id\":{number["trade_id"]},"
                + $"\"product_id\":\"{number["product_id"]}\",\"time\":\"2026-02-02T00:10:00Z\"}}"));
            return [steps];
        });
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync();
        Assert.Equal(1, run.Connector.Counts["filled"]);
    }

    [Fact]
    public async Task RefusedLogin_IsTold_WithoutTheSecret()
    {
        var session = RecordedSession.Read("alpaca-shares").With((steps, _) =>
        [
            [
                steps[0], steps[1],
                new Step(StepKind.Send, "[{\"T\":\"error\",\"code\":402,\"msg\":\"auth failed for KEY-1 with SECRET-1\"}]"),
            ],
        ]);
        await using var run = await ExchangeRun.StartAsync(session);
        await Until.True(() => run.Connector.Status.Errors > 0, "the refusal is told");
        Assert.StartsWith("LoginRefused: 402: auth failed", run.Connector.Status.LastError);
        Assert.DoesNotContain("SECRET-1", run.Connector.Status.LastError + run.Log.All);
        Assert.DoesNotContain("KEY-1", run.Connector.Status.LastError + run.Log.All);
        Assert.Equal(ConnectorPhase.Connecting, run.Connector.Status.Phase);
    }

    [Fact]
    public async Task RefusedSubscription_IsTold_AndTheOthersGoOn()
    {
        var session = RecordedSession.Read("kraken-trades").With((steps, trades) =>
        {
            steps.Insert(trades[0], new Step(
                StepKind.Send,
                "{\"error\":\"Currency pair not supported XYZ/USD\",\"method\":\"subscribe\",\"success\":false,\"symbol\":\"XYZ/USD\"}"));
            return [steps];
        });
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync();
        Assert.Equal(1, run.Connector.Counts["refusals"]);
        Assert.Contains("XYZ/USD", run.Connector.Status.LastError);
        Assert.True(run.Log.Has("Refused: Currency pair not supported XYZ/USD"), run.Log.All);
    }

    /// <summary>
    /// Trades that are left out, repeated, reordered or cut in half, and connections that are cut. The first and the last trade of each
    /// symbol arrive.
    /// </summary>
    private static List<List<Step>> Mixed(List<Step> steps, IReadOnlyList<int> trades, Random random)
    {
        List<Step> head = [.. steps[..trades[0]]], present = [.. head];
        var connections = new List<List<Step>> { present };
        for (var i = 0; i < trades.Count; i++)
        {
            var trade = steps[trades[i]];
            var isFree = i > 3 && i < trades.Count - 3; // the first trade of each symbol comes first, and in order
            switch (isFree ? random.Next(8) : 7)
            {
                case 0:
                    break; // it never arrives
                case 1:
                    present.AddRange([trade, steps[trades[i - 1]], trade]);
                    break;
                case 2:
                    present.Insert(present.Count - 1, trade);
                    break;
                case 3:
                    present.Add(trade with { Text = trade.Text[..(trade.Text.Length / 3)] });
                    break;
                case 4 when connections.Count < 3:
                    present.AddRange([trade, new Step(StepKind.Settle, "3"), new Step(StepKind.Cut)]); // a cut may lose data that was sent
                    connections.Add(present = [.. head]);
                    break;
                default:
                    present.Add(trade);
                    break;
            }
        }

        return connections;
    }

    private static List<Step> Without(List<Step> steps, int[] places) => [.. steps.Where((_, place) => !places.Contains(place))];
}
