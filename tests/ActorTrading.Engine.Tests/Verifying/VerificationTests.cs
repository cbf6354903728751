using System.Buffers;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Verifying;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Engine.Tests.Verifying;

/// <summary>A valid journal has no findings, and every damage is found at its place.</summary>
public class VerificationTests
{
    private const string Apple = "symbol-AAPL";
    private static readonly Plan EveryFrame = TestPlans.All["every frame"];
    private readonly MemoryJournal journal = new();

    public static TheoryData<string> Plans => [.. TestPlans.All.Keys];

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task SoundJournal_ComesToTheHashOfTheBacktest(string planName)
    {
        var plan = TestPlans.All[planName];
        var inputs = HostileMarkets.Stream(seed: 61, count: 1_200, step: 3 * Timestamp.Second);
        var (market, log) = await FillAsync(plan, inputs);
        var report = Verification.Run(journal, plan);
        Assert.Empty(report.Faults);
        Assert.True(report.IsSound && report.IsComplete);
        Assert.Equal(market.Hash(), report.Hash);
        Assert.Equal(market.Ledger.Total().Applied + market.Ledger.Total().Late, report.Records);
        Assert.Equal(log.Signals.Count, report.Signals);
        Assert.Equal(journal.Snapshots.Count, report.Snapshots);
        Assert.Equal(0, report.SignalsOfOtherPlans + report.SnapshotsOfOtherPlans + report.SignalsUnverified + report.SignalsToLog);
        Assert.Equal(journal.Events.Count(row => row.Id is not (PersistenceIds.Administrator or PersistenceIds.Plan)), report.Events);
    }

    [ReferenceFact]
    public async Task RecordedTrades_OnSqlite_AreFoundSound()
    {
        using var folder = new TemporaryFolder();
        using var store = JournalStore.Open(folder.Path);
        var collected = new MarketInput();
        RecordFile.Read(ReferenceData.PathOf("trades", "binance_spot_btcusdt_20240808.csv.gz"), new ReadOptions(), collected);
        var (market, _) = EngineReading.MarketOf(Plan.Default, collected.Inputs);
        await using (var engine = await EmbeddedEngine.OpenAsync(Plan.Default, store))
        {
            await EngineReading.SendAsync(engine, collected.Inputs, 700);
            Assert.Equal(market.Hash(), Verification.Run(store, Plan.Default).Hash); // outside of the engine
            await engine.DrainAsync();
        }

        var report = Verification.Run(store, Plan.Default);
        Assert.Empty(report.Faults);
        Assert.Equal(market.Hash(), report.Hash);
        Assert.Equal((1, 1), (report.Symbols, report.Snapshots));
    }

    [Fact]
    public void EmptyJournal_IsSound()
    {
        var report = Verification.Run(journal, EveryFrame);
        Assert.True(report.IsSound);
        Assert.Equal(StateHash.Of([]), report.Hash);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task DamagedEvent_IsNamed_AndOtherSymbolsAreVerifiedAllTheSame(long number)
    {
        await FillAsync();
        journal.DamageEvent(Apple, number);
        var report = Verification.Run(journal, EveryFrame);
        Assert.Equal((VerifiedPart.Event, Apple, number), Place(Assert.Single(report.Faults)));
        Assert.Contains("checksum", report.Faults[0].Fault, StringComparison.Ordinal);
        Assert.Null(report.Hash);
        Assert.True(report.Signals > 0 && report.SignalsUnverified > 0 && report.Events > number);
    }

    [Fact]
    public async Task MissingEvent_IsNamed_InTheMiddleAndAtTheEnd()
    {
        await FillAsync();
        var last = journal.HighestSequenceNumber(Apple);
        journal.LoseEvent(Apple, last);
        Assert.Contains((VerifiedPart.Event, Apple, last), Verification.Run(journal, EveryFrame).Faults.Select(Place));
        journal.LoseEvent(Apple, 5);
        Assert.Equal((VerifiedPart.Event, Apple, 5), Place(Assert.Single(Verification.Run(journal, EveryFrame).Faults)));
    }

    [Fact]
    public async Task SwappedEvents_AreNamed_UnlessNothingDependsOnTheirOrder()
    {
        var (market, _) = await FillAsync();
        var found = 0;
        for (var number = 5; number < 25; number++)
        {
            journal.SwapEvents(Apple, number, number + 3);
            var report = Verification.Run(journal, EveryFrame);
            if (report.IsSound) Assert.Equal(market.Hash(), report.Hash);
            else if (report.Faults[0].Part == VerifiedPart.Event) Assert.InRange(report.Faults[0].SequenceNumber, number, number + 3);
            if (!report.IsSound) found++;
            journal.SwapEvents(Apple, number, number + 3);
        }

        Assert.True(found > 10, $"{found}");
    }

    [Fact]
    public async Task EventOfAnotherSymbol_IsNamed()
    {
        await FillAsync();
        var bytes = new ArrayBufferWriter<byte>();
        var manifest = new EventEncoder().EncodeClock(Symbol.Parse("BTC/USD"), new Timestamp(Timestamp.Day), bytes);
        var number = journal.HighestSequenceNumber(Apple) + 1;
        journal.Commit([new JournalEntry(Apple, number, manifest, bytes.WrittenMemory)]);
        Assert.Equal((VerifiedPart.Event, Apple, number), Place(Assert.Single(Verification.Run(journal, EveryFrame).Faults)));
    }

    [Fact]
    public async Task DamagedSnapshot_IsNamed()
    {
        await FillAsync();
        var number = journal.Snapshots.Last(snapshot => snapshot.Id == Apple).SequenceNumber;
        journal.DamageSnapshot(Apple, number);
        var report = Verification.Run(journal, EveryFrame);
        Assert.Equal((VerifiedPart.Snapshot, Apple, number), Place(Assert.Single(report.Faults)));
        Assert.NotNull(report.Hash);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    public async Task ForgedSnapshot_UnderARightChecksum_IsNamed(int ahead)
    {
        await FillAsync();
        var number = journal.Snapshots.Last(snapshot => snapshot.Id == Apple).SequenceNumber + ahead;
        var symbol = Symbol.Parse("AAPL");
        var hash = new byte[PlanHash.Length];
        EveryFrame.For(symbol).Hash.CopyTo(hash);
        var state = new StateWriter();
        new SymbolState(symbol, new SymbolPlan(EveryFrame.For(symbol))).Write(state);
        var bytes = new ArrayBufferWriter<byte>();
        SnapshotCodec.Encode(hash, symbol, number, state.Written, bytes);
        journal.Commit([], [new JournalEntry(Apple, number, EventManifests.Snapshot, bytes.WrittenMemory)]);
        Assert.Equal((VerifiedPart.Snapshot, Apple, number), Place(Assert.Single(Verification.Run(journal, EveryFrame).Faults)));
    }

    [Fact]
    public async Task MissingSignal_IsNamed()
    {
        await FillAsync();
        var lost = 0L;
        journal.Read(PersistenceIds.Administrator, 1, long.MaxValue, (in JournalRow row) =>
        {
            if (SignalCodec.TryDecode(row.Payload, out _, out var signal, out _) && signal is { Number: 3, Symbol.Name: "AAPL" })
                lost = row.SequenceNumber;
            return lost == 0;
        });
        journal.LoseEvent(PersistenceIds.Administrator, lost);
        var faults = Verification.Run(journal, EveryFrame).Faults;
        Assert.Equal((VerifiedPart.Signal, PersistenceIds.Administrator, lost), Place(faults[0]));
        Assert.Contains("is not in the log before it", Assert.Single(faults.Skip(1)).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignalsAtTheEnd_ThatACrashKeptFromTheLog_AreNoFault_ButCounted()
    {
        var (market, log) = await FillAsync();
        var shorter = new MemoryJournal();
        journal.CopyTo(shorter, row => row.Id != PersistenceIds.Administrator || row.SequenceNumber < log.Signals.Count - 2);
        var report = Verification.Run(shorter, EveryFrame);
        Assert.Empty(report.Faults);
        Assert.Equal(3, report.SignalsToLog);
        Assert.Equal(market.Hash(), report.Hash);
    }

    [Fact]
    public async Task SignalThatIsThereTwice_IsNamed()
    {
        var (_, log) = await FillAsync();
        journal.Log(EveryFrame, log.Signals[2]);
        Assert.Equal(
            (VerifiedPart.Signal, PersistenceIds.Administrator, log.Signals.Count + 1),
            Place(Assert.Single(Verification.Run(journal, EveryFrame).Faults)));
    }

    [Fact]
    public async Task SignalThatNeverFired_IsNamed()
    {
        var (_, log) = await FillAsync();
        var last = log.Signals.Last(signal => signal.Symbol.Name == "AAPL");
        journal.Log(EveryFrame, last with { Number = last.Number + 1 });
        var fault = Assert.Single(Verification.Run(journal, EveryFrame).Faults);
        Assert.Equal((VerifiedPart.Signal, PersistenceIds.Administrator, log.Signals.Count + 1), Place(fault));
        Assert.Contains("produce no signal", fault.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignalWithAnotherPrice_IsNamed()
    {
        var (_, log) = await FillAsync();
        var changed = new MemoryJournal();
        journal.CopyTo(changed, row => row.Id != PersistenceIds.Administrator);
        foreach (var signal in log.Signals.GroupBy(signal => signal.Symbol).SelectMany(group => group))
            changed.Log(EveryFrame, signal is { Number: 3, Symbol.Name: "AAPL" } ? signal with { Price = signal.Price + 1 } : signal);
        var report = Verification.Run(changed, EveryFrame);
        Assert.Equal((VerifiedPart.Signal, PersistenceIds.Administrator, 3), Place(Assert.Single(report.Faults)));
        Assert.Equal(log.Signals.Count - 1, report.Signals);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task DamagedSubscription_IsNamed_AndOpensNoEngine(long number)
    {
        await FillAsync();
        await using (var engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal, FilledJournal.Small))
        {
            foreach (var name in new[] { "A", "B", "C" }) await engine.SubscribeAsync([Symbol.Parse(name)]);
        }

        Assert.Empty(Verification.Run(journal, EveryFrame).Faults);
        if (number == 1) journal.DamageEvent(PersistenceIds.Subscriptions, number);
        else journal.LoseEvent(PersistenceIds.Subscriptions, number);
        var report = Verification.Run(journal, EveryFrame);
        Assert.Equal((VerifiedPart.Subscription, PersistenceIds.Subscriptions, number), Place(Assert.Single(report.Faults)));
        Assert.NotNull(report.Hash);
        var failure = await Assert.ThrowsAsync<RecoveryException>(() => EmbeddedEngine.OpenAsync(EveryFrame, journal, FilledJournal.Small));
        Assert.Equal((PersistenceIds.Subscriptions, number), (failure.PersistenceId, failure.SequenceNumber));
    }

    [Fact]
    public async Task WhatEarlierPlansLeft_IsCountedApart()
    {
        var (_, log) = await FillAsync();
        var snapshots = journal.Snapshots.Count;
        var changed = Plan.Parse("""{"frames":["1min"],"rules":["alert when close > open on 1min"]}""");
        await using (var engine = await EmbeddedEngine.OpenAsync(changed, journal, FilledJournal.Small)) await engine.DrainAsync();
        var report = Verification.Run(journal, changed);
        Assert.Empty(report.Faults);
        Assert.Equal(log.Signals.Count, report.SignalsOfOtherPlans);
        Assert.True(report.SignalsNotInForce > 0 && report.SnapshotsOfOtherPlans is var old && old > 0 && old <= snapshots);
        Assert.Equal((0, 0), (report.Signals, report.SignalsToLog));
        var before = Verification.Run(journal, EveryFrame); // the plan of that time
        Assert.Empty(before.Faults);
        Assert.Equal((log.Signals.Count, 0), (before.Signals, before.SignalsNotInForce));
    }

    [Fact]
    public async Task SignalMissingWhileItsPlanWasInForce_IsFound_AlsoAmongThoseThatNeedNotBeThere()
    {
        var inputs = HostileMarkets.Stream(seed: 63, count: 900, step: 4 * Timestamp.Second);
        var rising = Plan.Parse("""{"frames":["1min"],"rules":["alert when close crosses above ema(3) on tick"]}""");
        await using (var engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal, FilledJournal.Small))
        {
            foreach (var (plan, part) in new[] { EveryFrame, rising, EveryFrame }.Zip(inputs.Chunk(300)))
            {
                await engine.ChangePlanAsync(plan);
                await EngineReading.SendAsync(engine, part, 10);
            }
        }

        var report = Verification.Run(journal, EveryFrame);
        Assert.Empty(report.Faults);
        Assert.True(report is { Signals: > 0, SignalsOfOtherPlans: > 0, SignalsNotInForce: > 0 });
        var last = report.Signals + report.SignalsOfOtherPlans;
        foreach (var position in new[] { 3, last - 20 })
        {
            var tampered = new MemoryJournal();
            journal.CopyTo(tampered, row => row.Id != PersistenceIds.Administrator || row.SequenceNumber != position);
            Assert.Contains(
                (VerifiedPart.Signal, PersistenceIds.Administrator, position), Verification.Run(tampered, EveryFrame).Faults.Select(Place));
        }
    }

    [Fact]
    public async Task DamagedPlan_IsNamed()
    {
        await FillAsync();
        journal.DamageEvent(PersistenceIds.Plan, 1);
        Assert.Contains((VerifiedPart.Plan, PersistenceIds.Plan, 1), Verification.Run(journal, EveryFrame).Faults.Select(Place));
        var failure = await Assert.ThrowsAsync<RecoveryException>(() => EmbeddedEngine.OpenAsync(EveryFrame, journal, FilledJournal.Small));
        Assert.Equal((PersistenceIds.Plan, 1), (failure.PersistenceId, failure.SequenceNumber));
        journal.LoseEvent(PersistenceIds.Plan, 1);
        Assert.Contains((VerifiedPart.Plan, PersistenceIds.Plan, 1), Verification.Run(journal, EveryFrame).Faults.Select(Place));
    }

    [Fact]
    public async Task DeletedEvents_AreToldAsNotVerified_AndTheRestIsVerifiedFromTheSnapshotOn()
    {
        var (market, log) = await FillAsync(options: FilledJournal.Small with { DeleteCoveredEvents = true });
        await using (var engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal, FilledJournal.Small with { SnapshotEvery = 0 }))
        {
            // Three events of each symbol after the last snapshot.
            for (var i = 0; i < 3; i++) await engine.AdvanceClockAsync(new Timestamp(1));
        }

        var report = Verification.Run(journal, EveryFrame);
        Assert.Empty(report.Faults);
        Assert.Equal(market.Hash(), report.Hash);
        Assert.False(report.IsComplete);
        var first = journal.Events.First(row => row.Id == Apple).SequenceNumber;
        Assert.Contains(new UnverifiedEvents(Symbol.Parse("AAPL"), first - 1), report.Unverified);
        Assert.Equal(log.Signals.Count, report.Signals + report.SignalsUnverified);

        journal.LoseEvent(Apple, first + 1);
        Assert.Contains((VerifiedPart.Event, Apple, first + 1), Verification.Run(journal, EveryFrame).Faults.Select(Place));
        foreach (var snapshot in journal.Snapshots.Where(snapshot => snapshot.Id == Apple))
            journal.DamageSnapshot(Apple, snapshot.SequenceNumber);
        Assert.Contains((VerifiedPart.Event, Apple, 1), Verification.Run(journal, EveryFrame).Faults.Select(Place));
    }

    [Fact]
    public async Task Cancelled_ItEnds()
    {
        await FillAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Assert.ThrowsAny<OperationCanceledException>(() => Verification.Run(journal, EveryFrame, cancellation: cancelled.Token));
    }

    private static (VerifiedPart Part, string Id, long Number) Place(VerificationFault fault) =>
        (fault.Part, fault.PersistenceId, fault.SequenceNumber);

    private Task<(Market Market, FoldLog Log)> FillAsync(Plan? plan = null, List<Input>? inputs = null, EmbeddedOptions? options = null) =>
        journal.FillAsync(plan ?? EveryFrame, inputs, options);
}
