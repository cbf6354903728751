using System.Text;
using ActorTrading.Connectors.Messages;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Nodes;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Connectors.Tests.Messages;

public sealed class MessageIngestTests : IAsyncLifetime
{
    private static readonly Source Partition = Source.Parse("ticks/0");
    private static readonly Plan Plan =
        Plan.Parse("""{"frames":["1min"],"indicators":["ema(3)"],"rules":["buy when close > ema(3) on 1min"]}""");

    private readonly MemoryJournal journal = new();
    private EmbeddedEngine engine = null!;
    private IngestPipeline pipeline = null!;

    public async Task InitializeAsync()
    {
        engine = await EmbeddedEngine.OpenAsync(Plan, journal);
        pipeline = new IngestPipeline(engine);
    }

    public async Task DisposeAsync()
    {
        journal.Resume();
        await pipeline.DisposeAsync();
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Records_GetTheIdentityOfTheirMessage_AndNotThatOfTheirText()
    {
        var outcomes = await SubmitAsync(
            new MessageReading(), Of(7, """{"symbol":"A","ts":1720522800,"price":1,"source":"liar","epoch":9,"seq":99}"""));
        Assert.Equal([1], outcomes.Select(outcome => outcome.Records));
        Assert.Empty(outcomes[0].Rejections);
        await AssertStateAsync(Tick("A", 7, 1));
        Assert.Equal([Partition.Name], (await engine.LedgerAsync()).Select(line => line.Source.Name));
    }

    [Fact]
    public async Task MessageThatComesAgain_IsADuplicate()
    {
        var messages = new[] { Of(1, Line("A", 1)), Of(2, Line("A", 2)), Of(3, Line("B", 3)) };
        await SubmitAsync(new MessageReading(), messages);
        var again = await SubmitAsync(new MessageReading(), messages);
        Assert.All(again, outcome => Assert.Equal((1, 0), (outcome.Records, outcome.Rejections.Count)));
        var line = Assert.Single(await pipeline.LedgerAsync());
        Assert.Equal((6, 3, 3, 0), (line.Received, line.Applied, line.Duplicate, line.Rejected));
    }

    [Fact]
    public async Task NewEpoch_IsNoReplay()
    {
        await SubmitAsync(new MessageReading(), Of(5, Line("A", 1)));
        await SubmitAsync(new MessageReading(), Of(0, Line("A", 2)) with { Epoch = 1 });
        Assert.Equal(2, Assert.Single(await engine.LedgerAsync()).Applied);
    }

    [Fact]
    public async Task RecordsOfSeveralSymbols_HaveTheNumberOfTheirMessage()
    {
        var outcomes = await SubmitAsync(new MessageReading(), Of(4, $"[{Line("A", 1)},{Line("B", 2)},{Line("C", 3)}]"));
        Assert.Equal(3, outcomes[0].Records);
        await AssertStateAsync(Tick("A", 4, 1), Tick("B", 4, 2), Tick("C", 4, 3));
    }

    [Fact]
    public async Task SeveralRecordsOfASymbol_NeedTheSetting_AndAreNumberedByIt()
    {
        var prices = $"[{Line("A", 1)},{Line("B", 5)},{Line("A", 2)},{Line("A", 3)}]";
        var refused = await SubmitAsync(new MessageReading(), Of(4, prices));
        Assert.Equal(4, refused[0].Records);
        Assert.Equal([RejectReason.BadSequence, RejectReason.BadSequence], refused[0].Rejections.Select(one => one.Reason));
        Assert.Contains("records_per_message", refused[0].Rejections[0].Advice, StringComparison.Ordinal);
        Assert.NotNull(refused[0].Unreadable);
        await AssertStateAsync(Tick("A", 4, 1), Tick("B", 4, 5));

        var taken = await SubmitAsync(new MessageReading { PerMessage = 3 }, Of(4, prices) with { Epoch = 1 });
        Assert.Equal((4, 0), (taken[0].Records, taken[0].Rejections.Count));
        await AssertStateAsync(
            Tick("A", 4, 1), Tick("B", 4, 5), Tick("A", 12, 1, epoch: 1), Tick("B", 12, 5, epoch: 1), Tick("A", 13, 2, epoch: 1),
            Tick("A", 14, 3, epoch: 1));
    }

    [Fact]
    public async Task MessageThatIsNoRecord_IsPoison_AndOneThatIsRefusedIsNot()
    {
        var outcomes = await SubmitAsync(
            new MessageReading(),
            Of(0, "{no json"), Of(1, Line("A", 1)), Of(2, ""), Of(3, """{"symbol":"A","ts":1720522800,"price":-1}"""),
            Of(4, """{"symbol":"A","ts":1720522800}"""), Of(5, "[]"), Of(6, $"[{Line("B", 1)},17]"));
        Assert.Equal(
            [RejectReason.Malformed, null, RejectReason.Malformed, null, RejectReason.MissingField, RejectReason.Malformed,
                RejectReason.Malformed],
            outcomes.Select(outcome => outcome.Unreadable?.Reason));
        Assert.Equal([1, 0, 1, 1, 1, 1, 1], outcomes.Select(outcome => outcome.Rejections.Count));
        Assert.Equal([1, 1, 1, 1, 1, 1, 2], outcomes.Select(outcome => outcome.Records));
        Assert.Equal(RejectReason.PriceNotPositive, outcomes[3].Rejections.Single().Reason);
        Assert.All(outcomes.Select(outcome => outcome.Unreadable).OfType<Rejection>(), rejection => Assert.NotEqual("", rejection.Advice));
        var ledger = await pipeline.LedgerAsync();
        Assert.Equal((8, 6), (ledger.Sum(line => line.Received), ledger.Sum(line => line.Rejected)));
        Assert.Equal([(0L, "{no json"), (2, ""), (5, "[]")], pipeline.Rejects.Recent(new RejectFilter(10)).Select(one => one.Reject.Input)
            .Where(input => input.Seq is 0 or 2 or 5).Select(input => (input.Seq, input.Raw)).Order());
    }

    [Fact]
    public async Task RecordWithoutATime_HasThatOfItsMessage()
    {
        var time = new Timestamp(1_720_522_800 * Timestamp.Second);
        var outcomes = await SubmitAsync(
            new MessageReading { PerMessage = 2 },
            Of(1, """{"stock_id":"A","price":[1,2],"time_frame":"1min"}""") with { Time = time },
            Of(2, """{"stock_id":"A","price":3}""") with { Time = time },
            Of(3, """{"stock_id":"A","price":4}"""));
        Assert.Equal([0, 0, 1], outcomes.Select(outcome => outcome.Rejections.Count));
        Assert.Equal(RejectReason.MissingField, outcomes[2].Unreadable?.Reason);
        await AssertStateAsync(Tick("A", 2, 1), Tick("A", 3, 2), Tick("A", 4, 3));
    }

    [Fact]
    public async Task TaskCompletes_OnceAllOfItIsDurable()
    {
        journal.Stall();
        var ingest = new MessageIngest(pipeline, new MessageReading(), "kafka", "here");
        var under = (await ingest.SubmitAsync([Of(1, Line("A", 1))])).Durable;
        var next = (await ingest.SubmitAsync([Of(2, Line("A", 2))])).Durable;
        Assert.False(under.IsCompleted);
        journal.Resume();
        Assert.Equal(1, Assert.Single(await under).Records);
        Assert.Equal(1, Assert.Single(await next).Records);
    }

    [Fact]
    public async Task MessagesThatFail_AreToBeHandedOverAgain()
    {
        var ingest = new MessageIngest(pipeline, new MessageReading(), "kafka", "here");
        journal.Fate = _ => CommitFate.Refused;
        await Assert.ThrowsAnyAsync<Exception>(async () => await (await ingest.SubmitAsync([Of(1, Line("A", 1))])).Durable);
    }

    /// <summary>The result depends neither on the limits of batches nor on the number of records per message.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnyCut_EndsInTheStateOfTheRecords(int seed)
    {
        var random = new Random(seed);
        var market = new Market(Plan, new FoldLog());
        var messages = new List<InboundMessage>();
        for (var seq = 0; seq < 500; seq++)
        {
            var records = Enumerable.Range(0, random.Next(1, 40)).Select(_ => ($"S{random.Next(12)}", random.Next(1, 1_000))).ToList();
            var numbers = new Dictionary<string, int>();
            foreach (var (symbol, price) in records)
            {
                var number = numbers[symbol] = numbers.GetValueOrDefault(symbol, -1) + 1;
                market.OnRecord(Tick(symbol, (seq * 40) + number, price));
            }

            var lines = records.Select(one => Line(one.Item1, one.Item2));
            messages.Add(Of(seq, records.Count == 1 ? lines.Single() : $"[{string.Join(',', lines)}]"));
        }

        _ = market.Ledger;
        var ingest = new MessageIngest(pipeline, new MessageReading { PerMessage = 40 }, "kafka", "here");
        var under = new List<Task<MessageOutcome[]>>();
        for (var at = 0; at < messages.Count;)
        {
            var count = Math.Min(random.Next(1, 60), messages.Count - at);
            under.Add((await ingest.SubmitAsync(messages.GetRange(at, count))).Durable);
            at += count;
        }

        var outcomes = (await Task.WhenAll(under)).SelectMany(one => one).ToList();
        Assert.Equal(messages.Count, outcomes.Count);
        Assert.All(outcomes, outcome => Assert.Empty(outcome.Rejections));
        Assert.Equal(EngineReading.Hashes(market), await EngineReading.HashesAsync(engine));
    }

    private static string Line(string symbol, int price) => $$"""{"symbol":"{{symbol}}","ts":1720522800,"price":{{price}}}""";

    private static InboundMessage Of(long seq, string text) => new(Partition, 0, seq, Encoding.UTF8.GetBytes(text));

    private static Record Tick(string symbol, long seq, long price, long epoch = 0) => Record.OfTick(
        Symbol.Parse(symbol), new Identity(Partition, epoch, seq), new Timestamp(1_720_522_800 * Timestamp.Second), price * 100_000_000, 0);

    private async Task<MessageOutcome[]> SubmitAsync(MessageReading reading, params InboundMessage[] messages)
    {
        var ingest = new MessageIngest(
            pipeline, reading with { Parser = reading.Parser with { TimeUnit = TimeUnit.Seconds } }, "kafka", "here");
        return await (await ingest.SubmitAsync(messages)).Durable;
    }

    private async Task AssertStateAsync(params Record[] records)
    {
        var (market, _) = EngineReading.MarketOf(Plan, EngineReading.Inputs(records));
        Assert.Equal(EngineReading.Hashes(market), await EngineReading.HashesAsync(engine));
    }
}
