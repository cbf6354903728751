using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Ingest;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>How many new symbols and economic indicators a node, a source and a caller may bring; known ones are never refused.</summary>
public sealed class NameLimitTests : IDisposable
{
    private const int BatchRecords = 4_096;

    private static readonly Plan Small = Plan.Parse("""{"frames":["1min"],"indicators":["ema(3)"]}""");
    private static readonly Sender Anybody = new("tcp", "", Source.Anonymous);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ThirtyThousandSymbolsOfACallerWithAQuotaOfAHundred_AreAHundred_InMemoryAndInTheJournal()
    {
        var journal = new MemoryJournal();
        await using (var engine = await EmbeddedEngine.OpenAsync(Small, journal, new EmbeddedOptions { Partitions = 2 }))
        {
            await using var pipeline = new IngestPipeline(engine);
            var caller = Caller("""{"name":"bad","token":"0123456789abcdef","sources":["*"],"limits":{"symbols":100}}""");
            var refused = await SubmitAsync(pipeline, Enumerable.Range(1, 30_000).Select(number => Tick($"S{number}", number)), caller);
            Assert.Equal(29_900, refused.Count(one => one.Rejection.Reason == RejectReason.TooManySymbols));
            Assert.Equal(29_900, refused.Count);
            Assert.Equal("The rule of bad has reached its limits.symbols.", refused[0].Rejection.Advice);
            Assert.Equal((100, 100, 100), (pipeline.KnownSymbols, (await engine.SymbolsAsync()).Count, SymbolsIn(journal)));
            Assert.All(await pipeline.LedgerAsync(), line => Assert.True(line.IsBalanced));

            // What it has brought goes on, and so do others.
            Assert.Empty(await SubmitAsync(pipeline, Enumerable.Range(1, 100).Select(number => Tick($"S{number}", number + 1)), caller));
            Assert.Empty(await SubmitAsync(pipeline, Enumerable.Range(1, 50).Select(number => Tick($"G{number}", number)), Anybody));
        }

        // After a restart the symbols are known from the journal, whoever sends them.
        await using var again = await EmbeddedEngine.OpenAsync(Small, journal, new EmbeddedOptions { Partitions = 2 });
        await using var other = new IngestPipeline(again, new IngestPipelineOptions { MaxSymbols = 1 });
        Assert.Empty(await SubmitAsync(other, Enumerable.Range(1, 100).Select(number => Tick($"S{number}", number + 2)), Anybody));
        Assert.Equal(RejectReason.TooManySymbols, Assert.Single(await SubmitAsync(other, [Tick("new", 1)], Anybody)).Rejection.Reason);
        Assert.Equal(150, other.KnownSymbols);
    }

    [Fact]
    public async Task SymbolsOfANode_AndOfASource_HaveALimit_ThatSaysWhichSettingItIs()
    {
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, new IngestPipelineOptions { MaxSymbols = 5, MaxSymbolsPerSource = 3 });
        var ofOne = await SubmitAsync(pipeline, Enumerable.Range(1, 5).Select(number => Tick($"A{number}", number, "one")), Anybody);
        Assert.Equal([3, 4], ofOne.Select(one => one.Index));
        Assert.Contains("ingest:max_symbols_per_source", ofOne[0].Rejection.Advice, StringComparison.Ordinal);
        var ofTwo = await SubmitAsync(pipeline, Enumerable.Range(1, 5).Select(number => Tick($"B{number}", number, "two")), Anybody);
        Assert.Equal([2, 3, 4], ofTwo.Select(one => one.Index));
        Assert.Contains("reached ingest:max_symbols", ofTwo[0].Rejection.Advice, StringComparison.Ordinal);
        Assert.Equal("too_many_symbols: symbol = B3", ofTwo[0].Rejection.ToString());
        Assert.Empty(await SubmitAsync(pipeline, [Tick("A1", 9, "three"), Tick("B2", 9, "one")], Anybody)); // known ones
    }

    [Fact]
    public async Task SymbolsOfRefusedRecords_TakeNoPlace_AlsoWhereTheEngineRefuses()
    {
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, new IngestPipelineOptions { MaxSymbols = 2 });
        foreach (var number in Enumerable.Range(1, 100))
        {
            var refused = await SubmitAsync(pipeline, [Tick($"S{number}", number, price: -1)], Anybody);
            Assert.Equal(RejectReason.PriceNotPositive, Assert.Single(refused).Rejection.Reason);
        }

        Assert.Empty(await SubmitAsync(pipeline, [Tick("A", 1, price: 1), Tick("B", 2)], Anybody));
        Assert.Equal(2, pipeline.KnownSymbols);
    }

    [Fact]
    public async Task SymbolsThatNobodyHasSubscribedTo_NeitherTakePlaces_NorWait()
    {
        var time = new ManualTime(); // which stands still: whoever has to wait never ends
        await using var engine = await EmbeddedEngine.OpenAsync(Small, new MemoryJournal(), new EmbeddedOptions { Partitions = 2 });
        await engine.SubscribeAsync([Symbol.Parse("A"), Symbol.Parse("B")]);
        await using var pipeline = new IngestPipeline(
            engine, new IngestPipelineOptions { MaxSymbols = 2, NewSymbolsPerSecond = 1, Time = time });
        var refused = await SubmitAsync(pipeline, Enumerable.Range(1, 10_000).Select(number => Tick($"S{number}", number)), Anybody);
        Assert.Equal(10_000, refused.Count(one => one.Rejection.Reason == RejectReason.NotSubscribed));
        Assert.Empty(await SubmitAsync(pipeline, [Tick("A", 1), Tick("B", 1)], Anybody));
        Assert.Equal(2, pipeline.KnownSymbols);
    }

    [Fact]
    public async Task PlaceThatTwoBatchesHold_StaysWithTheSecond_WhenTheFirstIsRefused()
    {
        await using var engine = new ControlledEngine(commitsAtOnce: false);
        await using var pipeline = new IngestPipeline(engine, new IngestPipelineOptions { MaxSymbols = 1 });
        var first = (await pipeline.SubmitAsync(new[] { Tick("A", 1, price: -1) }, [], Anybody)).Durable;
        var second = (await pipeline.SubmitAsync(new[] { Tick("A", 2) }, [], Anybody)).Durable;
        engine.Commit();
        Assert.Single((await first).Refused);
        var other = await SubmitOneAsync(pipeline, Tick("B", 1));
        Assert.Equal(RejectReason.TooManySymbols, Assert.Single((await other.Durable).Refused).Rejection.Reason);
        engine.Commit();
        Assert.Equal(1, (await second).Applied);
        Assert.Equal(1, pipeline.KnownSymbols);
    }

    [Fact]
    public async Task CancelledBatch_LeavesNoPlaceTaken()
    {
        await using var engine = new ControlledEngine(commitsAtOnce: false, capacity: 1);
        await using var pipeline = new IngestPipeline(engine, new IngestPipelineOptions { MaxSymbols = 2 });
        var first = await SubmitOneAsync(pipeline, Tick("A", 1));
        using var patience = new CancellationTokenSource();
        var waiting = pipeline.SubmitAsync(new[] { Tick("B", 1) }, [], Anybody, patience.Token).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        engine.Commit();
        await first.Durable;
        var third = await SubmitOneAsync(pipeline, Tick("C", 1));
        engine.Commit();
        Assert.Equal(1, (await third.Durable).Applied);
    }

    [Fact]
    public async Task NewSymbolsBeyondTheRate_Wait_AndNeitherKnownOnesNorOtherSendersDo()
    {
        var time = new ManualTime();
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, new IngestPipelineOptions { NewSymbolsPerSecond = 100, Time = time });
        var sender = Anybody with { Source = Source.Parse("fast") };
        var symbols = Enumerable.Range(1, 1_050).Select(number => Tick($"S{number}", number, "fast")).ToArray();
        Assert.Empty(await SubmitAsync(pipeline, symbols[..1_000], sender)); // ten seconds' worth
        var more = pipeline.SubmitAsync(symbols.AsMemory(1_000), [], sender).AsTask();
        Assert.Empty(await SubmitAsync(pipeline, [Tick("S1", 2_000, "fast")], sender));
        Assert.Empty(await SubmitAsync(pipeline, [Tick("other", 1, "slow")], Anybody with { Source = Source.Parse("slow") }));
        time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.False(more.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(50, (await (await more.WaitAsync(Until.Limit)).Durable).Applied);
    }

    [Fact]
    public async Task EconomicNamesOfOneSender_LeaveRoomForOthers_AndExcludingThemMakesRoom()
    {
        await using var engine = await EmbeddedEngine.OpenAsync(Small, new MemoryJournal(), new EmbeddedOptions { Partitions = 2 });
        var time = new ManualTime();
        await using var pipeline = new IngestPipeline(engine, new IngestPipelineOptions { Time = time });
        var without = Caller("""{"name":"no","token":"0123456789abcdef","sources":["*"],"symbols":["AAPL"]}""");
        var numbers = Enumerable.Range(1, 10_000);
        var refused = await SubmitAsync(pipeline, numbers.Select(number => Figure($"without{number}", number, "no")), without);
        Assert.Equal(10_000, refused.Count(one => one.Rejection.Reason == RejectReason.NotAllowed));
        var many = await SubmitAsync(pipeline, numbers.Select(number => Figure($"bad{number}", number, "bad")), Anybody);
        Assert.Equal(7_500, many.Count(one => one.Rejection.Reason == RejectReason.TooManyNames));
        Assert.Contains("ingest:max_economic_names_per_source", many[0].Rejection.Advice, StringComparison.Ordinal);
        Assert.Empty(await SubmitAsync(pipeline, [Figure("cpi", 1, "good"), Figure("bad7", 2, "good")], Anybody));
        Assert.Equal(2_501, (await engine.StateAsync(Symbol.Economy))!.Economy!.Figures.Count);

        // The way back: the records are excluded, and their names make room.
        await engine.ExcludeAsync(Symbol.Economy, new ExclusionRequest([new RecordFilter(Source.Parse("bad"))]));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await SubmitAsync(pipeline, [Figure("new", 20_000, "bad")], Anybody));
        Assert.Equal(["bad7", "cpi", "new"], (await engine.StateAsync(Symbol.Economy))!.Economy!.Figures.Keys);
    }

    private static int SymbolsIn(IJournalStore journal) =>
        journal.Heads().Count(head => PersistenceIds.SymbolOf(head.PersistenceId) is not null);

    private Sender Caller(string rule)
    {
        var path = folder.File("rules.json");
        File.WriteAllText(path, $$"""{"tokens":[{{rule}}]}""");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var rules = AccessRules.Load(path);
        return Anybody with { Grant = rules.Authenticate("0123456789abcdef"u8) };
    }

    private static Record Tick(string symbol, long seq, string source = "feed", int price = 100) => Record.OfTick(
        Symbol.Parse(symbol), new Identity(Source.Parse(source), 0, seq), Timestamp.OfDate(2024, 7, 9), Fixed8.One * price, Fixed8.One);

    private static Record Figure(string name, long seq, string source) =>
        Record.OfEconomicIndicator(new Identity(Source.Parse(source), 0, seq), Timestamp.OfDate(2024, 7, 9), name, 1);

    private static async Task<Admitted<IngestResult>> SubmitOneAsync(IngestPipeline pipeline, Record record) =>
        await pipeline.SubmitAsync(new[] { record }, [], Anybody);

    private static async Task<List<RejectedRecord>> SubmitAsync(IngestPipeline pipeline, IEnumerable<Record> records, Sender sender)
    {
        var refused = new List<RejectedRecord>();
        foreach (var some in records.Chunk(BatchRecords))
            refused.AddRange((await (await pipeline.SubmitAsync(some, [], sender)).Durable).Refused);
        return refused;
    }
}
