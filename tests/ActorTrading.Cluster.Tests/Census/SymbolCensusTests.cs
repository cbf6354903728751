using ActorTrading.Cluster.Hosting;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Generation;

namespace ActorTrading.Cluster.Tests.Census;

/// <summary>State hash and list of symbols, from nodes for those that are awake and from the journal for the others.</summary>
public sealed class SymbolCensusTests : IAsyncLifetime
{
    private static readonly Plan Plan = Plan.Parse("""{"frames":["1min"],"indicators":["sma(2)"]}""");

    private readonly string folder = Directory.CreateTempSubdirectory("actortrading-").FullName;
    private readonly List<ClusterEngine> nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Sleepers_AreCounted_AndSleepOn()
    {
        var node = await StartAsync(options => options with { PassivateAfter = TimeSpan.FromSeconds(1) });
        var inputs = Inputs(symbols: 20, ticks: 600);
        await EngineReading.SendAsync(node, inputs, 50);
        await EngineReading.UntilAsync(() => node.HostedSymbols.Count == 0);
        var (market, _) = EngineReading.MarketOf(Plan, inputs);
        Assert.Equal(market.Hash(), await node.HashAsync());
        Assert.Equal(market.Hashes().Select(pair => pair.Key), (await node.SymbolsAsync()).Select(summary => summary.Symbol));
        Assert.Empty(node.HostedSymbols);
    }

    [Fact]
    public async Task MoreSymbolsThanAnAnswerHolds_AreAllCounted_OnNodesThatShareThem()
    {
        const int page = 5;
        for (var i = 0; i < 2; i++) await StartAsync(options => options with { CensusPage = page });
        await Nodes.AllHostSymbolsAsync(nodes);
        var inputs = Inputs(symbols: 24, ticks: 400);
        await EngineReading.SendAsync(nodes[0], inputs, 50);
        Assert.Contains(nodes, node => node.HostedSymbols.Count > 2 * page);
        var (market, _) = EngineReading.MarketOf(Plan, inputs);
        foreach (var node in nodes)
        {
            Assert.Equal(market.Hash(), await node.HashAsync());
            var summaries = await node.SymbolsAsync();
            Assert.Equal(market.Hashes().Select(pair => pair.Key), summaries.Select(summary => summary.Symbol));
            Assert.Equal(market.Ledger.Lines.Sum(line => line.Applied + line.Late), summaries.Sum(summary => summary.Applied + summary.Late));
        }
    }

    [Fact]
    public async Task SymbolsOfANodeThatSaysNothing_AreCountedFromTheJournal()
    {
        for (var i = 0; i < 2; i++) await StartAsync();
        await Nodes.AllHostSymbolsAsync(nodes);
        var inputs = Inputs(symbols: 40, ticks: 800);
        await EngineReading.SendAsync(nodes[0], inputs, 50);
        Assert.NotEmpty(nodes[1].HostedSymbols);
        nodes[1].System.Stop(await nodes[1].System.ActorSelection(NodeChain.CensusPath).ResolveOne(EngineReading.Patience));
        var (market, _) = EngineReading.MarketOf(Plan, inputs);
        Assert.Equal(market.Hash(), await nodes[0].HashAsync());
    }

    private static List<Input> Inputs(int symbols, int ticks) => EngineReading.Inputs(MarketGenerator.Generate(new MarketOptions { Symbols = symbols, Ticks = ticks, Seed = 11, Step = Timestamp.Second }));

    private async Task<ClusterEngine> StartAsync(Func<ClusterOptions, ClusterOptions>? with = null)
    {
        var options = Nodes.Options(folder) with { Seeds = nodes.Count == 0 ? [] : [nodes[0].Address] };
        var node = await ClusterEngine.StartAsync(Plan, with?.Invoke(options) ?? options);
        nodes.Add(node);
        return node;
    }
}
