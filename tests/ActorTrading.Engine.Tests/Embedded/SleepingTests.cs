using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.TestKit.Ingest;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Engine.Tests.Embedded;

/// <summary>Passivation of idle symbols in the embedded engine: they leave memory, without any other visible effect.</summary>
public class SleepingTests
{
    private const int Symbols = 300;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);
    private static readonly Plan EveryFrame = TestPlans.All["every frame"];
    private static readonly Source Feed = Source.Parse("feed");

    private readonly ManualTime time = new();
    private readonly MemoryJournal journal = new();

    private EmbeddedOptions Options => new() { Partitions = 2, IdleAfter = Idle, Clock = time };

    [Fact]
    public async Task SymbolsWithoutRecords_LeaveMemory_AndTheStateHashIsTheSame()
    {
        await using var engine = await OpenAsync();
        var first = Ticks(seq: 1, count: Symbols);
        await (await engine.SubmitAsync(first)).Durable;
        Assert.Equal(Symbols, engine.AwakeSymbols);
        var hash = await engine.HashAsync();
        var summaries = await engine.SymbolsAsync();

        await SleepAsync(engine, awake: 0);
        Assert.Equal(hash, await engine.HashAsync());
        Assert.Equal(summaries, await engine.SymbolsAsync());
        Assert.Equal(Symbols, engine.Partitions.Sum(partition => partition.Symbols));
        Assert.Equal(Symbols, (await ShownAsync(engine)).Count);
        Assert.NotNull(await engine.StateAsync(NameOf(7)));
        Assert.Equal(0, engine.AwakeSymbols); // queries do not activate symbols

        var second = Ticks(seq: 2, count: 20);
        var result = await (await engine.SubmitAsync(second.Concat(first).ToArray())).Durable;
        Assert.Equal((20, Symbols), (result.Applied, result.Duplicate)); // a duplicate activates its symbol, which recognises it
        var market = MarketOf([.. first, .. second]);
        Assert.Equal(market.Hash(), await engine.HashAsync());
        await SleepAsync(engine, awake: 0);
        Assert.Equal(market.Hash(), await engine.HashAsync());
    }

    [Fact]
    public async Task SymbolsWithRecords_StayAwake()
    {
        await using var engine = await OpenAsync();
        for (var seq = 1; seq <= 20; seq++)
        {
            await (await engine.SubmitAsync(Ticks(seq, count: seq == 1 ? Symbols : 5))).Durable;
            time.Advance(Idle / 8);
            await engine.SymbolsAsync(); // sweeps run before it
        }

        await EngineReading.UntilAsync(() => engine.AwakeSymbols == 5);
    }

    [Fact]
    public async Task SmallSymbols_HaveNoSnapshot_NeitherAsleepNorAfterADrain_AndLargeOnesHave()
    {
        await using (var engine = await OpenAsync())
        {
            await (await engine.SubmitAsync(Ticks(1, Symbols))).Durable;
            for (var seq = 2; seq < 200; seq++) await (await engine.SubmitAsync(Ticks(seq, count: 1))).Durable;
            await SleepAsync(engine, awake: 0);
            await engine.DrainAsync();
        }

        Assert.Equal(
            [PersistenceIds.Of(NameOf(0))],
            journal.Snapshots.Select(snapshot => snapshot.Id).Where(id => PersistenceIds.SymbolOf(id) is not null).Distinct());
        Assert.Equal(Symbols + 198, journal.Events.Count(row => PersistenceIds.SymbolOf(row.Id) is not null));
        await using var again = await OpenAsync();
        Assert.InRange(again.Recovery.Events, Symbols - 1, Symbols + 7);
        Assert.Equal(
            MarketOf([.. Ticks(1, Symbols), .. Enumerable.Range(2, 198).SelectMany(seq => Ticks(seq, 1))]).Hash(), await again.HashAsync());
    }

    [Fact]
    public async Task RecordOfASleeper_WaitsForIt_InItsOrder_AndOthersGoOn()
    {
        using var slow = new SlowReads(journal, PersistenceIds.Of(NameOf(0)));
        await using var engine = await EmbeddedEngine.OpenAsync(EveryFrame, slow, Options with { Partitions = 1 });
        await (await engine.SubmitAsync(Ticks(1, Symbols))).Durable;
        await SleepAsync(engine, awake: 0);
        await (await engine.SubmitAsync(Ticks(2, Symbols).Skip(1).ToArray())).Durable;
        slow.Stall();
        var waiting = new List<Task<IngestResult>>();
        // The first of them belongs to the stalled symbol.
        for (var seq = 3; seq < 6; seq++) waiting.Add((await engine.SubmitAsync(Ticks(seq, count: 3))).Durable);
        var others = await (await engine.SubmitAsync(Ticks(6, Symbols).Skip(1).ToArray())).Durable.WaitAsync(EngineReading.Timeout);
        Assert.Equal(Symbols - 1, others.Applied);
        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        Assert.Equal(1, journal.HighestSequenceNumber(PersistenceIds.Of(NameOf(0)))); // none of its records is durable

        slow.Resume();
        Assert.All(await Task.WhenAll(waiting).WaitAsync(EngineReading.Timeout), result => Assert.Equal(3, result.Applied));
        var all = Ticks(1, Symbols).Concat(Ticks(2, Symbols).Skip(1)).Concat(Enumerable.Range(3, 3).SelectMany(seq => Ticks(seq, 3)))
            .Concat(Ticks(6, Symbols).Skip(1));
        Assert.Equal(MarketOf([.. all]).Hash(), await engine.HashAsync());
        Assert.All(await engine.LedgerAsync(), line => Assert.True(line.IsBalanced));
    }

    [Fact]
    public async Task StartOfManySymbols_HasNoneOfThemInMemory_AndLogsTheSignalsThatACrashKeptFromTheLog()
    {
        var inputs = HostileMarkets.Stream(seed: 5, count: 2_000, step: 2 * Timestamp.Second);
        var (market, log) = EngineReading.MarketOf(EveryFrame, inputs);
        await using (var engine = await OpenAsync()) await EngineReading.SendAsync(engine, inputs, 50);
        var copy = new MemoryJournal(); // without signals, as if it had crashed before the first
        Verifying.FilledJournal.CopyTo(journal, copy, row => row.Id != PersistenceIds.Administrator);
        await using var again = await EmbeddedEngine.OpenAsync(null, copy, Options with { AwakeAtStart = 0 });
        Assert.Equal(0, again.AwakeSymbols);
        Assert.Equal(market.Symbols.Count(), again.Recovery.Symbols);
        await EngineReading.AssertSameAsync(again, market, log);
        Assert.Equal(0, again.AwakeSymbols);
    }

    [Fact]
    public async Task Clock_WakesOnlyThoseOfWhichItClosesABar_AndIsAnEventOfAll()
    {
        await using var engine = await OpenAsync(Plan.Parse("""{"frames":["1hour"],"rules":["alert when close > 0 on 1hour"]}"""));
        var (hour, minute) = (60 * Timestamp.Minute, Timestamp.Minute);
        Record[] ticks = [At(0, 10 * minute), At(1, hour + (10 * minute)), At(2, 10 * minute)];
        await (await engine.SubmitAsync(ticks)).Durable;
        await SleepAsync(engine, awake: 0);
        await engine.AdvanceClockAsync(new(Start.Nanoseconds + (20 * minute)));
        Assert.Equal(0, engine.AwakeSymbols);
        Assert.Equal(0, engine.LastSignal);
        var clocks = new List<Timestamp> { new(Start.Nanoseconds + (20 * minute)), new(Start.Nanoseconds + hour) };
        Assert.Equal(MarketOf(engine.Plan, ticks, clocks[..1]).Hash(), await engine.HashAsync());

        await engine.AdvanceClockAsync(clocks[1]);
        await EngineReading.UntilAsync(() => engine.AwakeSymbols == 2);
        Assert.Equal(2, (await EngineReading.SignalsAsync(engine, 0, 2)).Count);
        Assert.Equal(MarketOf(engine.Plan, ticks, clocks).Hash(), await engine.HashAsync());
        Assert.Equal(3, journal.HighestSequenceNumber(PersistenceIds.Of(NameOf(1)))); // and one record
    }

    private static Timestamp Start { get; } = new(1_720_483_200_000_000_000);

    private Task<EmbeddedEngine> OpenAsync(Plan? plan = null) => EmbeddedEngine.OpenAsync(plan ?? EveryFrame, journal, Options);

    private static Symbol NameOf(int number) => Symbol.Parse($"S{number}");

    private static Record[] Ticks(int seq, int count) =>
        [.. Enumerable.Range(0, count).Select(number => Tick(number, seq, Start.Nanoseconds + (seq * Timestamp.Second)))];

    private static Record At(int number, long after) => Tick(number, 1, Start.Nanoseconds + after);

    private static Record Tick(int number, int seq, long time) => Record.OfTick(
        NameOf(number), new Identity(Feed, 0, seq), new Timestamp(time), (100 + seq) * Fixed8.One, Fixed8.One);

    private static Market MarketOf(IReadOnlyList<Record> records) => MarketOf(EveryFrame, records, []);

    private static Market MarketOf(Plan plan, IReadOnlyList<Record> records, IReadOnlyList<Timestamp> clocks) =>
        EngineReading.MarketOf(plan, [.. EngineReading.Inputs(records), .. clocks.Select(Input.Of)]).Market;

    private async Task SleepAsync(EmbeddedEngine engine, int awake)
    {
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        while (engine.AwakeSymbols > awake)
        {
            time.Advance(Idle / 4);
            await Task.Delay(5, patience.Token);
        }
    }

    private static async Task<IReadOnlyList<MarketReading>> ShownAsync(IEngine engine)
    {
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        await foreach (var all in engine.MarketAsync(TimeSpan.FromMilliseconds(50), patience.Token)) return all;
        throw new InvalidOperationException("Nothing was shown.");
    }

    /// <summary>A journal that blocks the events of one id while it is stalled.</summary>
    private sealed class SlowReads(IJournalStore inner, string id) : IJournalStore
    {
        private readonly ManualResetEventSlim open = new(initialState: true);

        public string Location => inner.Location;

        public string? Notice => inner.Notice;

        public void Stall() => open.Reset();

        public void Resume() => open.Set();

        public void Commit(ReadOnlySpan<JournalEntry> events, ReadOnlySpan<JournalEntry> snapshots = default) =>
            inner.Commit(events, snapshots);

        public long ReadAll(long afterOrdering, JournalRowHandler handler) => inner.ReadAll(afterOrdering, handler);

        public void Read(string persistenceId, long first, long last, JournalRowHandler handler)
        {
            if (persistenceId == id) open.Wait();
            inner.Read(persistenceId, first, last, handler);
        }

        public long HighestSequenceNumber(string persistenceId) => inner.HighestSequenceNumber(persistenceId);

        public long LastOrdering() => inner.LastOrdering();

        public IReadOnlyList<JournalHead> Heads() => inner.Heads();

        public bool ReadSnapshot(string persistenceId, long maxSequenceNumber, JournalRowHandler handler, DateTime? writtenBy = null) =>
            inner.ReadSnapshot(persistenceId, maxSequenceNumber, handler, writtenBy);

        public void ReadLatestSnapshots(JournalRowHandler handler) => inner.ReadLatestSnapshots(handler);

        public void Delete(ReadOnlySpan<JournalDeletion> deletions) => inner.Delete(deletions);

        public void CheckAlive() => inner.CheckAlive();

        public void Dispose() => open.Dispose();
    }
}
