using ActorTrading.Connectors.Exchanges;
using ActorTrading.Connectors.Exchanges.Adapters;
using ActorTrading.Connectors.Exchanges.Sequences;

namespace ActorTrading.Connectors.Tests.Exchanges;

/// <summary>Trades without consecutive numbers: those of the time without a connection are requested by that time.</summary>
public sealed class TimedGapTests
{
    private const string First = """{"i":1,"x":"V","p":126.55,"s":1,"t":"2026-02-02T15:51:44.208123456Z","c":["@"],"z":"C"}""";
    private const string SameMoment = """{"i":1,"x":"Q","p":126.56,"s":2,"t":"2026-02-02T15:51:44.208123456Z","c":["@"],"z":"C"}""";
    private const string Second = """{"i":2,"x":"V","p":126.57,"s":3,"t":"2026-02-02T15:51:45Z","c":["@"],"z":"C"}""";
    private const string Third = """{"i":3,"x":"V","p":126.58,"s":4,"t":"2026-02-02T15:51:46Z","c":["@"],"z":"C"}""";
    private const string Fourth = """{"i":4,"x":"V","p":126.59,"s":5,"t":"2026-02-02T15:51:47Z","c":["@"],"z":"C"}""";
    private const string Fifth = """{"i":5,"x":"V","p":126.60,"s":6,"t":"2026-02-02T15:51:48Z","c":["@"],"z":"C"}""";

    private readonly List<TimedItem> ready = [];

    [Fact]
    public async Task TradesWithoutAConnection_AreAskedFor_AndComeBeforeNewerOnes()
    {
        var session = Cut(expected: [First, SameMoment, Second, Third, Fourth, Fifth]);
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync();
        Assert.Equal(
            (1, 3, 3, 0),
            (run.Connector.Counts["gaps"], run.Connector.Counts["missing"], run.Connector.Counts["filled"], run.Connector.Counts["lost"]));
        Assert.True(
            run.Log.Has("trades of AAPL from 2026-02-02T15:51:44.208123500Z to 2026-02-02T15:51:47Z may be missing and are requested"),
            run.Log.All);
        var asked = run.Server.Requests.Where(request => request.Contains("trades", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, asked.Count); // five trades, two per page
        Assert.StartsWith(
            "/v2/stocks/trades?feed=stream&symbols=AAPL&start=2026-02-02T15%3A51%3A44.208123Z&end=2026-02-02T15%3A51%3A47.000001Z&",
            asked[0], StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET-1", string.Concat(run.Server.Requests) + run.Log.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 10_000)]
    [InlineData(false, 2)]
    public async Task TimeOfWhichNothingCanBeHad_IsTold_AndTheNewerTradesCome(bool isRefused, int maxFill)
    {
        var session = Cut(expected: [First, Fourth, Fifth]);
        session = session with
            { HasRows = !isRefused, Options = session.Options with { GapTimeout = TimeSpan.FromMilliseconds(300), MaxFill = maxFill } };
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync();
        Assert.Equal((1, 0, 1), (run.Connector.Counts["gaps"], run.Connector.Counts["filled"], run.Connector.Counts["lost"]));
        Assert.Equal(isRefused, run.Connector.Counts["request_errors"] > 0);
        Assert.True(
            run.Log.Has("trades of AAPL from 2026-02-02T15:51:44.208123500Z to 2026-02-02T15:51:47Z are permanently missing"),
            run.Log.All);
    }

    [Fact]
    public async Task NextLife_CountsInALaterEpoch_ThoughTheClockHasNotGoneOn()
    {
        var session = Cut(expected: []);
        session = session with
        {
            Connections = [session.Connections[0].SkipLast(1).ToList(), session.Connections[1]],
            Expected = [Line(First, 0, 1), Line(Fourth, 1, 1), Line(Fifth, 1, 2)],
        };
        await using var run = await ExchangeRun.StartAsync(session);
        await run.FoldedAsync(1);
        await run.RestartAsync();
        await run.AssertSameAsFileAsync();
        Assert.Equal(0, run.Connector.Counts["gaps"]);
    }

    [Fact]
    public void BreakBeforeTheFirstItem_IsNone()
    {
        var sequence = new TimedSequence(10);
        sequence.Break();
        Assert.False(sequence.Offer(Item(5, "a"), ready));
        Assert.Null(sequence.Missing);
        Assert.Equal("a", Names());
    }

    [Fact]
    public void BreakWithinABreak_MakesTheTimeLonger()
    {
        var sequence = new TimedSequence(2);
        sequence.Offer(Item(5, "a"), ready);
        sequence.Break();
        Assert.True(sequence.Offer(Item(8, "d"), ready));
        Assert.Equal((5, 8), sequence.Missing);
        sequence.Break();
        Assert.False(sequence.Offer(Item(11, "g"), ready)); // requested already, but not for all of it
        Assert.Equal((5, 11), sequence.Missing);
        Assert.False(sequence.IsFull);
        Assert.Equal("a", Names());
        Assert.Equal(3, sequence.Fill([Item(5, "a"), Item(5, "b"), Item(6, "c"), Item(8, "d"), Item(9, "e"), Item(11, "g")], ready));
        Assert.Equal("abcedg", Names());
        Assert.Null(sequence.Missing);
    }

    [Fact]
    public void TooManyThatAreHeld_AreNoticed()
    {
        var sequence = new TimedSequence(1);
        sequence.Offer(Item(5, "a"), ready);
        sequence.Break();
        sequence.Offer(Item(8, "d"), ready);
        Assert.False(sequence.IsFull);
        sequence.Offer(Item(9, "e"), ready);
        Assert.True(sequence.IsFull);
        sequence.GiveUp(ready);
        Assert.Equal(("ade", null), (Names(), sequence.Missing));
        Assert.False(sequence.Offer(Item(9, "f"), ready));
        Assert.Equal("adef", Names());
    }

    /// <summary>A connection that is cut after the first trade, and one that begins with the fourth.</summary>
    private static RecordedSession Cut(IReadOnlyList<string> expected)
    {
        var session = RecordedSession.Read("alpaca-shares");
        var head = session.Connections[0].Take(3).Append(new Step(StepKind.Expect, "{\"action\":\"subscribe\",\"trades\":[\"AAPL\"]}"))
            .ToList();
        return session with
        {
            Options = session.Options with { Symbols = ["AAPL"], Channels = [ExchangeChannel.Trades] },
            Connections =
            [
                [.. head, Sent(First), new Step(StepKind.Settle, "1"), new Step(StepKind.Cut)], [.. head, Sent(Fourth), Sent(Fifth)],
            ],
            Rows = new[] { First, SameMoment, Second, Third, Fourth, Fifth }.ToLookup(_ => "AAPL"),
            // The first trade belongs to the first connection, the others to the second.
            Expected = [.. expected.Select((trade, index) => Line(trade, Math.Min(1, index), index + 1))],
        };
    }

    private static Step Sent(string trade) => new(StepKind.Send, $"[{{\"T\":\"t\",\"S\":\"AAPL\",{trade[1..]}]");

    private static string Line(string trade, int connection, int seq)
    {
        using var json = System.Text.Json.JsonDocument.Parse(trade);
        var (price, size, time) = (json.RootElement.GetProperty("p"), json.RootElement.GetProperty("s"), json.RootElement.GetProperty("t"));
        return $"{{\"symbol\":\"AAPL\",\"ts\":\"{time}\",\"price\":{price.GetRawText()},\"size\":{size.GetRawText()},"
            + $"\"source\":\"alpaca:trades\",\"epoch\":{1770000000000 + connection},\"seq\":{seq}}}";
    }

    private static TimedItem Item(long at, string name) => new(ExchangeChannel.Trades, "A", at, name, []);

    private string Names() => string.Concat(ready.Select(item => item.Name));
}
