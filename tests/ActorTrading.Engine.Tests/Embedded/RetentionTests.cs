using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Tests.Journal;
using ActorTrading.Engine.Tests.Verifying;
using ActorTrading.Engine.Verifying;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Engine.Tests.Embedded;

/// <summary>Deletion of old events and snapshots, on which no result depends.</summary>
public class RetentionTests
{
    private const string Apple = "symbol-AAPL";
    private static readonly Plan EveryFrame = TestPlans.All["every frame"];
    private readonly ManualClock clock = new();

    [Fact]
    public async Task YoungEvents_Stay_AndOldOnesGo_WhenASnapshotCoversThem()
    {
        var journal = new MemoryJournal { Clock = clock };
        var options = FilledJournal.Small with { KeepDays = 3, Clock = clock };
        await journal.FillAsync(EveryFrame, options: options);
        var all = journal.HighestSequenceNumber(Apple);
        Assert.Equal(1, First(journal)); // nothing is old yet

        clock.Now += TimeSpan.FromDays(2);
        var (market, _) = await FillMoreAsync(journal, options, seed: 91);
        Assert.Equal(1, First(journal));
        Assert.Equal(market, Verification.Run(journal, EveryFrame).Hash!.Value.ToString());

        clock.Now += TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1);
        (market, _) = await FillMoreAsync(journal, options, seed: 92);
        Assert.Equal(all + 1, First(journal)); // the events written three days ago, and no others
        var report = Verification.Run(journal, EveryFrame);
        Assert.Empty(report.Faults);
        Assert.Equal(market, report.Hash!.Value.ToString());
    }

    [Fact]
    public async Task DeletionThatFails_StopsNothing_IsTold_AndTriedAgain()
    {
        var journal = new MemoryJournal { RefusesToDelete = true };
        var told = new List<JournalException?>();
        var options = FilledJournal.Small with { DeleteCoveredEvents = true, OnRetention = told.Add };
        var inputs = HostileMarkets.Stream(seed: 62, count: 900, step: 4_000_000_000);
        await using (var engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal, options))
        {
            await EngineReading.SendAsync(engine, inputs, 10);
            await engine.DrainAsync();
            Assert.Null(engine.Failure);
            Assert.Equal(JournalFailure.Locked, engine.RetentionFailure!.Failure);
        }

        Assert.Equal(1, First(journal));
        Assert.Empty(Verification.Run(journal, EveryFrame).Faults);
        journal.RefusesToDelete = false;
        await using var next = await EmbeddedEngine.OpenAsync(EveryFrame, journal, options);
        await EngineReading.SendAsync(next, HostileMarkets.Stream(seed: 93, count: 200, step: 4_000_000_000), 5);
        await next.DrainAsync();
        Assert.All(told, failure => Assert.Equal(JournalFailure.Locked, failure!.Failure));
        Assert.NotEmpty(told);
        Assert.Null(next.RetentionFailure);
        Assert.True(First(journal) > 1);
        Assert.Equal(2, journal.Snapshots.Count(snapshot => snapshot.Id == Apple));
    }

    [Fact]
    public async Task StateBeforeTheKeptEvents_IsToldAsDeleted_AndNotAsNothing()
    {
        var journal = new MemoryJournal();
        var options = FilledJournal.Small with { DeleteCoveredEvents = true };
        await journal.FillAsync(EveryFrame, options: options);
        var (apple, first) = (Symbol.Parse("AAPL"), First(journal));
        await using var engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal, options);
        // The clock was advanced to 1.
        var deleted = await Assert.ThrowsAsync<EventsDeletedException>(() => engine.StateAsync(apple, new Timestamp(0)));
        Assert.Equal((apple, first), (deleted.Symbol, deleted.First));
        var now = await engine.StateAsync(apple);
        Assert.Equal(StateHash.Of(now!), StateHash.Of((await engine.StateAsync(apple, now!.Ohlcv.LastTime))!));
        Assert.Null(await engine.StateAsync(Symbol.Parse("GHOST"), new Timestamp(2)));

        // A snapshot that cannot be used has no effect either.
        foreach (var snapshot in journal.Snapshots.Where(snapshot => snapshot.Id == Apple))
            journal.DamageSnapshot(Apple, snapshot.SequenceNumber);
        await Assert.ThrowsAsync<EventsDeletedException>(() => engine.StateAsync(apple, now.Ohlcv.LastTime));
    }

    [Fact]
    public async Task KeepingAndDeletingAtOnce_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            EmbeddedEngine.OpenAsync(EveryFrame, new MemoryJournal(), new EmbeddedOptions { KeepDays = 1, DeleteCoveredEvents = true }));

    private static long First(MemoryJournal journal) => journal.Events.First(row => row.Id == Apple).SequenceNumber;

    private static async Task<(string Hash, int Records)> FillMoreAsync(MemoryJournal journal, EmbeddedOptions options, int seed)
    {
        await using var engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal, options);
        var inputs = HostileMarkets.Stream(seed, count: 200, step: 4_000_000_000).Where(input => input.Clock is null).ToList();
        await EngineReading.SendAsync(engine, inputs, 5);
        var hash = (await engine.HashAsync()).ToString();
        await engine.DrainAsync();
        return (hash, inputs.Count);
    }
}
