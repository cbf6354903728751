using ActorTrading.Cluster.Hosting;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Simulation;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Cluster.Tests.Queries;

/// <summary>The market table, of symbols that are active on any node and of passivated ones.</summary>
public sealed class MarketViewTests : IAsyncLifetime
{
    private static readonly Plan Plan = Plan.Parse("""{"frames":["1min","1day"],"indicators":["sma(2)"]}""");
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(200);

    private readonly TemporaryFolder folder = new();
    private readonly List<ClusterEngine> nodes = [];
    private readonly CancellationTokenSource patience = new(EngineReading.Timeout);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        patience.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task EveryNode_ShowsTheSymbolsOfAll_AndWhatChangesInThem()
    {
        for (var i = 0; i < 3; i++) await StartAsync(options => options with { DirectoryPage = 5 });
        await Nodes.AllHostSymbolsAsync(nodes);
        var inputs = Inputs(symbols: 40, ticks: 1_600);
        await EngineReading.SendAsync(nodes[0], inputs.Take(800), 50);
        Assert.All(nodes, node => Assert.NotEmpty(node.HostedSymbols));
        var followed = new List<IAsyncEnumerator<IReadOnlyList<MarketReading>>>();
        foreach (var node in nodes)
        {
            var market = node.MarketAsync(Often, patience.Token).GetAsyncEnumerator(patience.Token);
            followed.Add(market);
            Assert.True(await market.MoveNextAsync());
            AssertShown(inputs.Take(800), market.Current.ToDictionary(reading => reading.Symbol));
        }

        await EngineReading.SendAsync(nodes[1], inputs.Skip(800), 50);
        foreach (var market in followed)
        {
            await UntilShownAsync(market, inputs);
            await market.DisposeAsync();
        }
    }

    [Fact]
    public async Task Sleepers_AreShown_AndSleepOn_AndWhoIsWatchedFallsAsleep()
    {
        var node = await StartAsync(options => options with { PassivateAfter = TimeSpan.FromSeconds(2) });
        var inputs = Inputs(symbols: 20, ticks: 600);
        await EngineReading.SendAsync(node, inputs, 50);
        await using var awake = node.MarketAsync(Often, patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await awake.MoveNextAsync());
        AssertShown(inputs, awake.Current.ToDictionary(reading => reading.Symbol));
        while (node.HostedSymbols.Count > 0) Assert.True(await awake.MoveNextAsync()); // read several times a second

        await using var asleep = node.MarketAsync(Often, patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await asleep.MoveNextAsync());
        AssertShown(inputs, asleep.Current.ToDictionary(reading => reading.Symbol), areClosesWhole: false);
        Assert.Empty(node.HostedSymbols);

        var next = inputs[0].Record.WithIdentity(new(Source.Parse("other"), 0, 1)).At(inputs[^1].Record.Time);
        await EngineReading.SendAsync(node, [Input.Of(next)], 1);
        do Assert.True(await asleep.MoveNextAsync());
        while (asleep.Current.Count == 0);
        Assert.Equal(inputs[0].Record.Symbol, Assert.Single(asleep.Current).Symbol);
    }

    [Fact]
    public async Task SymbolsOfANodeThatDies_KeepTheirRows_AndGoOnWhereTheyWakeNext()
    {
        for (var i = 0; i < 3; i++) await StartAsync();
        await Nodes.AllHostSymbolsAsync(nodes);
        var inputs = Inputs(symbols: 30, ticks: 1_200);
        await EngineReading.SendAsync(nodes[0], inputs.Take(600), 50);
        await using var market = nodes[0].MarketAsync(Often, patience.Token).GetAsyncEnumerator(patience.Token);
        await UntilShownAsync(market, inputs.Take(600));
        Assert.NotEmpty(nodes[2].HostedSymbols);
        await nodes[2].DisposeAsync();
        await EngineReading.SendAsync(nodes[1], inputs.Skip(600), 50);
        await UntilShownAsync(market, inputs, areClosesWhole: false);
    }

    [Fact]
    public async Task SymbolsOfANodeThatSaysNothing_AreShownFromTheJournal()
    {
        for (var i = 0; i < 2; i++) await StartAsync();
        await Nodes.AllHostSymbolsAsync(nodes);
        var inputs = Inputs(symbols: 40, ticks: 800);
        await EngineReading.SendAsync(nodes[0], inputs, 50);
        Assert.NotEmpty(nodes[1].HostedSymbols);
        nodes[1].System.Stop(await nodes[1].System.ActorSelection(ClusterNodeBuilder.MarketPath).ResolveOne(EngineReading.Timeout));
        await using var market = nodes[0].MarketAsync(Often, patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await market.MoveNextAsync());
        AssertShown(inputs, market.Current.ToDictionary(reading => reading.Symbol), areClosesWhole: false);
    }

    private static List<Input> Inputs(int symbols, int ticks) =>
        EngineReading.Inputs(MarketGenerator.Generate(new MarketOptions
        {
            Symbols = symbols, Ticks = ticks, Seed = 11, Step = 20 * Timestamp.Second,
        }));

    /// <summary>Follows the market until it shows the result of these inputs.</summary>
    private static async Task UntilShownAsync(
        IAsyncEnumerator<IReadOnlyList<MarketReading>> market, IEnumerable<Input> inputs, bool areClosesWhole = true)
    {
        var all = inputs.ToList();
        var (expected, _) = EngineReading.MarketOf(Plan, all);
        var records = expected.Symbols.ToDictionary(state => state.Symbol, state => state.Sources.Applied + state.Sources.Late);
        var shown = new Dictionary<Symbol, MarketReading>();
        do
        {
            Assert.True(await market.MoveNextAsync());
            foreach (var reading in market.Current) shown[reading.Symbol] = reading;
        }
        while (records.Any(symbol => !shown.TryGetValue(symbol.Key, out var reading) || reading.Records < symbol.Value));

        AssertShown(all, shown, areClosesWhole);
    }

    private static void AssertShown(IEnumerable<Input> inputs, Dictionary<Symbol, MarketReading> shown, bool areClosesWhole = true)
    {
        var all = inputs.ToList();
        var (market, _) = EngineReading.MarketOf(Plan, all);
        Assert.Equal(market.Symbols.Select(state => state.Symbol), shown.Keys.Order());
        foreach (var state in market.Symbols)
        {
            var reading = shown[state.Symbol];
            var (_, log) = EngineReading.MarketOf(Plan, all.Where(input => input.Record.Symbol.Equals(state.Symbol)));
            Assert.Equal(
                (state.Ohlcv.NewestPrice, state.Ohlcv.LastTime, state.Sources.Applied + state.Sources.Late),
                (reading.Price, reading.Time, reading.Records));
            Assert.Equal(state.Ohlcv.BarSoFar(Frame.OneDay)?.Volume, reading.Volume);
            var closes = log.Bars.Where(bar => bar.Frame == Frame.OneMinute).Select(bar => bar.Bar.Close).TakeLast(30).ToList();
            if (areClosesWhole) Assert.Equal(closes, reading.Closes);
            else Assert.Equal(closes.TakeLast(reading.Closes.Count), reading.Closes);
        }
    }

    private async Task<ClusterEngine> StartAsync(Func<ClusterOptions, ClusterOptions>? with = null)
    {
        var options = Nodes.Options(folder.Path) with { Seeds = nodes.Count == 0 ? [] : [nodes[0].Address] };
        var node = await ClusterEngine.StartAsync(Plan, with?.Invoke(options) ?? options);
        nodes.Add(node);
        return node;
    }
}
