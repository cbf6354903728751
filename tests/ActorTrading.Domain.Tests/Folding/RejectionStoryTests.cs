using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>Rejected records, and the reasons that their senders get.</summary>
public class RejectionStoryTests
{
    private const long One = Fixed8.One;
    private static readonly Timestamp Now = Tape.At("10:00:00");
    private static readonly Identity Id = new(Tape.Feed, 0, 3);

    public static TheoryData<string, RejectReason, string, string> Cases()
    {
        var cases = new TheoryData<string, RejectReason, string, string>();
        foreach (var (name, refusal) in Rejects) cases.Add(name, refusal.Reason, refusal.Field, refusal.Value);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ImpossibleRecord_IsRefused_WithTheFieldAtFaultAndItsValue(string name, RejectReason reason, string field, string value)
    {
        var record = Rejects[name].Record;
        var state = new SymbolState(record.Symbol, new Tape("""{"frames":["1min"],"limits":{"spike":{"percent":10}}}""").State.Plan);
        if (reason == RejectReason.PriceSpike)
        {
            Assert.Equal(Verdict.Accepted, Fold.Decide(state, Tape.TickAt("10:00:00", 100)).Verdict);
            Fold.Apply(state, Tape.TickAt("10:00:00", 100), NoOutput.Instance);
        }

        var hash = StateHash.Of(state);
        Assert.Equal(new Decision(Verdict.Rejected, reason), Fold.Decide(state, record));
        Assert.Equal(new Rejection(reason, field, value), TickRules.Explain(record, reason));
        Assert.Equal(hash, StateHash.Of(state));
        Assert.Equal(Verdict.Rejected, Fold.Decide(state, record).Verdict); // it used no seq
    }

    [Fact]
    public void EveryReasonThatARecordCanHave_IsTold()
    {
        // With the other reasons a text cannot become a record.
        RejectReason[] ofText =
        [
            RejectReason.Malformed, RejectReason.LineTooLong, RejectReason.BadSymbol, RejectReason.BadSource, RejectReason.BadTime,
            RejectReason.NotANumber, RejectReason.NotSubscribed, RejectReason.SymbolQuarantined, // and these are reported by the engine
        ];

        // These are reported by the listener, or need more than one record: see the tests of the parts.
        RejectReason[] ofSenders =
        [
            RejectReason.NotAllowed, RejectReason.TooManySources, RejectReason.TooManyNames, RejectReason.TooManySymbols,
            RejectReason.TimeAhead, RejectReason.TooPrecise,
        ];
        Assert.Equal(
            RejectReasons.All.Except(ofText).Except(ofSenders).Order(),
            Rejects.Values.Select(refusal => refusal.Reason).Distinct().Order());
    }

    private static IReadOnlyDictionary<string, (Record Record, RejectReason Reason, string Field, string Value)> Rejects { get; } =
        new Dictionary<string, (Record, RejectReason, string, string)>
        {
            ["stamp of 1807"] = (Tick(10, 1).At(Timestamp.OfDate(1807, 3, 4)), RejectReason.TimeAbsurd, "ts", "1807-03-04T00:00:00Z"),
            ["stamp of 2200"] = (Tick(10, 1).At(Timestamp.OfDate(2200, 1, 1)), RejectReason.TimeAbsurd, "ts", "2200-01-01T00:00:00Z"),
            ["stamp of zero"] = (Tick(10, 1).At(new(0)), RejectReason.TimeAbsurd, "ts", "1970-01-01T00:00:00Z"),
            ["negative seq"] = (Tick(10, 1).WithIdentity(Id with { Seq = -2 }), RejectReason.BadSequence, "seq", "-2"),
            ["negative epoch"] = (Tick(10, 1).WithIdentity(Id with { Epoch = -1 }), RejectReason.BadSequence, "epoch", "-1"),
            ["no kind"] = (Record.Of((RecordKind)77, Tape.Symbol, Id, Now, One), RejectReason.UnknownKind, "kind", "77"),
            ["tick for nothing"] = (Tick(0, 1), RejectReason.PriceNotPositive, "price", "0"),
            ["tick below nothing"] = (Tick(-1.5, 1), RejectReason.PriceNotPositive, "price", "-1.5"),
            ["tick of less than nothing"] = (Tick(10, -0.00000001), RejectReason.SizeNegative, "size", "-0.00000001"),
            ["spike"] = (Tick(111, 1), RejectReason.PriceSpike, "price", "111"),
            ["bid for nothing"] = (Quote(0, 1, 10, 1), RejectReason.PriceNotPositive, "bid", "0"),
            ["ask for nothing"] = (Quote(9, 1, -10, 1), RejectReason.PriceNotPositive, "ask", "-10"),
            ["negative bid size"] = (Quote(9, -1, 10, 1), RejectReason.SizeNegative, "bid_size", "-1"),
            ["negative ask size"] = (Quote(9, 1, 10, -2), RejectReason.SizeNegative, "ask_size", "-2"),
            ["crossed quote"] = (Quote(11, 1, 10, 1), RejectReason.CrossedQuote, "bid", "11 above ask 10"),
            ["level for nothing"] = (Level(BookSide.Ask, 0, 1), RejectReason.PriceNotPositive, "price", "0"),
            ["level of less than nothing"] = (Level(BookSide.Bid, 10, -1), RejectReason.SizeNegative, "quantity", "-1"),
            ["level on no side"] = (Level((BookSide)9, 10, 1), RejectReason.BadSide, "side", "9"),
            ["bar with a low of nothing"] = (Bar(10, 12, 0, 11, 1), RejectReason.PriceNotPositive, "low", "0"),
            ["bar with a negative volume"] = (Bar(10, 12, 9, 11, -1), RejectReason.SizeNegative, "volume", "-1"),
            ["bar whose low is above its open"] =
                (Bar(10, 12, 10.5, 11, 1), RejectReason.OhlcInconsistent, "low", "open 10, high 12, low 10.5, close 11"),
            ["bar whose high is below its close"] =
                (Bar(10, 10.5, 9, 11, 1), RejectReason.OhlcInconsistent, "high", "open 10, high 10.5, low 9, close 11"),
            ["bar of a frame that is none"] = (Bar(10, 12, 9, 11, 1, Frames.OfCode(99)), RejectReason.UnknownFrame, "frame", "99"),
            ["bar longer than the plan's"] = (Bar(10, 12, 9, 11, 1, Frame.OneHour), RejectReason.FrameNotInPlan, "frame", "1hour"),
            ["print with a bell"] = (Record.OfPrint(Tape.Symbol, Id, Now, One, One, "\a"), RejectReason.BadText, "condition", "\a"),
            ["news beyond good and bad"] = (News(1.5, 1), RejectReason.OutOfRange, "sentiment_score", "1.5"),
            ["news of negative weight"] = (News(0.5, -1), RejectReason.OutOfRange, "sentiment_magnitude", "-1"),
            ["company worth less than nothing"] = (MarketData(-5), RejectReason.OutOfRange, "market_cap", "-5"),
            ["company worth everything"] = (MarketData(double.PositiveInfinity), RejectReason.NotFinite, "market_cap", "Infinity"),
            ["company of which nothing is told"] = (MarketData(double.NaN), RejectReason.MissingField, "market_cap", ""),
            ["figure that is none"] = (Record.OfEconomicIndicator(Id, Now, "cpi", double.NaN), RejectReason.NotFinite, "value", "NaN"),
            ["figure without a name"] = (Record.OfEconomicIndicator(Id, Now, "", 1), RejectReason.BadText, "indicator_name", ""),
        };

    private static Record Tick(double price, double size) => Record.OfTick(Tape.Symbol, Id, Now, Tape.Of(price), Tape.Of(size));

    private static Record Quote(double bid, double bidSize, double ask, double askSize) =>
        Record.OfQuote(Tape.Symbol, Id, Now, Tape.Of(bid), Tape.Of(bidSize), Tape.Of(ask), Tape.Of(askSize));

    private static Record Level(BookSide side, double price, double quantity) =>
        Record.OfBookUpdate(Tape.Symbol, Id, Now, side, Tape.Of(price), Tape.Of(quantity));

    private static Record Bar(double open, double high, double low, double close, double volume, Frame frame = Frame.OneMinute) =>
        Record.OfBar(Tape.Symbol, Id, Now, frame, Tape.Of(open), Tape.Of(high), Tape.Of(low), Tape.Of(close), Tape.Of(volume));

    private static Record News(double score, double magnitude) =>
        Record.OfNewsSentiment(Tape.Symbol, Id, Now, Tape.Of(score), Tape.Of(magnitude));

    private static Record MarketData(double cap) =>
        Record.OfMarketData(Tape.Symbol, Id, Now, cap, Domain.Records.MarketData.NoRatio);
}
