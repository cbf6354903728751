using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Verifying;
using ActorTrading.Simulation;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Engine.Tests.Embedded;

/// <summary>Records, signals and senders when the journal fails, stalls, or returns other data than it was given.</summary>
public class EmbeddedFaultTests
{
    private static readonly Plan EveryFrame = TestPlans.All["every frame"];
    private static readonly Symbol Apple = Symbol.Parse("AAPL");
    private readonly MemoryJournal journal = new();

    [Theory]
    [InlineData(CommitFate.Refused)]
    [InlineData(CommitFate.WrittenButUnknown)]
    [InlineData(CommitFate.LostAndUnknown)]
    public async Task JournalThatFailsAtAnyCommit_LosesAndRepeatsNothing(CommitFate fate)
    {
        var inputs = Sequenced(seed: 31, count: 700);
        var (market, log) = EngineReading.MarketOf(EveryFrame, inputs);
        var failures = 0;
        for (var commit = 1; commit <= 40; commit += 3)
        {
            var store = new MemoryJournal();
            var acknowledged = 0;
            for (var life = 0; acknowledged < inputs.Count; life++)
            {
                var (fatal, before) = (commit + (7 * life), store.Commits);
                if (life < 5) store.Fate = number => number - before == fatal ? fate : CommitFate.Written;
                var engine = await OpenOrNullAsync(store);
                if (engine is not null) acknowledged = await SendUntilFailureAsync(engine, inputs, acknowledged);
                if (engine?.Failure is not null) failures++;
                if (acknowledged < inputs.Count)
                {
                    Assert.True(
                        life < 5 && engine?.Failure is null or JournalException, $"life {life} of commit {commit}: {engine?.Failure}");
                }
                if (engine is not null) await AssertBalancedUnlessFailedAsync(engine);
                if (engine is not null) await engine.DisposeAsync();
                store.Reopen();
                Assert.All(store.Snapshots, snapshot => Assert.True(snapshot.SequenceNumber <= store.HighestSequenceNumber(snapshot.Id)));
            }

            await using var last = await OpenAsync(store);
            await EngineReading.AssertSameAsync(last, market, log);
        }

        Assert.True(failures > 10);
    }

    [Fact]
    public async Task FailedEngine_SaysWhyToEverybody()
    {
        var inputs = Sequenced(seed: 31, count: 100);
        await using var engine = await OpenAsync(journal);
        journal.Fate = _ => CommitFate.Refused;
        var signals = EngineReading.SignalsAsync(engine, 0, 1);
        var pending = (await engine.SubmitAsync(new[] { inputs[0].Record })).Durable;
        var failure = await Assert.ThrowsAsync<EngineStoppedException>(() => pending);
        Assert.IsType<JournalException>(failure.InnerException);
        Assert.Same(
            failure.InnerException,
            (await Assert.ThrowsAsync<EngineStoppedException>(
                async () => await engine.SubmitAsync(new[] { inputs[1].Record }))).InnerException);
        await Assert.ThrowsAsync<EngineStoppedException>(() => signals);
        await Assert.ThrowsAsync<EngineStoppedException>(() => engine.DrainAsync());
        await Assert.ThrowsAsync<EngineStoppedException>(() => engine.SymbolsAsync());
    }

    [Fact]
    public async Task SecondWriter_StopsTheFirst()
    {
        var inputs = Sequenced(seed: 31, count: 100);
        await using var first = await OpenAsync(journal);
        await using var second = await OpenAsync(journal);
        await (await second.SubmitAsync(new[] { inputs[0].Record })).Durable;
        var pending = (await first.SubmitAsync(new[] { inputs[0].Record })).Durable;
        var failure = await Assert.ThrowsAsync<EngineStoppedException>(() => pending);
        Assert.IsType<JournalConflictException>(failure.InnerException);
        Assert.StartsWith("Another writer has taken over", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StalledJournal_StopsTakingRecords_AndGoesOnWhenItAnswers()
    {
        var options = Small with { QueueRecords = 100, GroupRecords = 10 };
        await using var engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal, options);
        journal.Stall();
        var records = MarketGenerator.Generate(new MarketOptions { Ticks = 10_000, Symbols = 4 }).ToArray();
        var inside = new List<Task<IngestResult>>();
        var next = 0;
        ValueTask<Admitted<IngestResult>> waiting;
        while (true)
        {
            waiting = engine.SubmitAsync(records.AsMemory(next, 20));
            next += 20;
            if (!waiting.IsCompleted) break;
            inside.Add((await waiting).Durable);
        }

        Assert.InRange(inside.Count, 5, options.Partitions * options.QueueRecords / 20);
        Assert.All(inside, task => Assert.False(task.IsCompleted));
        Assert.Equal(1, engine.WaitingBatches);
        using var impatient = new CancellationTokenSource();
        var givenUp = engine.SubmitAsync(records.AsMemory(next, 20), impatient.Token).AsTask();
        Assert.Equal(2, engine.WaitingBatches);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);

        journal.Resume();
        inside.Add((await waiting).Durable);
        var results = await Task.WhenAll(inside).WaitAsync(EngineReading.Timeout);
        Assert.Equal(next, results.Sum(result => result.Applied + result.Late));
        Assert.All(engine.Partitions, partition => Assert.Equal(0, partition.Waiting));
    }

    [Fact]
    public async Task BatchLargerThanTheQueue_GetsIn_WhenThatIsEmpty()
    {
        await using var engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal, Small with { QueueRecords = 10 });
        var records = MarketGenerator.Generate(new MarketOptions { Ticks = 1_000, Symbols = 4 }).ToArray();
        Assert.Equal(1_000, (await (await engine.SubmitAsync(records)).Durable).Applied);
    }

    [Fact]
    public async Task ResendOfWhatIsNotDurableYet_IsNotAcknowledgedBeforeIt()
    {
        await using var engine = await OpenAsync(journal);
        var record = Sequenced(seed: 31, count: 100)[0].Record;
        journal.Stall();
        var original = (await engine.SubmitAsync(new[] { record })).Durable;
        var copy = (await engine.SubmitAsync(new[] { record })).Durable;
        _ = await engine.SymbolsAsync(); // the partitions have seen both by now, and continued
        Assert.False(original.IsCompleted || copy.IsCompleted);
        journal.Resume();
        Assert.Equal(1, (await copy).Duplicate);
        Assert.True(original.IsCompleted);
    }

    [Fact]
    public async Task SlowLiveReader_LosesTheOldest_AndIsToldHowMany()
    {
        await using var engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal, Small with { LiveBuffer = 10, Partitions = 1 });
        var events = engine.LiveAsync(new LiveFilter());
        var inputs = Sequenced(seed: 4, count: 600);
        await EngineReading.SendAsync(engine, inputs, 50);
        var (_, log) = EngineReading.MarketOf(EveryFrame, inputs);
        await engine.DrainAsync();
        var seen = new List<LiveEvent>();
        await foreach (var happened in events) seen.Add(happened);
        Assert.Equal(10, seen.Count);
        Assert.Equal(log.Bars.Count - 10, seen[0].Missed);
        Assert.All(seen.Skip(1), happened => Assert.Equal(0, happened.Missed));
    }

    [Fact]
    public async Task DrainedEngine_RecoversFromSnapshotsAlone_ButForSymbolsOfAFewEvents()
    {
        // Many events of each symbol, and no snapshot before that of the drain.
        var inputs = await FillAsync(drain: true, Small with { SnapshotEvery = 0 });
        await using var engine = await OpenAsync(journal);
        var small = journal.Heads()
            .Where(head => PersistenceIds.SymbolOf(head.PersistenceId) is not null && head.HighestSequenceNumber <= 8).ToList();
        Assert.InRange(small.Count, 0, engine.Recovery.Symbols - 2);
        Assert.Equal(
            (engine.Recovery.Symbols - small.Count, small.Sum(head => head.HighestSequenceNumber)),
            (engine.Recovery.SnapshotsUsed, engine.Recovery.Events));
        Assert.Empty(engine.Recovery.SnapshotsUnused);
        await AssertMarketAsync(engine, EveryFrame, inputs);
    }

    [Fact]
    public async Task ChangedPlan_IsFoldedFromTheFirstEvent_AndItsSignalsOfThePastAreNotLogged()
    {
        var inputs = await FillAsync(drain: true);
        var (_, oldLog) = EngineReading.MarketOf(EveryFrame, inputs);
        var changed = Plan.Parse("""{"frames":["1min"],"rules":["alert when close > open on 1min"]}""");
        var (market, log) = EngineReading.MarketOf(changed, Accepted(inputs));
        Assert.NotEmpty(log.Signals);
        for (var life = 0; life < 2; life++)
        {
            await using var engine = await EmbeddedEngine.OpenAsync(changed, journal, Small);
            var large = journal.Snapshots.Select(snapshot => snapshot.Id).Distinct().Count(id => PersistenceIds.SymbolOf(id) is not null);
            Assert.InRange(large, 1, engine.Recovery.Symbols);
            Assert.Equal(
                life == 0 ? 0 : large,
                engine.Recovery.SnapshotsUnused.Count(unused => unused.Reason.StartsWith("taken under plan", StringComparison.Ordinal)));
            Assert.Equal(EngineReading.Hashes(market), await EngineReading.HashesAsync(engine));
            Assert.Equal(oldLog.Signals.Count, engine.LastSignal);
        }
    }

    [Fact]
    public async Task ChangeThatIsNotDurable_LeavesTheOldPlan()
    {
        var inputs = await FillAsync(drain: true);
        await using (var engine = await OpenAsync(journal))
        {
            journal.Fate = _ => CommitFate.Refused;
            await Assert.ThrowsAsync<EngineStoppedException>(() => engine.ChangePlanAsync(Plan.Default));
            Assert.Equal(EveryFrame.Hash, engine.Plan.Hash);
        }

        journal.Reopen();
        await using var next = await EmbeddedEngine.OpenAsync(null, journal, Small);
        Assert.Equal(EveryFrame.Hash, next.Plan.Hash);
        await AssertMarketAsync(next, EveryFrame, inputs);
    }

    [Fact]
    public async Task EventsDeletedWhileTheEngineRuns_RefuseAChange_AndTheEngineGoesOn()
    {
        var options = Small with { DeleteCoveredEvents = true };
        var inputs = HostileMarkets.Stream(seed: 64, count: 900, step: 4 * Timestamp.Second);
        await using var engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal, options);
        await EngineReading.SendAsync(engine, inputs.Take(20), 20);
        await engine.ChangePlanAsync(Plan.Default); // nothing is lost yet
        await engine.ChangePlanAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs.Skip(20), 10);
        await engine.DrainAsync();
        await using var next = await EmbeddedEngine.OpenAsync(null, journal, options);
        await Assert.ThrowsAsync<PlanChangeException>(() => next.ChangePlanAsync(Plan.Default));
        Assert.Equal(EveryFrame.Hash, next.Plan.Hash);
        Assert.Null(next.Failure);
        await EngineReading.SendAsync(next, HostileMarkets.Stream(seed: 65, count: 100, step: 4 * Timestamp.Second), 10);
        Assert.Empty(Verification.Run(journal, plan: null).Faults);
    }

    [Fact]
    public async Task DamagedSnapshot_IsReported_AndTheOneBeforeIsUsed()
    {
        var inputs = await FillAsync(drain: true);
        var ofApple = journal.Snapshots.Where(snapshot => snapshot.Id == "symbol-AAPL")
            .Select(snapshot => snapshot.SequenceNumber).ToList();
        Assert.True(ofApple.Count > 1);
        journal.DamageSnapshot("symbol-AAPL", ofApple[^1]);
        await using (var engine = await OpenAsync(journal))
        {
            Assert.Equal(
                [("symbol-AAPL", ofApple[^1])],
                engine.Recovery.SnapshotsUnused.Select(unused => (unused.PersistenceId, unused.SequenceNumber)));
            var used = journal.Snapshots.Where(snapshot => snapshot != ("symbol-AAPL", ofApple[^1])).GroupBy(snapshot => snapshot.Id)
                .ToDictionary(snapshots => snapshots.Key, snapshots => snapshots.Max(snapshot => snapshot.SequenceNumber));
            var heads = journal.Heads().Where(head => PersistenceIds.SymbolOf(head.PersistenceId) is not null);
            Assert.Equal(
                heads.Sum(head => head.HighestSequenceNumber - used.GetValueOrDefault(head.PersistenceId)), engine.Recovery.Events);
            await AssertMarketAsync(engine, EveryFrame, inputs);
        }

        foreach (var sequenceNumber in ofApple.SkipLast(1)) journal.DamageSnapshot("symbol-AAPL", sequenceNumber);
        await using var again = await OpenAsync(journal);
        Assert.Equal(ofApple.Count, again.Recovery.SnapshotsUnused.Count);
        await AssertMarketAsync(again, EveryFrame, inputs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task DamagedEvent_IsNamed(long sequenceNumber)
    {
        await FillAsync(drain: false, Small with { SnapshotEvery = 0 });
        journal.DamageEvent("symbol-AAPL", sequenceNumber);
        var failure = await Assert.ThrowsAsync<RecoveryException>(() => OpenAsync(journal));
        Assert.Equal(("symbol-AAPL", sequenceNumber), (failure.PersistenceId, failure.SequenceNumber));
        Assert.Contains("the checksum does not match", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingEvents_AreNamed_InTheMiddleAndAtTheEnd()
    {
        await FillAsync(drain: false, Small with { SnapshotEvery = 0 });
        var last = journal.HighestSequenceNumber("symbol-AAPL");
        journal.LoseEvent("symbol-AAPL", last);
        var failure = await Assert.ThrowsAsync<RecoveryException>(() => OpenAsync(journal));
        Assert.Equal(("symbol-AAPL", last), (failure.PersistenceId, failure.SequenceNumber));
        journal.LoseEvent("symbol-AAPL", 4);
        failure = await Assert.ThrowsAsync<RecoveryException>(() => OpenAsync(journal));
        Assert.Equal(("symbol-AAPL", 4), (failure.PersistenceId, failure.SequenceNumber));
    }

    [Fact]
    public async Task DamagedSignal_IsNamed()
    {
        await FillAsync(drain: false, Small with { SignalSnapshotEvery = 0 });
        journal.DamageEvent(PersistenceIds.Administrator, 3);
        var failure = await Assert.ThrowsAsync<RecoveryException>(() => OpenAsync(journal));
        Assert.Equal((PersistenceIds.Administrator, 3), (failure.PersistenceId, failure.SequenceNumber));
    }

    [Fact]
    public async Task DeletedEvents_AreNotNeeded_UntilThePlanChanges()
    {
        var inputs = await FillAsync(drain: true, Small with { DeleteCoveredEvents = true });
        Assert.DoesNotContain(journal.Events, row => row is { Id: "symbol-AAPL", SequenceNumber: 1 });
        await using (var engine = await OpenAsync(journal)) await AssertMarketAsync(engine, EveryFrame, inputs);
        var failure = await Assert.ThrowsAsync<PlanChangeException>(() => EmbeddedEngine.OpenAsync(Plan.Default, journal, Small));
        Assert.Equal(1, Assert.IsType<RecoveryException>(failure.InnerException).SequenceNumber);
        await using var goesOn = await EmbeddedEngine.OpenAsync(null, journal, Small);
        await AssertMarketAsync(goesOn, EveryFrame, inputs);
    }

    [Fact]
    public async Task BarsOfThePast_BeginWhereEventsWereDeleted()
    {
        var inputs = await FillAsync(drain: false, Small with { DeleteCoveredEvents = true });
        var (_, log) = EngineReading.MarketOf(EveryFrame, inputs.Where(input => input.Record.Symbol.Equals(Apple)));
        var all = log.Bars.Where(bar => bar.Frame == Frame.OneSecond).Select(bar => bar.Bar.OpenTime).ToList();
        var past = new JournalHistory(EveryFrame, journal);
        var kept = new List<long>();
        await foreach (var bar in past.BarsAsync(Apple, Frame.OneSecond, Timestamp.MinValue, Timestamp.MaxValue))
            kept.Add(bar.Bar.OpenTime);
        Assert.InRange(kept.Count, 1, all.Count - 1);
        Assert.Equal(all.TakeLast(kept.Count), kept);

        var hole = journal.Events.First(row => row.Id == "symbol-AAPL").SequenceNumber + 1;
        journal.LoseEvent("symbol-AAPL", hole);
        var failure = await Assert.ThrowsAsync<RecoveryException>(async () =>
        {
            await foreach (var _ in past.BarsAsync(Apple, Frame.OneSecond, Timestamp.MinValue, Timestamp.MaxValue)) continue;
        });
        Assert.Equal(hole, failure.SequenceNumber);
    }

    [Fact]
    public async Task BatchOfManyRecords_IsOneEventPerSymbol()
    {
        await using var engine = await EmbeddedEngine.OpenAsync(
            EveryFrame, journal, Small with { GroupRecords = 10_000, QueueRecords = 10_000 });
        await (await engine.SubmitAsync(MarketGenerator.Generate(new MarketOptions { Ticks = 5_000, Symbols = 7 }).ToArray())).Durable;
        Assert.Equal(7, journal.Events.Count(row => row.Manifest == "ta1"));
    }

    private static EmbeddedOptions Small { get; } = new()
    {
        Partitions = 2, GroupRecords = 16, QueueRecords = 400, SnapshotEvery = 4, SignalTail = 8, SignalSnapshotEvery = 5,
    };

    private static Task<EmbeddedEngine> OpenAsync(IJournalStore store) => EmbeddedEngine.OpenAsync(EveryFrame, store, Small);

    /// <summary>Opens an engine. Recovery may fail too: it writes the signals that a crash kept from the log.</summary>
    private static async Task<EmbeddedEngine?> OpenOrNullAsync(IJournalStore store)
    {
        try
        {
            return await OpenAsync(store);
        }
        catch (EngineStoppedException)
        {
            return null;
        }
    }

    /// <summary>The failing commit may be that of the signals, when all records are acknowledged.</summary>
    private static async Task AssertBalancedUnlessFailedAsync(EmbeddedEngine engine)
    {
        try
        {
            Assert.All(await engine.LedgerAsync(), line => Assert.True(line.IsBalanced));
        }
        catch (EngineStoppedException)
        {
            Assert.NotNull(engine.Failure);
        }
    }

    private static List<Input> Sequenced(int seed, int count) =>
        [.. HostileMarkets.Stream(seed, count, 4 * Timestamp.Second).Where(input => input.Clock is null && input.Record.Id.IsSequenced)];

    /// <summary>The records accepted under the first plan, which a later plan folds.</summary>
    private static List<Input> Accepted(List<Input> inputs)
    {
        var states = new Dictionary<Symbol, Domain.Folding.SymbolState>();
        return
        [
            .. inputs.Where(input =>
            {
                var plan = new Domain.Folding.SymbolPlan(EveryFrame.For(input.Record.Symbol));
                if (!states.TryGetValue(input.Record.Symbol, out var state))
                {
                    if (Domain.Folding.Fold.Check(plan, input.Record) != 0) return false;
                    states.Add(input.Record.Symbol, state = new(input.Record.Symbol, plan));
                }

                return Domain.Folding.Fold.Decide(state, input.Record).Verdict == Domain.Folding.Verdict.Accepted;
            }),
        ];
    }

    private static async Task AssertMarketAsync(IEngine engine, Plan plan, List<Input> inputs)
    {
        var (market, log) = EngineReading.MarketOf(plan, inputs);
        await EngineReading.AssertSameAsync(engine, market, log);
    }

    private async Task<List<Input>> FillAsync(bool drain, EmbeddedOptions? options = null)
    {
        var inputs = Sequenced(seed: 17, count: 800);
        await using var engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal, options ?? Small);
        foreach (var chunk in inputs.Chunk(10)) await EngineReading.SendAsync(engine, chunk, 10); // many commits
        await AssertMarketAsync(engine, EveryFrame, inputs);
        if (drain) await engine.DrainAsync();
        return inputs;
    }

    /// <summary>
    /// Sends the records that are not acknowledged yet, in batches; returns the number of acknowledged records before the first gap.
    /// </summary>
    private static async Task<int> SendUntilFailureAsync(IEngine engine, List<Input> inputs, int acknowledged)
    {
        var under = new List<(int End, Task<IngestResult> Task)>();
        try
        {
            for (var next = acknowledged; next < inputs.Count;)
            {
                Record[] batch = [.. inputs.Skip(next).Take(23).Select(input => input.Record)];
                next += batch.Length;
                under.Add((next, (await engine.SubmitAsync(batch)).Durable));
                if (under.Count % 3 == 0) await under[^1].Task;
            }
        }
        catch (EngineStoppedException)
        {
            // The pending ones are checked below.
        }

        foreach (var (end, task) in under)
        {
            try
            {
                await task.WaitAsync(EngineReading.Timeout);
                acknowledged = end;
            }
            catch (EngineStoppedException)
            {
                break;
            }
        }

        return acknowledged;
    }
}
