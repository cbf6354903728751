using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Events;
using Xunit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.TestKit.Engines;

/// <summary>Deletion of symbols by an operator.</summary>
public abstract partial class EngineConformance
{
    private static readonly Plan Alerting = Plan.Parse("""{"frames":["tick","1min"],"rules":["buy when close > 100 on tick"]}""");
    private static readonly Symbol[] Three = [Symbol.Parse("AAPL"), Symbol.Parse("MSFT"), Symbol.Parse("OLD")];

    [Fact]
    public async Task DeletedSymbol_IsGone_ButForItsDeletionAndItsSignals_AlsoAfterACrash()
    {
        var engine = await OpenAsync(Alerting);
        await (await engine.SubmitAsync(TicksOf(Three, first: 1, count: 20))).Durable;
        var signals = await EngineReading.SignalsAsync(engine, 0, 3);
        var outcome = await engine.DeleteSymbolAsync(Three[2], "carol");
        Assert.True(outcome is { IsChanged: true, IsPurged: true, Deleted.By: "carol" });
        await AssertGoneAsync(engine, signals);
        Assert.Equal([(outcome.Event, EventManifests.SymbolDeleted)], InJournal(journal => RowsOf(journal, Three[2])));
        await CrashAsync(engine);

        engine = await OpenAsync(Alerting);
        await AssertGoneAsync(engine, signals);
        var again = await engine.DeleteSymbolAsync(Three[2], "dora");
        Assert.True(again is { IsChanged: false, Deleted.By: "carol" });
        Assert.Equal((outcome.Event, outcome.Deleted.Time), (again.Event, again.Deleted.Time));
        Assert.True(await engine.DeleteSymbolAsync(Symbol.Parse("GHOST")) is { IsChanged: false, Event: 0, Deleted: null });
        await AssertGoneAsync(engine, signals);
        await engine.DrainAsync();
        await engine.DisposeAsync();
        Assert.True(Verify().IsSound, string.Join("; ", Verify().Faults));
    }

    [Fact]
    public async Task DeletedSymbol_BeginsAnew_AndKnowsWhatWasSentBefore()
    {
        var engine = await OpenAsync(Alerting);
        var before = TicksOf(Three[2..], first: 1, count: 20);
        await (await engine.SubmitAsync(before)).Durable;
        await EngineReading.SignalsAsync(engine, 0, 1);
        await engine.DeleteSymbolAsync(Three[2]);
        await engine.AdvanceClockAsync(new Timestamp(Begin.Nanoseconds + (10 * Timestamp.Minute))); // not affected
        Assert.Empty(await engine.SymbolsAsync());
        var result = await (await engine.SubmitAsync(before)).Durable;
        Assert.Equal((0, 20), (result.Applied, result.Duplicate));
        Assert.Empty(await engine.SymbolsAsync());

        var after = TicksOf(Three[2..], first: 21, count: 20);
        Assert.Equal(20, (await (await engine.SubmitAsync(after)).Durable).Applied);
        var fresh = EngineReading.MarketOf(Alerting, EngineReading.Inputs(after)).Market.Find(Three[2])!;
        await AssertFreshAsync(engine);
        var logged = await EngineReading.SignalsAsync(engine, 0, 2); // the same rule fires before and after the deletion
        Assert.True(logged[1].Signal.Number > logged[0].Signal.Number);
        var hash = await engine.HashAsync();
        await engine.DrainAsync();
        await engine.DisposeAsync();
        var report = Verify();
        Assert.True(report.IsSound, string.Join("; ", report.Faults));
        Assert.Equal(hash, report.Hash);

        engine = await OpenAsync(Alerting);
        Assert.Equal(hash, await engine.HashAsync());
        await AssertFreshAsync(engine);
        Assert.Equal(20, (await (await engine.SubmitAsync(before)).Durable).Duplicate);
        var changed = Plan.Parse("""{"frames":["1min"]}""");
        await engine.ChangePlanAsync(changed); // folded from the deletion on
        Assert.Equal(20, (await engine.StateAsync(Three[2]))!.Sources.Applied);
        Assert.Equal(20, (await (await engine.SubmitAsync(before)).Durable).Duplicate);
        await engine.DisposeAsync();

        async Task AssertFreshAsync(IEngine asked)
        {
            var state = (await asked.StateAsync(Three[2]))!;
            Assert.Equal(
                (fresh.Ohlcv.LastPrice, fresh.Sources.Applied, fresh.Ohlcv.Signals, fresh.Ohlcv.BarSoFar(Frame.OneMinute)),
                (state.Ohlcv.LastPrice, state.Sources.Applied, state.Ohlcv.Signals, state.Ohlcv.BarSoFar(Frame.OneMinute)));
        }
    }

    [Fact]
    public async Task DeletedSymbol_IsGoneUnderAnotherPlan_AlsoAfterADrain()
    {
        var engine = await OpenAsync(Alerting);
        await (await engine.SubmitAsync(TicksOf(Three, first: 1, count: 20))).Durable;
        for (var seq = 21; seq < 40; seq++) await (await engine.SubmitAsync(TicksOf(Three, seq, count: 1))).Durable;
        await engine.DeleteSymbolAsync(Three[2], "carol");
        await engine.ChangePlanAsync(EveryFrame);
        Assert.Equal(Three[..2], (await engine.SymbolsAsync()).Select(summary => summary.Symbol));
        var hash = await engine.HashAsync();
        await engine.DrainAsync();
        await engine.DisposeAsync();
        engine = await OpenAsync(plan: null);
        Assert.Equal(hash, await engine.HashAsync());
        Assert.Equal(Three[..2], (await engine.SymbolsAsync()).Select(summary => summary.Symbol));
        Assert.True(await engine.DeleteSymbolAsync(Three[2]) is { IsChanged: false, Deleted.By: "carol" });
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task DeletionThatACrashInterrupted_GoesOnAfterTheNextStart()
    {
        var engine = await OpenAsync(Alerting);
        await (await engine.SubmitAsync(TicksOf(Three, first: 1, count: 1))).Durable;
        for (var seq = 2; seq < 8; seq++) await (await engine.SubmitAsync(TicksOf(Three[2..], seq, count: 1))).Durable;
        await EngineReading.SignalsAsync(engine, 0, 3);
        await CrashAsync(engine);

        // State after a crash: the deletion is durable as event and snapshot, and the first of the earlier events is deleted.
        InJournal(journal =>
        {
            var id = PersistenceIds.Of(Three[2]);
            var head = journal.HighestSequenceNumber(id);
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            var last = new Domain.Records.Identity(FeedOfThree, 0, 7);
            var manifest = DeletionCodec.Encode(new SymbolDeleted(Three[2], Begin, "carol", [last]), bytes);
            var entry = new JournalEntry(id, head + 1, manifest, bytes.WrittenMemory);
            journal.Commit([entry], [entry]);
            journal.Delete([new JournalDeletion(id, 2, 0)]);
            return Assert.Single(RowsOf(journal, Three[2]), row => row.Event == 3).Event;
        });

        engine = await OpenAsync(Alerting);
        Assert.Equal(Three[..2], (await engine.SymbolsAsync()).Select(summary => summary.Symbol));
        Assert.True(await engine.DeleteSymbolAsync(Three[2]) is { IsChanged: false, IsPurged: true, Deleted.By: "carol" });
        Assert.Equal(EventManifests.SymbolDeleted, Assert.Single(InJournal(journal => RowsOf(journal, Three[2]))).Manifest);
        Assert.Equal(1, (await (await engine.SubmitAsync(TicksOf(Three[2..], 7, count: 1))).Durable).Duplicate);
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task DeletedSymbol_LeavesTheListOfSubscriptions_AndItsPastIsGone()
    {
        await using var engine = await OpenAsync(Alerting);
        await engine.SubscribeAsync(Three);
        await (await engine.SubmitAsync(TicksOf(Three, first: 1, count: 20))).Durable;
        await engine.DeleteSymbolAsync(Three[2]);
        Assert.Equal(Three[..2], (await engine.SubscriptionsAsync()).Symbols);
        await Assert.ThrowsAsync<EventsDeletedException>(() => engine.StateAsync(Three[2], Begin));
        await foreach (var _ in engine.BarsAsync(Three[2], Frame.OneMinute, Timestamp.MinValue, Timestamp.MaxValue))
            Assert.Fail("A bar of a deleted symbol.");
    }

    private static Timestamp Begin { get; } = new(1_720_483_200_000_000_000);

    private static Source FeedOfThree { get; } = Source.Parse("feed");

    private static Record[] TicksOf(IEnumerable<Symbol> symbols, int first, int count) =>
    [
        .. Enumerable.Range(first, count).SelectMany(seq => symbols.Select(symbol => Record.OfTick(
            symbol, new Domain.Records.Identity(FeedOfThree, 0, seq), new Timestamp(Begin.Nanoseconds + (seq * Timestamp.Second)),
            (100 + seq) * Fixed8.One, Fixed8.One))),
    ];

    private static List<(long Event, string Manifest)> RowsOf(IJournalStore journal, Symbol symbol)
    {
        var rows = new List<(long, string)>();
        journal.Read(PersistenceIds.Of(symbol), 1, long.MaxValue, (in JournalRow row) =>
        {
            rows.Add((row.SequenceNumber, row.Manifest));
            return true;
        });
        return rows;
    }

    private static async Task AssertGoneAsync(IEngine engine, List<LoggedSignal> signals)
    {
        Assert.Equal(Three[..2], (await engine.SymbolsAsync()).Select(summary => summary.Symbol));
        Assert.Equal(Three[..2], (await ShownAsync(engine)).Select(reading => reading.Symbol));
        Assert.Null(await engine.StateAsync(Three[2]));
        Assert.Empty(await engine.ReadingsAsync([Three[2]]));
        var (market, _) = EngineReading.MarketOf(Alerting, EngineReading.Inputs(TicksOf(Three[..2], first: 1, count: 20)));
        Assert.Equal(market.Hash(), await engine.HashAsync());
        Assert.Equal(
            signals.Select(signal => Seen.Signal(signal.Signal)),
            (await EngineReading.SignalsAsync(engine, 0, 3)).Select(signal => Seen.Signal(signal.Signal)));
    }
}
