using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;
using ActorTrading.TestKit.Reference;
using ActorTrading.Wire;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Engine.Tests;

/// <summary>All symbols of a plan in memory.</summary>
public class MarketTests
{
    private static readonly Plan Minutes = Plan.Parse("""{"frames":["1min"],"symbols":{"DAILY":{"frames":["1day"]}}}""");
    private static readonly Source Feed = Source.Parse("feed");

    [Fact]
    public void SymbolOfWhichNothingWasAccepted_LeavesNoTrace()
    {
        var rejected = new List<RejectedInput>();
        var market = new Market(Minutes, NoOutput.Instance, rejected.Add);
        market.OnRecord(Tick("AAPL", 1, seq: 1));
        var hashes = market.Hashes();
        market.OnRecord(Tick("GHOST", 0, seq: 2));
        market.OnRecord(Bar("GHOST", Frame.OneHour, seq: 3));
        Assert.Null(market.Find(Symbol.Parse("GHOST")));
        Assert.Equal(["AAPL"], market.Symbols.Select(state => state.Symbol.Name));
        Assert.Equal(hashes, market.Hashes());
        Assert.Equal(
            ["price_not_positive: price = 0", "frame_not_in_plan: frame = 1hour"], rejected.Select(input => input.Rejection.ToString()));
        Assert.Equal([2L, 3L], rejected.Select(input => input.Seq));
        Assert.All(rejected, input => Assert.Contains("\"symbol\":\"GHOST\"", input.Raw, StringComparison.Ordinal));
        Assert.Equal(["feed: 3 = 1 + 0 + 0 + 2"], Ledgers.Lines(market.Ledger));

        market.OnRecord(Tick("GHOST", 5, seq: 4)); // a symbol is created with its first accepted record
        Assert.Equal(["AAPL", "GHOST"], market.Symbols.Select(state => state.Symbol.Name));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1_000)]
    public void WhereTheMarketIsAskedInBetween_ChangesNothing(int every)
    {
        var plan = TestPlans.All["every frame"];
        var (whole, asked) = (new FoldLog(), new FoldLog());
        var (market, other) = (new Market(plan, whole), new Market(plan, asked));
        var records = HostileMarkets.Records(seed: 9, count: 1_000, step: Timestamp.Second);
        for (var i = 0; i < records.Count; i++)
        {
            market.OnRecord(records[i]);
            other.OnRecord(records[i]);
            if (i % every == every - 1) Assert.True(other.Ledger.Total().IsBalanced);
        }

        Assert.Equal(market.Hashes(), other.Hashes());
        Assert.Equal(whole.Lines, asked.Lines);
        Assert.Equal(Ledgers.Lines(market.Ledger), Ledgers.Lines(other.Ledger));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(200)]
    public void RecordsInBlocks_AreFoldedAsOneByOne_WithTheirLines(int length)
    {
        var plan = TestPlans.All["every frame"];
        var (log, inBlocks) = (new FoldLog(), new FoldLog());
        var rejected = new List<RejectedInput>();
        var (market, other) = (new Market(plan, log), new Market(plan, inBlocks, rejected.Add));
        var records = HostileMarkets.Records(seed: 9, count: 1_000, step: Timestamp.Second).ToArray();
        var lines = Enumerable.Range(1, records.Length).Select(line => line * 10L).ToArray();
        foreach (var record in records) market.OnRecord(record);
        for (var start = 0; start < records.Length; start += length)
        {
            var end = Math.Min(start + length, records.Length);
            other.OnRecords(records.AsSpan(start..end), lines.AsSpan(start..end));
            Assert.Equal(lines[end - 1], other.Line);
        }

        Assert.Equal(market.Hashes(), other.Hashes());
        Assert.Equal(log.Lines, inBlocks.Lines);
        Assert.Equal(Ledgers.Lines(market.Ledger), Ledgers.Lines(other.Ledger));
        Assert.NotEmpty(rejected);
        Assert.All(rejected, input => Assert.Equal(input.Id, records[(input.LineNumber / 10) - 1].Id));
    }

    [Fact]
    public void Market_IsItsSymbolsFoldedOneByOne()
    {
        var plan = TestPlans.All["every frame"];
        var market = new Market(plan, NoOutput.Instance);
        var records = HostileMarkets.Records(seed: 10, count: 2_000, step: Timestamp.Second);
        foreach (var record in records) market.OnRecord(record);

        foreach (var state in market.Symbols)
        {
            var alone = new SymbolState(state.Symbol, new SymbolPlan(plan.For(state.Symbol)));
            foreach (var record in records.Where(record => record.Symbol.Equals(state.Symbol)))
            {
                if (Fold.Decide(alone, record).Verdict == Verdict.Accepted) Fold.Apply(alone, record, NoOutput.Instance);
            }

            Assert.Equal(StateHash.Of(alone), StateHash.Of(state));
        }

        Assert.Equal(3, market.Symbols.Count()); // all economic records are of one symbol
        Assert.Equal(market.Symbols.Select(state => KeyValuePair.Create(state.Symbol, StateHash.Of(state))), market.Hashes());
    }

    [Fact]
    public void LedgerAndStates_TellTheSame()
    {
        var market = new Market(TestPlans.All["trades in New York"], NoOutput.Instance);
        foreach (var record in HostileMarkets.Records(seed: 12, count: 3_000, step: 10 * Timestamp.Second)) market.OnRecord(record);
        foreach (var line in market.Ledger.Lines)
        {
            var entries = market.Symbols.SelectMany(state => state.Sources.Entries.ToArray())
                .Where(entry => entry.Source.Equals(line.Source)).ToList();
            Assert.Equal((entries.Sum(entry => entry.Applied), entries.Sum(entry => entry.Late)), (line.Applied, line.Late));
            Assert.True(line.IsBalanced);
        }

        Assert.Equal(4, market.Ledger.Lines.Count());
    }

    [Fact]
    public void EqualNames_AreOneSymbol()
    {
        var market = new Market(Minutes, NoOutput.Instance);
        market.OnRecord(Tick("AAPL", 1, seq: 1));
        market.OnRecord(Tick("AAPL", 2, seq: 2)); // another object
        Assert.Equal(2, Assert.Single(market.Symbols).Sources.Applied);
        Assert.Same(market.Find(Symbol.Parse("AAPL")), market.Symbols.Single());
    }

    [Fact]
    public void SymbolWithOverrides_IsFoldedByThem()
    {
        var market = new Market(Minutes, NoOutput.Instance);
        foreach (var name in new[] { "DAILY", "AAPL", "MSFT" }) market.OnRecord(Tick(name, 1, seq: 1));
        market.OnRecord(Bar("DAILY", Frame.OneHour, seq: 2));
        Assert.Equal(Frame.OneDay, market.Find(Symbol.Parse("DAILY"))!.Plan.Base!.Frame);
        Assert.Same(market.Find(Symbol.Parse("AAPL"))!.Plan, market.Find(Symbol.Parse("MSFT"))!.Plan); // compiled once
        Assert.Equal(0, market.Ledger.Total().Rejected);
    }

    [Fact]
    public void Clock_ReachesEverySymbol_AfterWhatCameBefore()
    {
        var log = new FoldLog();
        var market = new Market(Minutes, log);
        market.OnRecord(Tick("MSFT", 1, seq: 1));
        market.OnRecord(Tick("AAPL", 1, seq: 2));
        market.AdvanceClock(new(Now.Nanoseconds + Timestamp.Minute));
        Assert.Equal(["AAPL bar", "MSFT bar"], log.Lines.Select(line => line[..8])); // by name, so that every run has the same order
    }

    [Fact]
    public void UnreadableInput_IsCountedAndTold_AfterWhatCameBefore()
    {
        var told = new List<string>();
        var market = new Market(Minutes, NoOutput.Instance, input => told.Add(input.Rejection.Reason.Name()));
        market.OnRecord(Tick("AAPL", 0, seq: 1));
        market.OnRejected(new RejectedInput(Identity.Anonymous, 2, new Rejection(RejectReason.Malformed, "", "{"), "{"));
        market.OnRecord(Tick("AAPL", 5, seq: 2));
        market.OnRejected(new RejectedInput(new Identity(Feed, 0, 3), 4, new Rejection(RejectReason.BadTime, "ts", "soon"), "..."));
        Assert.Equal(["price_not_positive", "malformed", "bad_time"], told);
        Assert.Equal(["-: 1 = 0 + 0 + 0 + 1", "feed: 3 = 1 + 0 + 0 + 2"], Ledgers.Lines(market.Ledger));
    }

    [Fact]
    public void StreamSentTwice_IsTheStreamSentOnce_ButForTheLedger()
    {
        var (once, twice) = (new Market(Plan.Default, NoOutput.Instance), new Market(Plan.Default, NoOutput.Instance));
        var records = HostileMarkets.Records(seed: 13, count: 2_000, step: Timestamp.Second)
            .Where(record => record.Id.IsSequenced).ToList();
        foreach (var record in records) once.OnRecord(record);
        foreach (var record in records.Concat(records)) twice.OnRecord(record);
        Assert.Equal(once.Hashes(), twice.Hashes());
        var (first, second) = (once.Ledger.Total(), twice.Ledger.Total());
        Assert.Equal((first.Applied, first.Late, 2 * first.Received), (second.Applied, second.Late, second.Received));
        Assert.True(second.IsBalanced && second.Duplicate >= first.Applied + first.Late);
    }

    private static readonly Timestamp Now = Timestamp.OfDate(2024, 7, 9);

    private static Record Tick(string symbol, long price, long seq) =>
        Record.OfTick(Symbol.Parse(symbol), new Identity(Feed, 0, seq), Now, price, 1);

    private static Record Bar(string symbol, Frame frame, long seq) =>
        Record.OfBar(Symbol.Parse(symbol), new Identity(Feed, 0, seq), new(Now.Nanoseconds + Timestamp.Hour), frame, 1, 1, 1, 1, 1);
}
