using ActorTrading.Cluster.Hosting;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Simulation;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Cluster.Tests.Queries;

/// <summary>State hash and list of symbols: from nodes for active symbols, and from the journal for the others.</summary>
public sealed class SymbolDirectoryTests : IAsyncLifetime
{
    private static readonly Plan Plan = Plan.Parse("""{"frames":["1min"],"indicators":["sma(2)"]}""");

    private readonly TemporaryFolder folder = new();
    private readonly List<ClusterEngine> nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
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
        for (var i = 0; i < 2; i++) await StartAsync(options => options with { DirectoryPage = page });
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
            Assert.Equal(
                market.Ledger.Lines.Sum(line => line.Applied + line.Late), summaries.Sum(summary => summary.Applied + summary.Late));
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
        nodes[1].System.Stop(await nodes[1].System.ActorSelection(ClusterNodeBuilder.DirectoryPath).ResolveOne(EngineReading.Timeout));
        var (market, _) = EngineReading.MarketOf(Plan, inputs);
        Assert.Equal(market.Hash(), await nodes[0].HashAsync());
    }

    [Fact]
    public async Task WatchedSleeper_IsReadFromTheJournal_AndSleepsOn_AndOneThatIsAwakeFallsAsleep()
    {
        var node = await StartAsync(options => options with { PassivateAfter = TimeSpan.FromSeconds(1) });
        var inputs = Inputs(symbols: 3, ticks: 90);
        var symbol = inputs[0].Record.Symbol;
        await EngineReading.SendAsync(node, inputs.Take(60), 10);
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        var states = node.StatesAsync(symbol, TimeSpan.FromMilliseconds(20), patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await states.MoveNextAsync());
        var awake = StateHash.Of(states.Current);
        var next = states.MoveNextAsync().AsTask(); // reads again and again
        await EngineReading.UntilAsync(() => node.HostedSymbols.Count == 0);

        await foreach (var state in node.StatesAsync(symbol, TimeSpan.FromMilliseconds(20), patience.Token))
        {
            Assert.Equal(awake, StateHash.Of(state));
            break;
        }

        Assert.Empty(node.HostedSymbols);
        Assert.False(next.IsCompleted); // passivation changed nothing
        await EngineReading.SendAsync(node, inputs.Skip(60), 10);
        Assert.True(await next);
        var (market, _) = EngineReading.MarketOf(Plan, inputs);
        var last = market.Hashes().Single(pair => pair.Key.Equals(symbol)).Value;
        while (StateHash.Of(states.Current) != last) Assert.True(await states.MoveNextAsync());
        await states.DisposeAsync();
    }

    [Fact]
    public async Task Watched_OnAnyNode_AlsoWhenTheNodeOfTheSymbolDies()
    {
        for (var i = 0; i < 3; i++) await StartAsync();
        await Nodes.AllHostSymbolsAsync(nodes);
        var inputs = Inputs(symbols: 12, ticks: 600);
        await EngineReading.SendAsync(nodes[0], inputs.Take(300), 20);
        var symbol = nodes[2].HostedSymbols.Order().First();
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        var states = nodes[0].StatesAsync(symbol, TimeSpan.FromMilliseconds(20), patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await states.MoveNextAsync());
        Assert.Equal(await HashOfAsync(nodes[1], symbol), StateHash.Of(states.Current));

        await nodes[2].DisposeAsync();
        await EngineReading.SendAsync(nodes[1], inputs.Skip(300), 20);
        var (market, _) = EngineReading.MarketOf(Plan, inputs);
        var last = market.Hashes().Single(pair => pair.Key.Equals(symbol)).Value;
        while (StateHash.Of(states.Current) != last) Assert.True(await states.MoveNextAsync());
        await states.DisposeAsync();

        static async Task<StateHash> HashOfAsync(ClusterEngine node, Symbol symbol) => StateHash.Of((await node.StateAsync(symbol))!);
    }

    private static List<Input> Inputs(int symbols, int ticks) => EngineReading.Inputs(
        MarketGenerator.Generate(new MarketOptions { Symbols = symbols, Ticks = ticks, Seed = 11, Step = Timestamp.Second }));

    private async Task<ClusterEngine> StartAsync(Func<ClusterOptions, ClusterOptions>? with = null)
    {
        var options = Nodes.Options(folder.Path) with { Seeds = nodes.Count == 0 ? [] : [nodes[0].Address] };
        var node = await ClusterEngine.StartAsync(Plan, with?.Invoke(options) ?? options);
        nodes.Add(node);
        return node;
    }
}
