using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Folding;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Cluster.Tests.Ingest;

/// <summary>Two nodes on one journal: a symbol that one of them has brought is known to the other, which never refuses it.</summary>
public sealed class SymbolLimitTests : IAsyncLifetime
{
    private static readonly Plan Plan = TestPlans.All["every frame"];

    private readonly TemporaryFolder folder = new();
    private readonly List<ClusterEngine> nodes = [];

    public async Task InitializeAsync()
    {
        nodes.Add(await ClusterEngine.StartAsync(Plan, Nodes.Options(folder.Path)));
        nodes.Add(await ClusterEngine.StartAsync(Plan, Nodes.Options(folder.Path) with { Seeds = [nodes[0].Address] }));
        await Nodes.AllHostSymbolsAsync(nodes);
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task SymbolsThatAnotherNodeHasBrought_AreNeverRefused_AlsoAfterThatNodeHasLeft()
    {
        await using var first = new IngestPipeline(nodes[0], new IngestPipelineOptions { MaxSymbols = 3 });
        await using var second = new IngestPipeline(nodes[1], new IngestPipelineOptions { MaxSymbols = 1 });
        Assert.Null(await RefusalOfAsync(second, "B1", 1));
        Assert.Null(await RefusalOfAsync(first, "A1", 1));
        Assert.Null(await RefusalOfAsync(first, "A2", 1));
        Assert.Equal(RejectReason.TooManySymbols, await RefusalOfAsync(first, "A3", 1)); // B1 counts: it was in the journal
        Assert.Equal(3, first.KnownSymbols);

        Assert.Null(await RefusalOfAsync(second, "A1", 2));
        Assert.Equal(RejectReason.TooManySymbols, await RefusalOfAsync(second, "B2", 1));
        await nodes[0].DrainAsync();
        Assert.Null(await RefusalOfAsync(second, "A2", 2));
        await using var restarted = new IngestPipeline(nodes[1], new IngestPipelineOptions { MaxSymbols = 1 });
        Assert.Null(await RefusalOfAsync(restarted, "A1", 3));
        Assert.Equal(RejectReason.TooManySymbols, await RefusalOfAsync(restarted, "C1", 1));
        Assert.Equal(3, restarted.KnownSymbols);
    }

    private static async Task<RejectReason?> RefusalOfAsync(IngestPipeline pipeline, string symbol, long seq)
    {
        var record = Record.OfTick(
            Symbol.Parse(symbol), new Identity(Source.Parse("feed"), 0, seq), Timestamp.OfDate(2024, 7, 9), Fixed8.One * 100, Fixed8.One);
        var result = await (await pipeline.SubmitAsync(new[] { record }, [], new Sender("tcp", "", Source.Anonymous))).Durable;
        return result.Refused.Count == 0 ? null : result.Refused[0].Rejection.Reason;
    }
}
