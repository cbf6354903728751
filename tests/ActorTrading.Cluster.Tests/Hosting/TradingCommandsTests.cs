using ActorTrading.Cluster.Hosting;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Auditing;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Cluster.Tests.Hosting;

/// <summary>The output of an operator's console about a node.</summary>
public sealed class TradingCommandsTests : IAsyncLifetime
{
    private static readonly Plan Plan = TestPlans.All["every frame"];

    private readonly TemporaryFolder folder = new();
    private ClusterEngine node = null!;
    private TradingCommands commands = null!;
    private AccessAudit audit = null!;

    public async Task InitializeAsync()
    {
        audit = new AccessAudit(folder.File("audit"));
        node = await ClusterEngine.StartAsync(Plan, Nodes.Options(folder.Path) with { Audit = audit });
        commands = new TradingCommands(node);
        await EngineReading.SendAsync(node, HostileMarkets.Stream(seed: 8, count: 400, step: Timestamp.Second), 50);
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        audit.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Symbols_AreListed_OneInALine()
    {
        var symbols = await node.SymbolsAsync();
        var lines = await commands.RunAsync("symbols");
        Assert.Equal(symbols.Count, lines.Count);
        foreach (var (symbol, line) in symbols.Zip(lines))
        {
            Assert.StartsWith($"{symbol.Symbol} ", line, StringComparison.Ordinal);
            Assert.Contains($"applied {symbol.Applied}  late {symbol.Late}  signals {symbol.Signals}", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task State_SaysWhereASymbolIs_AndWhatItHasComeTo()
    {
        var symbol = (await node.SymbolsAsync())[^1].Symbol;
        var lines = await commands.RunAsync("state", symbol.Name);
        Assert.Contains($"state hash  {Domain.Folding.StateHash.Of((await node.StateAsync(symbol))!)}", lines);
        Assert.StartsWith("shard       ", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state", null, "'' is not a symbol.")]
    [InlineData("state", "NOBODY", "No record of NOBODY has been accepted.")]
    [InlineData("dance", null, "Unknown command 'dance'; commands are symbols, state, lag, drain, verify.")]
    public async Task WhatCannotBeDone_IsSaidInALine(string command, string? symbol, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<ArgumentException>(async () => await commands.RunAsync(command, symbol))).Message);

    [Fact]
    public async Task Lag_HasALineForEachNode()
    {
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        while (await commands.RunAsync("lag") is not [var line] || !line.StartsWith(node.Address, StringComparison.Ordinal))
            await Task.Delay(50, patience.Token);
    }

    [Fact]
    public async Task Verification_FindsTheJournalSound_WithTheHashOfTheSymbols()
    {
        var lines = await commands.RunAsync("verify");
        Assert.Contains($"state hash  {await node.HashAsync()}", lines);
        Assert.Equal("sound", lines[^1]);
    }

    [Fact]
    public async Task DrainedNode_TakesNothingMore()
    {
        Assert.Equal([$"{node.Address} drains, leaves and stops."], await commands.RunAsync("drain"));
        await node.DrainAsync();
        Assert.Null(node.Failure);
        Assert.True(node.HasOthers);
        await Assert.ThrowsAsync<EngineStoppedException>(() => commands.RunAsync("verify"));
        audit.Dispose();
        var line = Assert.Single(await File.ReadAllLinesAsync(Assert.Single(Directory.GetFiles(audit.Folder))));
        Assert.Contains(
            $"\"peer\":\"console\",\"door\":\"cluster\",\"action\":\"node.stop\",\"target\":\"{node.Address}\"", line,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryCommand_IsKnown()
    {
        var symbol = (await node.SymbolsAsync())[^1].Symbol.Name;
        foreach (var (name, description, needsSymbol) in TradingCommands.All.Where(one => one.Name != "drain"))
        {
            Assert.EndsWith(".", description, StringComparison.Ordinal);
            Assert.NotEmpty(await commands.RunAsync(name, needsSymbol ? symbol : null));
        }
    }
}
