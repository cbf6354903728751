using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Lab.Crashing;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Lab.Tests.Crashing;

/// <summary>The comparison of a journal with the acknowledged records must detect every kind of difference.</summary>
public sealed class CrashWitnessTests
{
    private static readonly Symbol Aapl = Symbol.Parse("AAPL");
    private static readonly Timestamp Noon = new(Timestamp.OfDate(2024, 7, 9).Nanoseconds + (12 * Timestamp.Hour));

    private readonly CrashWitness witness = new(Plan.Default);

    [Fact]
    public void JournalAheadOfTheAcknowledgements_IsSound()
    {
        for (var seq = 1; seq <= 5; seq++) witness.Found(Tick(seq));
        for (var seq = 1; seq <= 3; seq++) witness.Acknowledged(Tick(seq));

        Assert.Equal((0, 0, 2), (witness.Lost(), witness.Misplaced, witness.Ahead));
        Assert.Null(witness.Fault);
    }

    [Fact]
    public void AcknowledgedRecordThatIsNotThere_IsLost()
    {
        for (var seq = 1; seq <= 3; seq++) witness.Acknowledged(Tick(seq));
        for (var seq = 1; seq <= 2; seq++) witness.Found(Tick(seq));

        Assert.Equal(1, witness.Lost());
        Assert.Contains("feed/0/3", witness.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void RecordThatIsThereTwice_IsMisplaced()
    {
        witness.Found(Tick(1));
        witness.Found(Tick(1));
        witness.Acknowledged(Tick(1));
        witness.Acknowledged(Tick(2));

        Assert.Equal(1, witness.Misplaced);
        Assert.Contains("feed/0/2", witness.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void RecordInTheMidstThatIsNotThere_IsNoticedAtTheNext()
    {
        for (var seq = 1; seq <= 3; seq++) witness.Acknowledged(Tick(seq));
        witness.Found(Tick(1));
        witness.Found(Tick(3));

        Assert.Equal(1, witness.Misplaced);
    }

    [Fact]
    public void DuplicatesAndRefusals_AreNotExpectedInTheJournal()
    {
        witness.Acknowledged(Tick(1));
        witness.Acknowledged(Tick(1));
        witness.Acknowledged(Record.OfTick(Aapl, new Identity(Source.Parse("feed"), 0, 2), Noon, price: -1, size: 1));
        witness.Found(Tick(1));

        Assert.Equal((0, 0, 0), (witness.Lost(), witness.Misplaced, witness.Ahead));
    }

    private static Record Tick(int seq) =>
        Record.OfTick(Aapl, new Identity(Source.Parse("feed"), 0, seq), new(Noon.Nanoseconds + seq), 100_00000000, 1_00000000);
}
