using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Tests.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Cluster.Tests.Retention;

public sealed class PostgresRetentionTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly Plan Plan = TestPlans.All["every frame"];

    [SkippableFact]
    public async Task CoveredEvents_AreDeleted_AndANodeThatStartsAfterwards_HasTheSameState()
    {
        Skip.If(server.Missing is not null, server.Missing);
        var inputs = HostileMarkets.Stream(seed: 48, count: 1_200, step: 5 * Timestamp.Second);
        var (market, expected) = EngineReading.MarketOf(Plan, inputs);
        var options = Nodes.Options(server.NewDatabase()) with
        {
            DeleteCoveredEvents = true, RetentionInterval = TimeSpan.FromMilliseconds(100),
        };
        using var store = JournalStore.Open(options.Journal);
        await using (var node = await ClusterEngine.StartAsync(Plan, options))
        {
            await EngineReading.SendAsync(node, inputs, 10);
            using var patience = new CancellationTokenSource(EngineReading.Timeout);
            while (First(store) <= 1) await Task.Delay(20, patience.Token);
            await EngineReading.AssertSameAsync(node, market, expected);
            Assert.Null(node.RetentionFailure);
        }

        await using (var node = await ClusterEngine.StartAsync(Plan, options))
        {
            await EngineReading.AssertSameAsync(node, market, expected);
            await node.DrainAsync();
        }

        Assert.Empty(Verification.Run(store, Plan).Faults);
    }

    private static long First(IJournalStore store)
    {
        var first = 0L;
        store.Read(PersistenceIds.Of(Symbol.Parse("AAPL")), 1, long.MaxValue, (in JournalRow row) => (first = row.SequenceNumber) < 0);
        return first;
    }
}
