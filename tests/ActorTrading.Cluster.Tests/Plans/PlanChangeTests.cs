using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Cluster.Tests.Plans;

public sealed class PlanChangeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task NodeThatStopsWhileAChangeReadsItsJournal_EndsTheChangeAsStopped()
    {
        var inputs = HostileMarkets.Stream(seed: 85, count: 100, step: 3 * Timestamp.Second);
        var journal = new WatchedJournal(JournalStore.Open(folder.Path), HostileMarkets.Symbols[0]);
        var engine = await ClusterEngine.StartAsync(Plan.Default, Nodes.Options(folder.Path), journal);
        await EngineReading.SendAsync(engine, inputs, 20);
        journal.Close();
        var change = engine.ChangePlanAsync(Plan.Parse("""{"frames":["1min"]}"""));
        await EngineReading.UntilAsync(() => journal.Held == 1);

        await engine.DisposeAsync();
        journal.Dispose(); // the read continues, and finds it closed
        await Assert.ThrowsAsync<EngineStoppedException>(() => change.WaitAsync(EngineReading.Timeout));
    }
}
