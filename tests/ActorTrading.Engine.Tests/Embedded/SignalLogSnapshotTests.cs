using System.Buffers;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Tests.Verifying;
using ActorTrading.Engine.Verifying;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Engine.Tests.Embedded;

/// <summary>Snapshots of the signal log: what a start reads with them, and what happens when they are wrong.</summary>
public class SignalLogSnapshotTests
{
    private const string Log = PersistenceIds.Administrator;
    private const int Every = 20;
    private static readonly Plan EveryFrame = TestPlans.All["every frame"];
    private readonly MemoryJournal journal = new();

    [Fact]
    public async Task Start_ReadsOnlyTheSignalsBehindTheSnapshot()
    {
        var (market, log) = await FillAsync(drain: false);
        var covered = Positions()[^1];
        Assert.InRange(covered, log.Signals.Count - (2 * Every), log.Signals.Count);
        for (var position = 1; position < covered; position++) journal.DamageEvent(Log, position); // they are not read
        await using var engine = await OpenAsync();
        Assert.Equal((log.Signals.Count - covered, log.Signals.Count), (engine.Recovery.SignalsRead, engine.LastSignal));
        Assert.Empty(engine.Recovery.SnapshotsUnused);
        Assert.Equal(EngineReading.Hashes(market), await EngineReading.HashesAsync(engine));
    }

    [Fact]
    public async Task Drain_LeavesNothingToRead_AndTheLastTwoSnapshots()
    {
        var (market, log) = await FillAsync(drain: true);
        Assert.Equal(2, Positions().Count);
        Assert.Equal(log.Signals.Count, Positions()[^1]);
        await using (var engine = await OpenAsync())
        {
            Assert.Equal((0, log.Signals.Count), (engine.Recovery.SignalsRead, engine.LastSignal));
            await EngineReading.AssertSameAsync(engine, market, log); // and with it every signal, from the first on
            await engine.DrainAsync();
        }

        Assert.Equal(log.Signals.Count, Positions()[^1]); // nothing new, so no new snapshot
    }

    [Fact]
    public async Task DamagedSnapshot_IsReported_AndTheLogReadFromTheOneBefore_OrFromTheFirst()
    {
        var (market, log) = await FillAsync(drain: true);
        var positions = Positions();
        journal.DamageSnapshot(Log, positions[1]);
        var seldom = Options with { SignalSnapshotEvery = 3 * Every }; // too few signals after the older snapshot to write another
        await using (var engine = await OpenAsync(seldom))
        {
            Assert.Equal([(Log, positions[1])], Unused(engine));
            Assert.Equal(log.Signals.Count - positions[0], engine.Recovery.SignalsRead);
            await EngineReading.AssertSameAsync(engine, market, log);
        }

        journal.DamageSnapshot(Log, positions[0]);
        await using (var engine = await OpenAsync(seldom))
        {
            Assert.Equal([(Log, positions[1]), (Log, positions[0])], Unused(engine));
            Assert.Equal(log.Signals.Count, engine.Recovery.SignalsRead);
            await EngineReading.AssertSameAsync(engine, market, log);
        }

        await using var again = await OpenAsync(seldom); // the previous start wrote one in place of the damaged one
        Assert.Equal(0, again.Recovery.SignalsRead);
        await EngineReading.AssertSameAsync(again, market, log);
    }

    [Fact]
    public async Task SnapshotOfAnotherWriterOrOfAnotherPlace_IsReported_AndNotUsed()
    {
        var (market, log) = await FillAsync(drain: true);
        var positions = Positions();
        journal.Commit([], [Snapshot(positions[1], says: 7), new JournalEntry(Log, positions[0], "other", new byte[] { 1, 2, 3 })]);
        await using var engine = await OpenAsync();
        Assert.Equal([(Log, positions[1]), (Log, positions[0])], Unused(engine));
        Assert.Contains("up to signal 7", engine.Recovery.SnapshotsUnused[0].Reason, StringComparison.Ordinal);
        Assert.Contains("'other'", engine.Recovery.SnapshotsUnused[1].Reason, StringComparison.Ordinal);
        await EngineReading.AssertSameAsync(engine, market, log);
    }

    [Fact]
    public async Task SnapshotAheadOfTheLog_StopsRecovery_AndVerificationNamesIt()
    {
        var (_, log) = await FillAsync(drain: true);
        journal.Commit([], [Snapshot(log.Signals.Count + 5)]);
        var failure = await Assert.ThrowsAsync<RecoveryException>(() => OpenAsync());
        Assert.Equal((Log, log.Signals.Count + 1), (failure.PersistenceId, failure.SequenceNumber));
        var fault = Assert.Single(Verification.Run(journal, EveryFrame).Faults);
        Assert.Equal((VerifiedPart.Snapshot, Log, log.Signals.Count + 5), (fault.Part, fault.PersistenceId, fault.SequenceNumber));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SnapshotThatIsNotWhatTheLogComesTo_IsFoundByVerification(bool isDamaged)
    {
        await FillAsync(drain: true);
        var position = Positions()[^1];
        Assert.Empty(Verification.Run(journal, EveryFrame).Faults);
        if (isDamaged) journal.DamageSnapshot(Log, position);
        else journal.Commit([], [Snapshot(position)]);
        var report = Verification.Run(journal, EveryFrame);
        var fault = Assert.Single(report.Faults);
        Assert.Equal((VerifiedPart.Snapshot, Log, position), (fault.Part, fault.PersistenceId, fault.SequenceNumber));
        Assert.Equal(journal.Snapshots.Count - 1, report.Snapshots);
    }

    [Fact]
    public async Task PlanThatComesBack_LogsNothingTwice()
    {
        var (_, log) = await FillAsync(drain: true);
        var other = Plan.Parse("""{"frames":["1min"],"rules":["alert when close > open on 1min"]}""");
        await using (var engine = await EmbeddedEngine.OpenAsync(other, journal, Options)) await engine.DrainAsync();
        var all = journal.HighestSequenceNumber(Log);
        Assert.Equal(log.Signals.Count, all); // signals of the other plan belong to the past
        foreach (var plan in new[] { EveryFrame, other, EveryFrame })
        {
            await using var engine = await EmbeddedEngine.OpenAsync(plan, journal, Options);
            Assert.Equal((0, all), (engine.Recovery.SignalsRead, engine.LastSignal));
        }
    }

    [Fact]
    public async Task SnapshotIsDue_WhenThereAreAsManySignalsAsSymbols()
    {
        await FillAsync(drain: false, Options with { SignalSnapshotEvery = 1 });
        var symbols = HostileMarkets.Symbols.Count;
        Assert.True(Positions().Zip(Positions().Skip(1), (one, next) => next - one).All(distance => distance >= symbols - 1));
    }

    private static EmbeddedOptions Options { get; } = FilledJournal.Small with { SignalSnapshotEvery = Every };

    private static List<(string, long)> Unused(EmbeddedEngine engine) =>
        [.. engine.Recovery.SnapshotsUnused.Select(unused => (unused.PersistenceId, unused.SequenceNumber))];

    /// <summary>A valid snapshot with recognisable content.</summary>
    private static JournalEntry Snapshot(long position, long? says = null)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var numbers = new Dictionary<(Symbol, PlanHash), long> { [(Symbol.Parse("AAPL"), EveryFrame.Hash)] = 3 };
        SignalLogCodec.Encode(says ?? position, numbers, bytes);
        return new JournalEntry(Log, position, EventManifests.SignalLog, bytes.WrittenMemory);
    }

    private Task<EmbeddedEngine> OpenAsync(EmbeddedOptions? options = null) =>
        EmbeddedEngine.OpenAsync(EveryFrame, journal, options ?? Options);

    private List<long> Positions() =>
        [.. journal.Snapshots.Where(snapshot => snapshot.Id == Log).Select(snapshot => snapshot.SequenceNumber)];

    private async Task<(Market Market, FoldLog Log)> FillAsync(bool drain, EmbeddedOptions? options = null)
    {
        var inputs = HostileMarkets.Stream(seed: 62, count: 3_000, step: 4 * Timestamp.Second);
        await using var engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal, options ?? Options);
        await EngineReading.SendAsync(engine, inputs, 10);
        var (market, log) = EngineReading.MarketOf(EveryFrame, inputs);
        Assert.True(log.Signals.Count > 3 * Every);
        await EngineReading.SignalsAsync(engine, 0, log.Signals.Count); // durable, all of them
        if (drain) await engine.DrainAsync();
        return (market, log);
    }
}
