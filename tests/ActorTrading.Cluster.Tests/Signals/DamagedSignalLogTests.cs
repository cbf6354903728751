using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Verifying;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Cluster.Tests.Signals;

/// <summary>
/// A log of signals that the journal does not give back whole: nothing is added to it, all nodes say so, and the rest goes on.
/// </summary>
public sealed class DamagedSignalLogTests : IAsyncLifetime
{
    private const string Log = "administrator";

    private static readonly Plan Plan = TestPlans.All["every frame"];

    private readonly TemporaryFolder folder = new();
    private readonly CapturedLog log = new();
    private readonly List<ClusterEngine> nodes = [];

    private string File => Path.Combine(folder.Path, JournalStore.FileName);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task DamagedSignal_IsNamedByAllNodes_WhileSymbolsTakeTicks_AndWhenItIsRepaired_NothingIsMissing()
    {
        var inputs = HostileMarkets.Stream(seed: 31, count: 1_200, step: 5 * Timestamp.Second);
        var half = inputs.Count / 2;
        var (market, expected) = EngineReading.MarketOf(Plan, inputs);
        var first = await StartAsync();
        await EngineReading.SendAsync(first, inputs.Take(half), 20);
        var before = EngineReading.MarketOf(Plan, inputs.Take(half)).Log.Signals.Count;
        await EngineReading.SignalsAsync(first, 0, before);
        await first.DrainAsync();
        nodes.Clear();
        var at = before / 2;
        var row = new DamagedRow(File, Log, at, RowDamage.Damaged);

        await StartAsync();
        await StartAsync();
        await EngineReading.UntilAsync(() => nodes.All(node => node.SignalLogFault?.SequenceNumber == at));
        await EngineReading.SendAsync(nodes[1], inputs.Skip(half), 20);
        Assert.Equal(EngineReading.Hashes(market), await EngineReading.HashesAsync(nodes[0]));
        Assert.All(nodes, node => Assert.Equal(before, node.LastSignal));
        using (var store = JournalStore.Open(folder.Path))
            Assert.Contains(
                (Log, (long)at), Verification.Run(store, Plan).Faults.Select(fault => (fault.PersistenceId, fault.SequenceNumber)));
        var told = await Assert.ThrowsAsync<RecoveryException>(() => EngineReading.SignalsAsync(nodes[1], 0, before));
        Assert.Equal((Log, at), (told.PersistenceId, told.SequenceNumber));

        row.Repair();
        await EngineReading.AssertSignalsAsync(nodes[0], expected);
        await EngineReading.AssertSignalsAsync(nodes[1], expected);
        await EngineReading.UntilAsync(() => nodes.All(node => node.SignalLogFault is null));
        Assert.Equal(1, log.Count("The signal log is damaged"));
        using (var store = JournalStore.Open(folder.Path)) Assert.Empty(Verification.Run(store, Plan).Faults);
    }

    private async Task<ClusterEngine> StartAsync()
    {
        var options = Nodes.Options(folder.Path) with
        {
            Loggers = log, SignalSnapshotEvery = 0, Seeds = nodes.Count == 0 ? [] : [nodes[0].Address],
        };
        var node = await ClusterEngine.StartAsync(Plan, options);
        nodes.Add(node);
        return node;
    }
}
