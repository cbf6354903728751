using ActorTrading.Cluster.Symbols;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Live;
using ActorTrading.Engine.Symbols;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Cluster.Tests.Symbols;

/// <summary>When a symbol must write a snapshot.</summary>
public class SnapshotTurnsTests
{
    private const int Rarely = 2_000_000_011; // events: no test here has that many

    [Theory]
    [InlineData("AAPL")]
    [InlineData("MSFT")]
    [InlineData("SYM0042")]
    public void FirstEventOfASymbol_OwesNone(string name)
    {
        var host = new NodeContext(
            Plan.Default, new MemoryJournal(), new ClusterOptions { Journal = "none", SnapshotEvery = Rarely }, new LiveHub());
        var symbol = new HostedSymbol(new SymbolState(Symbol.Parse(name), host.PlanOf(Symbol.Parse(name))));
        var turns = new SnapshotTurns(host, symbol);
        symbol.LastEvent = symbol.LastFolded = 1;
        turns.Folded();
        Assert.False(turns.TryBegin());
        turns.Owe(evenOfLittle: true);
        Assert.True(turns.TryBegin());
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(9, true)]
    public void SymbolOfAFewEvents_StopsWithoutOne(int events, bool isWorthwhile)
    {
        var host = new NodeContext(
            Plan.Default, new MemoryJournal(), new ClusterOptions { Journal = "none", SnapshotEvery = Rarely }, new LiveHub());
        var symbol = new HostedSymbol(new SymbolState(Symbol.Parse("AAPL"), host.PlanOf(Symbol.Parse("AAPL"))));
        var turns = new SnapshotTurns(host, symbol);
        symbol.LastEvent = symbol.LastFolded = events;
        turns.Owe(evenOfLittle: false);
        Assert.Equal(isWorthwhile, turns.TryBegin());
    }
}
