using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>The band of ten percent that a price may not leave within a minute.</summary>
public class SpikeStoryTests
{
    private const string Band = """{"frames":["1min","1day"],"limits":{"spike":{"percent":10,"within":"1min"}}}""";

    [Fact]
    public void PriceBeyondTheBand_IsRefused_OnTheBandIsTaken()
    {
        var tape = new Tape(Band);
        tape.Tick("10:00:00", 100);
        Assert.Equal("price_spike", tape.Tick("10:00:01", 110.00000001));
        Assert.Equal("price_spike", tape.Tick("10:00:01", 89.99999999));
        Assert.Equal("applied", tape.Tick("10:00:01", 110));
        Assert.Equal("applied", tape.Tick("10:00:01", 99));
        Assert.Equal("10:00:00 100 110 99 99 (3)", tape.Open(Frame.OneMinute));
    }

    [Fact]
    public void MarketThatReallyMoved_IsBelievedAgain_AfterTheTimeOfTheBand()
    {
        var tape = new Tape(Band);
        tape.Tick("10:00:00", 100);
        Assert.Equal("price_spike", tape.Tick("10:00:30", 200));
        Assert.Equal("price_spike", tape.Tick("10:01:00", 200)); // exactly one minute is within the limit
        Assert.Equal("applied", tape.Tick("10:01:00.0000001", 200));
        Assert.Equal("price_spike", tape.Tick("10:01:01", 100));
    }

    [Fact]
    public void WithoutABand_EveryPriceIsTaken()
    {
        var tape = new Tape("""{"frames":["1min"]}""");
        tape.Tick("10:00:00", 100);
        Assert.Equal("applied", tape.Tick("10:00:00", 0.00000001));
    }

    [Fact]
    public void FirstPrice_HasNothingToBeMeasuredBy()
    {
        var tape = new Tape(Band);
        Assert.Equal("applied", tape.Tick("1960-01-04", 0.00000001));
        Assert.Equal("applied", tape.Tick("2190-01-04", 90_000_000_000)); // further apart than 64 bits of nanoseconds
    }

    [Fact]
    public void LatePrice_IsMeasured_ButDoesNotOpenTheBand()
    {
        var tape = new Tape(Band);
        tape.Tick("10:05:00", 100);
        Assert.Equal("price_spike", tape.Tick("10:04:30", 200));
        Assert.Equal("late", tape.Tick("10:01:00", 200)); // further away than a minute
        Assert.Equal("price_spike", tape.Tick("10:05:01", 200));
        Assert.Equal("applied", tape.Tick("10:05:01", 105));
    }

    [Fact]
    public void BandMeasuresWhatIsAccepted_AheadOfWhatIsApplied()
    {
        var tape = new Tape(Band);
        Record[] batch = [Tape.TickAt("10:00:00", 100), Tape.TickAt("10:00:01", 108), Tape.TickAt("10:00:02", 117)];
        Assert.All(batch, record => Assert.Equal(Verdict.Accepted, Fold.Decide(tape.State, record).Verdict));
        Assert.Equal(Verdict.Rejected, Fold.Decide(tape.State, Tape.TickAt("10:00:03", 100)).Verdict);
        Fold.Apply(tape.State, batch[0], tape.Log);
        Assert.Equal(Verdict.Rejected, Fold.Decide(tape.State, Tape.TickAt("10:00:03", 100)).Verdict); // not compared with the first again
        Assert.Equal(Verdict.Accepted, Fold.Decide(tape.State, Tape.TickAt("10:00:03", 120)).Verdict);
    }

    [Theory]
    [InlineData("24h", "late bar")]
    [InlineData("us-equities", "off-session bar")]
    [InlineData("us-equities", "tick")]
    [InlineData("24h", "tick")]
    public void AfterASnapshotOrAReplay_TheBandIsTheSame(string calendar, string last)
    {
        var plan = Band.Replace("{\"frames\"", $"{{\"calendar\":\"{calendar}\",\"frames\"", StringComparison.Ordinal);
        Record[] records =
        [
            Tape.TickAt("15:00:00", 100),
            last switch
            {
                "late bar" => Tape.BarAt("15:00:00", Frame.OneMinute, 109, 109, 109, 109),
                "off-session bar" => Tape.BarAt("21:00:00", Frame.OneMinute, 300, 300, 300, 300),
                _ => Tape.TickAt("15:00:42", 109),
            },
        ];
        var (tape, restarted, replayed) = (new Tape(plan), new Tape(plan), new Tape(plan));
        foreach (var record in records)
        {
            tape.Take(record);
            restarted.Take(record);
            restarted.Restart();
        }

        Fold.Apply(replayed.State, new RecordsAccepted(Tape.Symbol, records), NoOutput.Instance);
        foreach (var price in new[] { 95, 105, 119, 120, 280, 330, 331 })
        {
            var next = Tape.TickAt("2024-07-09T15:00:43", price).At(new(records[1].Time.Nanoseconds + Timestamp.Second));
            var expected = Fold.Decide(tape.State.Clone(), next);
            Assert.Equal(expected, Fold.Decide(restarted.State.Clone(), next));
            Assert.Equal(expected, Fold.Decide(replayed.State.Clone(), next));
        }

        Assert.Equal("price_spike", tape.Take(Tape.TickAt("15:00:44", 500).At(records[1].Time)));
        Assert.Equal(Seen.State(tape.State), Seen.State(replayed.State));
    }

    [Fact]
    public void QuotesMakeNoSpike_WhereTradesBuildTheBars()
    {
        var tape = new Tape(Band);
        tape.Tick("10:00:00", 100);
        Assert.Equal("applied", tape.Quote("10:00:01", 500, 501));
        Assert.Equal("applied", tape.Tick("10:00:02", 100));
    }
}
