using ActorTrading.Cluster.Retention;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.TestKit.Ingest;
using Microsoft.Data.Sqlite;

namespace ActorTrading.Cluster.Tests.Retention;

/// <summary>Clusters that delete old events: afterwards only the past before these events is missing.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly Plan Plan = TestPlans.All["every frame"];
    private static readonly Symbol Apple = Symbol.Parse("AAPL");

    private readonly TemporaryFolder folder = new();
    private readonly List<ClusterEngine> nodes = [];
    private readonly ManualTime time = new();
    private readonly List<JournalException?> told = [];

    private ClusterOptions Deleting => Nodes.Options(folder.Path) with
    {
        DeleteCoveredEvents = true, RetentionInterval = TimeSpan.FromMilliseconds(100), OnRetention = told.Add,
    };

    private ClusterOptions Keeping => Deleting with { DeleteCoveredEvents = false, KeepDays = 3, Clock = time };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task OnlyEventsThatAreOldEnough_AreDeleted_AlsoThoseOfSymbolsThatSleep()
    {
        var inputs = HostileMarkets.Stream(seed: 42, count: 900, step: 5 * Timestamp.Second);
        var (market, expected) = EngineReading.MarketOf(Plan, inputs);
        time.Advance(DateTimeOffset.UtcNow - time.GetUtcNow());
        // Nothing is sent twice: a symbol that was passivated meanwhile cannot distinguish a record without a seq from its copy.
        var node = await StartAsync(Keeping with { PassivateAfter = TimeSpan.FromSeconds(1), ResendAfter = EngineReading.Timeout });
        foreach (var half in inputs.Chunk(inputs.Count / 2 + 1))
        {
            await EngineReading.SendAsync(node, half, 10);
            await EngineReading.UntilAsync(() => node.HostedSymbols.Count == 0); // passivated, each with one more snapshot
        }

        Assert.Equal(1, First(Apple)); // retention has run
        time.Advance(TimeSpan.FromDays(3) + TimeSpan.FromMinutes(10));
        await EngineReading.UntilAsync(() => First(Apple) > 1);
        await EngineReading.AssertSameAsync(node, market, expected);
        await node.DrainAsync();
        using var store = JournalStore.Open(folder.Path);
        Assert.Empty(Verification.Run(store, Plan).Faults);
    }

    [Fact]
    public async Task SymbolsWhoseFirstEventsAreGone_MoveToOtherNodes()
    {
        var inputs = HostileMarkets.Stream(seed: 43, count: 1_500, step: 5 * Timestamp.Second);
        var half = inputs.Count / 2;
        var (market, expected) = EngineReading.MarketOf(Plan, inputs);
        await StartAsync(Deleting);
        await StartAsync(Deleting, joins: true);
        await Nodes.AllHostSymbolsAsync(nodes);
        await EngineReading.SendAsync(nodes[0], inputs.Take(half), 10);
        await EngineReading.UntilAsync(() => First(Apple) > 1);
        await nodes[0].DrainAsync(); // with the administrator and the retention actor
        var before = First(Apple);
        await EngineReading.SendAsync(nodes[1], inputs.Skip(half), 10);
        await EngineReading.UntilAsync(() => First(Apple) > before);
        await EngineReading.AssertSameAsync(nodes[1], market, expected);
    }

    [Fact]
    public async Task PlanThatNeedsDeletedEvents_IsRefused_AndOneThatComesBeforeThem_HoldsDeletion()
    {
        var inputs = HostileMarkets.Stream(seed: 44, count: 900, step: 5 * Timestamp.Second);
        time.Advance(DateTimeOffset.UtcNow - time.GetUtcNow());
        var node = await StartAsync(Keeping);
        var third = inputs.Count / 3;
        await EngineReading.SendAsync(node, inputs.Take(third), 10);
        var other = TestPlans.All.Values.First(plan => plan.For(Apple).Hash != Plan.For(Apple).Hash);
        await node.ChangePlanAsync(other);
        await EngineReading.SendAsync(node, inputs.Skip(third), 10);
        Assert.Equal(EngineReading.Hashes(EngineReading.MarketOf(other, inputs).Market), await EngineReading.HashesAsync(node));
        await node.DrainAsync();

        time.Advance(TimeSpan.FromDays(3) + TimeSpan.FromMinutes(10));
        node = await StartAsync(Keeping, goesOn: true);
        await EngineReading.UntilAsync(() => First(Apple) > 1);
        await Assert.ThrowsAsync<PlanChangeException>(() => node.ChangePlanAsync(Plan));
        Assert.Equal(other.Hash, node.Plan.Hash);
    }

    [Fact]
    public async Task PlanAskedOfTheYoungerNode_IsWaitedForByWhoDeletesEventsOnTheOldest()
    {
        await StartAsync(Keeping);
        await StartAsync(Keeping, joins: true);
        await Nodes.AllHostSymbolsAsync(nodes);
        var inputs = HostileMarkets.Stream(seed: 48, count: 300, step: 5 * Timestamp.Second);
        await EngineReading.SendAsync(nodes[1], inputs, 10);
        var other = TestPlans.All.Values.First(plan => plan.For(Apple).Hash != Plan.For(Apple).Hash);
        await nodes[1].ChangePlanAsync(other).WaitAsync(EngineReading.Timeout);
        Assert.Equal(other.Hash, nodes[1].Plan.Hash);
    }

    [Fact]
    public async Task DeletionThatFails_StopsNothing_IsTold_AndTriedAgain()
    {
        var inputs = HostileMarkets.Stream(seed: 46, count: 900, step: 5 * Timestamp.Second);
        var (market, expected) = EngineReading.MarketOf(Plan, inputs);
        var node = await StartAsync(Keeping);
        Execute("CREATE TRIGGER keep BEFORE DELETE ON journal BEGIN SELECT RAISE(FAIL, 'kept'); END");
        await EngineReading.SendAsync(node, inputs, 10);
        time.Advance(DateTimeOffset.UtcNow - time.GetUtcNow() + TimeSpan.FromDays(4));
        await EngineReading.UntilAsync(() => node.RetentionFailure is not null);
        Assert.Contains("kept", node.RetentionFailure!.Message, StringComparison.Ordinal);
        Assert.Null(node.Failure);
        Assert.Equal(1, First(Apple));
        await EngineReading.AssertSameAsync(node, market, expected);

        Execute("DROP TRIGGER keep");
        await EngineReading.UntilAsync(() => First(Apple) > 1 && node.RetentionFailure is null);
        Assert.NotNull(told[0]);
        Assert.Null(told[^1]);
        await EngineReading.AssertSameAsync(node, market, expected);
    }

    [Fact]
    public async Task EventsThatNoUsableSnapshotCovers_AreNotDeletable()
    {
        var inputs = HostileMarkets.Stream(seed: 47, count: 900, step: 5 * Timestamp.Second);
        var node = await StartAsync(Nodes.Options(folder.Path));
        await EngineReading.SendAsync(node, inputs, 10);
        await node.DrainAsync();
        using var store = JournalStore.Open(folder.Path);
        var plans = new CompiledPlans(Plan);
        var found = DeletableEvents.Find(store, plans.Of, long.MaxValue).ToDictionary(one => one.Symbol);
        var (newest, before) = Snapshots(store);
        Assert.Equal((1, before), (found[Apple].First, found[Apple].Last));
        Assert.Empty(DeletableEvents.Find(store, plans.Of, before: 1)); // nothing is that old
        var other = new CompiledPlans(Plan.Parse("""{"frames":["5min"]}"""));
        Assert.Empty(DeletableEvents.Find(store, other.Of, long.MaxValue));

        Execute($"UPDATE snapshot SET snapshot = x'00' WHERE persistence_id = '{PersistenceIds.Of(Apple)}' AND sequence_number = {newest}");
        Assert.DoesNotContain(Apple, DeletableEvents.Find(store, plans.Of, long.MaxValue).Select(one => one.Symbol));
    }

    private static (long Newest, long Before) Snapshots(IJournalStore store)
    {
        var numbers = new List<long>();
        for (var below = long.MaxValue;
            store.ReadSnapshot(PersistenceIds.Of(Apple), below - 1, (in JournalRow row) => (below = row.SequenceNumber) < 0);)
            numbers.Add(below);
        Assert.Equal(2, numbers.Count);
        return (numbers[0], numbers[1]);
    }

    private long First(Symbol symbol)
    {
        using var store = JournalStore.Open(folder.Path);
        var first = 0L;
        store.Read(PersistenceIds.Of(symbol), 1, long.MaxValue, (in JournalRow row) => (first = row.SequenceNumber) < 0);
        return first;
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection(
            $"Data Source={folder.File(JournalStore.FileName)};Pooling=False;Default Timeout=60");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private async Task<ClusterEngine> StartAsync(ClusterOptions options, bool joins = false, bool goesOn = false)
    {
        var node = await ClusterEngine.StartAsync(goesOn ? null : Plan, options with { Seeds = joins ? [nodes[^1].Address] : [] });
        nodes.Add(node);
        return node;
    }
}
