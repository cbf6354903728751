using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>Which records are new to a symbol, and which are duplicates.</summary>
public class IdentityStoryTests
{
    private const string Minutes = """{"frames":["1min"]}""";

    [Fact]
    public void RecordSentAgain_IsADuplicate_AndChangesNothing()
    {
        var tape = new Tape(Minutes);
        tape.Tick("10:00:00", 10, seq: 5);
        var hash = tape.Hash;
        Assert.Equal("duplicate", tape.Tick("10:00:00", 10, seq: 5));
        Assert.Equal("duplicate", tape.Tick("10:00:00", 99, seq: 5)); // whatever its content is
        Assert.Equal("duplicate", tape.Tick("10:00:30", 99, seq: 4)); // older, although never received: it was skipped
        Assert.Equal(hash, tape.Hash);
        Assert.Equal("applied", tape.Tick("10:00:00", 11, seq: 6));
        Assert.Equal("applied", tape.Tick("10:00:00", 11, seq: 900)); // gaps are the sender's responsibility
        Assert.Equal((0, 900, 3), (tape.Source("feed").Epoch, tape.Source("feed").Seq, tape.Source("feed").Applied));
    }

    [Fact]
    public void SeqZero_IsASeq()
    {
        var tape = new Tape(Minutes);
        Assert.Equal("applied", tape.Tick("10:00:00", 10, seq: 0));
        Assert.Equal("duplicate", tape.Tick("10:00:00", 10, seq: 0));
    }

    [Fact]
    public void NewEpoch_BeginsSeqAnew_AndAnOldOneIsOver()
    {
        var tape = new Tape(Minutes);
        Assert.Equal("applied", Take(tape, Tape.Feed, 1, 50));
        Assert.Equal("applied", Take(tape, Tape.Feed, 2, 0));
        Assert.Equal("duplicate", Take(tape, Tape.Feed, 1, 51));
        Assert.Equal("duplicate", Take(tape, Tape.Feed, 2, 0));
        Assert.Equal("applied", Take(tape, Tape.Feed, 2, 1));
        Assert.Equal((2, 1), (tape.Source("feed").Epoch, tape.Source("feed").Seq));
    }

    [Fact]
    public void RecordsWithoutSeq_AreAlwaysTaken()
    {
        var tape = new Tape(Minutes);
        for (var i = 0; i < 3; i++) Assert.Equal("applied", tape.Tick("10:00:00", 10));
        Assert.Equal("applied", Take(tape, Tape.Feed, 0, 7));
        Assert.Equal("applied", Take(tape, Tape.Feed, 3, Identity.None)); // and leave no trace
        Assert.Equal("duplicate", Take(tape, Tape.Feed, 0, 7));
        Assert.Equal((3, 2), (tape.Anonymous.Applied, tape.Source("feed").Applied));
    }

    [Fact]
    public void Sources_CountForThemselves_InTheOrderInWhichTheyWereFirstHeard()
    {
        var tape = new Tape(Minutes);
        foreach (var name in new[] { "zurich", "-", "amsterdam", "zurich", "amsterdam", "-" })
        {
            Assert.Equal("applied", Take(tape, Source.Parse(name), 0, tape.State.Sources.Applied));
            // An equal name is the same source.
            Assert.Equal("duplicate", Take(tape, Source.Parse(name), 0, tape.State.Sources.Applied - 1));
        }

        Assert.Equal(["zurich", "-", "amsterdam"], tape.State.Sources.Entries.ToArray().Select(entry => entry.Source.Name));
        Assert.All(tape.State.Sources.Entries.ToArray(), entry => Assert.Equal(2, entry.Applied));
        Assert.Equal((6, 0), (tape.State.Sources.Applied, tape.State.Sources.Late));
    }

    [Fact]
    public void DecisionAhead_ShowsInNoByteOfTheState()
    {
        var tape = new Tape("""{"frames":["1min"],"limits":{"spike":{"percent":10}}}""");
        tape.Tick("10:00:00", 10, seq: 1);
        var hash = tape.Hash;
        var first = Tape.TickAt("10:00:01", 10.5, seq: 2);
        var other = Tape.TickAt("10:00:02", 11).WithIdentity(new Identity(Source.Parse("never heard before"), 0, 9));
        Assert.Equal(Verdict.Accepted, Fold.Decide(tape.State, first).Verdict);
        Assert.Equal(Verdict.Accepted, Fold.Decide(tape.State, other).Verdict);
        Assert.Equal(Verdict.Duplicate, Fold.Decide(tape.State, other).Verdict);
        Assert.Equal(Verdict.Duplicate, Fold.Decide(tape.State, first).Verdict);
        Assert.Equal(hash, tape.Hash);

        tape.Restart(); // records that were not journaled are unknown
        Assert.Equal("applied", tape.Take(first));
        Assert.Equal("applied", tape.Take(other));
    }

    [Fact]
    public void LateRecord_AdvancesItsSource()
    {
        var tape = new Tape(Minutes);
        tape.Tick("10:01:00", 10, seq: 1);
        Assert.Equal("late", tape.Tick("10:00:00", 10, seq: 2));
        Assert.Equal("duplicate", tape.Tick("10:00:00", 10, seq: 2));
        Assert.Equal((1, 1, 2), (tape.Source("feed").Applied, tape.Source("feed").Late, tape.Source("feed").Seq));
    }

    [Fact]
    public void RefusedRecord_LeavesItsSeqFree()
    {
        var tape = new Tape(Minutes);
        var hash = tape.Hash;
        Assert.Equal("price_not_positive", tape.Tick("10:00:00", 0, seq: 5));
        Assert.Equal(hash, tape.Hash);
        Assert.Equal("applied", tape.Tick("10:00:00", 10, seq: 5));
    }

    [Fact]
    public void EveryKindOfRecord_SharesTheSeqOfItsSource()
    {
        var tape = new Tape(Minutes);
        tape.Tick("10:00:00", 10, seq: 5);
        Assert.Equal("duplicate", tape.Take(Tape.QuoteAt("10:00:00", 9, 10).WithIdentity(Tape.IdOf(5))));
        Assert.Equal("applied", tape.Take(Tape.QuoteAt("10:00:00", 9, 10).WithIdentity(Tape.IdOf(6))));
        Assert.Equal("duplicate", tape.Tick("10:00:00", 10, seq: 6));
        Assert.Equal("10:00:00 10 10 10 10 (1)", tape.Open(Frame.OneMinute));
    }

    [Fact]
    public void ReplayWithoutDecisions_ComesToTheSameState_AndKnowsWhatItHas()
    {
        var (tape, replayed) = (new Tape(Minutes), new Tape(Minutes));
        Record[] records = [Tape.TickAt("10:00:00", 10, seq: 1), Tape.TickAt("10:01:00", 11), Tape.TickAt("10:00:59", 12, seq: 7)];
        foreach (var record in records) tape.Take(record);
        Fold.Apply(replayed.State, new RecordsAccepted(Tape.Symbol, records), replayed.Log);
        Assert.Equal(tape.Hash, replayed.Hash);
        Assert.Equal(tape.Log.Lines, replayed.Log.Lines);
        Assert.Equal(Seen.State(tape.State), Seen.State(replayed.State));
        Assert.Equal("duplicate", replayed.Take(records[2]));
    }

    private static string Take(Tape tape, Source source, long epoch, long seq) =>
        tape.Take(Tape.TickAt("10:00:00", 10).WithIdentity(new Identity(source, epoch, seq)));
}
