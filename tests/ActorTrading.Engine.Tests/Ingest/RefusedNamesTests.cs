using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Ingest;
using ActorTrading.Wire;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>What is refused takes no place that others need: 70,000 refused sources, then a new source of a good sender.</summary>
public sealed class RefusedNamesTests : IDisposable
{
    private const int Sources = 70_000;
    private const int BatchRecords = 4_096;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task SourcesOfRecordsWithoutTheRight_TakeNoPlaceOfAGoodSender()
    {
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, new IngestPipelineOptions());
        var sender = Sender(folder, """{"name":"bad","token":"0123456789abcdef","sources":["*"],"symbols":["AAPL"]}""");
        var records = Enumerable.Range(1, Sources).Select(number => Tick("MSFT", $"s{number}", 1)).ToArray();
        var refused = await SubmitAsync(pipeline, records, sender);
        Assert.Equal(Sources, refused.Count(one => one.Rejection.Reason == RejectReason.NotAllowed));
        await AssertIsServedAsync(pipeline, Source.Parse("good"));
        Assert.InRange((await pipeline.LedgerAsync()).Count, 1, 2_000);
        Assert.Equal(Sources, (await pipeline.LedgerAsync()).Sum(line => line.Rejected));
    }

    [Fact]
    public async Task SourcesOfRecordsThatTheEngineRefuses_TakeNoPlaceOfAGoodSender()
    {
        await using var engine = await EmbeddedEngine.OpenAsync(null, new MemoryJournal(), new EmbeddedOptions { Partitions = 2 });
        await using var pipeline = new IngestPipeline(engine, new IngestPipelineOptions());
        var records = Enumerable.Range(1, Sources).Select(number => Tick("MSFT", $"s{number}", -1)).ToArray();
        var refused = await SubmitAsync(pipeline, records, Anybody);
        Assert.Equal(Sources, refused.Count(one => one.Rejection.Reason == RejectReason.PriceNotPositive));
        await AssertIsServedAsync(pipeline, Source.Parse("good"));
        Assert.InRange((await pipeline.LedgerAsync()).Count, 1, 4_000);
        Assert.Equal(Sources, (await pipeline.LedgerAsync()).Sum(line => line.Rejected));
    }

    [Fact]
    public async Task SourcesOfUnreadablePieces_TakeNoPlaceOfAGoodSender()
    {
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine, new IngestPipelineOptions());
        var pieces = Enumerable.Range(1, Sources).Select(number => new RejectedInput(
            new Identity(Source.Parse($"s{number}"), 0, 1), number, new Rejection(RejectReason.Malformed, "line", ""), "{")).ToArray();
        foreach (var some in pieces.Chunk(BatchRecords)) await (await pipeline.SubmitAsync(default, some, Anybody)).Durable;
        await AssertIsServedAsync(pipeline, Source.Parse("good"));
        Assert.InRange((await pipeline.LedgerAsync()).Count, 1, 2_000);
        Assert.Equal(Sources, (await pipeline.LedgerAsync()).Sum(line => line.Rejected));
    }

    private static Sender Anybody => new("tcp", "", Source.Anonymous);

    private static Sender Sender(TemporaryFolder folder, string rule)
    {
        var path = folder.File("rules.json");
        File.WriteAllText(path, $$"""{"tokens":[{{rule}}]}""");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var rules = AccessRules.Load(path);
        return Anybody with { Grant = rules.Authenticate("0123456789abcdef"u8) };
    }

    private static Record Tick(string symbol, string source, int price) => Record.OfTick(
        Symbol.Parse(symbol), new Identity(Source.Parse(source), 0, 1), Timestamp.OfDate(2024, 7, 9), Fixed8.One * price, Fixed8.One);

    private static async Task<List<RejectedRecord>> SubmitAsync(IngestPipeline pipeline, Record[] records, Sender sender)
    {
        var refused = new List<RejectedRecord>();
        foreach (var some in records.Chunk(BatchRecords))
            refused.AddRange((await (await pipeline.SubmitAsync(some, [], sender)).Durable).Refused);
        return refused;
    }

    private static async Task AssertIsServedAsync(IngestPipeline pipeline, Source source)
    {
        var result = await (await pipeline.SubmitAsync(
            new[] { Tick("AAPL", source.Name, 100) }, [], Anybody with { Source = source })).Durable;
        Assert.Equal((1, 0), (result.Applied, result.Refused.Count));
    }
}
