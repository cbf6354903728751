using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Tests.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Cluster.Tests;

/// <summary>
/// Exclusion of accepted records in a cluster of several nodes, on SQLite and on PostgreSQL, with and without old events.
/// </summary>
public sealed class ExclusionsOnSeveralNodesTests(PostgresServer server) : IAsyncLifetime, IClassFixture<PostgresServer>
{
    private static readonly Plan Plan = TestPlans.All["every frame"];
    private static readonly Symbol Apple = Symbol.Parse("AAPL");

    private readonly TemporaryFolder folder = new();
    private readonly List<ClusterEngine> nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
    }

    [SkippableTheory]
    [InlineData(false, null)]
    [InlineData(false, 0)] // the oldest: it hosts the plan and the administrator of the signals
    [InlineData(false, 2)]
    [InlineData(true, null)]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    public async Task ExclusionAskedOfOneNode_IsThatOfAll_AlsoWhereAnotherOneDiesInTheMiddle(bool isPostgres, int? victim)
    {
        if (isPostgres ? victim != 2 : victim != 0) LongTests.SkipInShortRun();
        if (isPostgres) Skip.If(server.Missing is not null, server.Missing);
        var journal = isPostgres ? server.NewDatabase() : folder.Path;
        await StartAsync(Nodes.Options(journal), count: 3);
        var inputs = HostileMarkets.Stream(seed: 121, count: 1_500, step: 3 * Timestamp.Second)
            .Where(input => input.Clock is null).ToList();
        var market = new ReplannedMarket(Plan).Take(inputs.Take(900));
        await EngineReading.SendAsync(nodes[1], inputs.Take(900), 20);
        var times = market.RecordsOf(Apple).Select(record => record.Time).Order().ToList();
        var span = new RecordFilter(From: times[times.Count / 4], To: times[times.Count / 2]);
        var excluding = nodes[1].ExcludeAsync(Apple, new ExclusionRequest([span], "ops"));
        if (victim is { } dead)
        {
            await nodes[dead].DisposeAsync();
            nodes.RemoveAt(dead);
        }

        var outcome = await excluding.WaitAsync(EngineReading.Timeout);
        market.Exclude(Apple, record => span.Fits(record));
        Assert.Equal((span, "ops"), (outcome.Exclusion.Filter, outcome.Exclusion.By));
        foreach (var node in nodes) await AssertIsExcludedAsync(market, node);
        var other = nodes[^1];
        Assert.False((await other.ExcludeAsync(Apple, new ExclusionRequest([span]))).IsChanged);
        await EngineReading.SendAsync(other, inputs, 20); // the whole market again, then the rest
        market.Take(inputs);
        foreach (var node in nodes) await AssertIsExcludedAsync(market, node);

        await other.IncludeAsync(Apple, outcome.Exclusion.Number);
        Assert.All(nodes, node => Assert.Null(node.Plan.For(Apple).Exclusions));
        Assert.Equal(await nodes[0].HashAsync(), await other.HashAsync());
        Assert.True((await nodes[0].ExcludeAsync(Apple, new ExclusionRequest([span]))).IsChanged);
        var hash = await nodes[0].HashAsync();
        foreach (var node in nodes.AsEnumerable().Reverse()) await node.DrainAsync();
        using var store = JournalStore.Open(journal);
        var report = Verification.Run(store, plan: null);
        Assert.Empty(report.Faults);
        Assert.Equal((hash, 1, 0), (report.Hash!.Value, report.Exclusions, report.SignalsToLog));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AfterDeletionOfCoveredEvents_AnExclusionIsRefusedOnEveryNode_AndAnEarlierOneStaysInForce(bool isPostgres)
    {
        if (isPostgres) Skip.If(server.Missing is not null, server.Missing);
        var journal = isPostgres ? server.NewDatabase() : folder.Path;
        var options = Nodes.Options(journal) with { DeleteCoveredEvents = true, RetentionInterval = TimeSpan.FromMilliseconds(100) };
        var inputs = HostileMarkets.Stream(seed: 122, count: 1_500, step: 4 * Timestamp.Second)
            .Where(input => input.Clock is null).ToList();
        var market = new ReplannedMarket(Plan).Take(inputs.Take(60));
        using var store = JournalStore.Open(journal);
        await StartAsync(Nodes.Options(journal), count: 1);
        await EngineReading.SendAsync(nodes[0], inputs.Take(60), 10);
        var id = market.RecordsOf(Apple).First(record => record.Id.IsSequenced).Id;
        var number = (await nodes[0].ExcludeAsync(
            Apple, new ExclusionRequest([new RecordFilter(id.Source, id.Epoch, id.Seq)]))).Exclusion.Number;
        market.Exclude(Apple, record => record.Id == id);
        await nodes[0].DrainAsync();
        nodes.Clear();

        await StartAsync(options, count: 2);
        await EngineReading.SendAsync(nodes[^1], inputs.Skip(60), 10);
        market.Take(inputs.Skip(60));
        await EngineReading.UntilAsync(() => First(store) > 1);
        foreach (var node in nodes)
        {
            var deleted = await Assert.ThrowsAsync<EventsDeletedException>(
                () => node.ExcludeAsync(Apple, new ExclusionRequest([new RecordFilter(id.Source)])));
            Assert.Equal(Apple, deleted.Symbol);
            Assert.InRange(deleted.First, 2, long.MaxValue);
            await Assert.ThrowsAsync<EventsDeletedException>(() => node.IncludeAsync(Apple, number));
            Assert.Equal(number, Assert.Single(node.Plan.For(Apple).Exclusions!.All).Number);
            Assert.Equal(market.Hash, await node.HashAsync());
        }

        foreach (var node in nodes.AsEnumerable().Reverse()) await node.DrainAsync();
        Assert.Empty(Verification.Run(store, plan: null).Faults);
    }

    private static async Task AssertIsExcludedAsync(ReplannedMarket market, ClusterEngine node)
    {
        Assert.Equal(market.Hash, await node.HashAsync());
        var (fired, withdrawn) = (market.Signals, market.Withdrawn);
        Assert.NotEmpty(withdrawn);
        var log = await EngineReading.SignalsAsync(node, 0, fired.Count + withdrawn.Count);
        Assert.Equal(withdrawn, log.Where(entry => entry.Signal.Action == SignalAction.Withdrawn).Select(entry => entry.Signal.Id)
            .Order(StringComparer.Ordinal));
        Assert.Equal(
            fired,
            ReplannedMarket.Ordered(log.Where(entry => entry.Signal.Action != SignalAction.Withdrawn).Select(entry => entry.Signal)));
    }

    private static long First(IJournalStore store)
    {
        var first = 0L;
        store.Read(PersistenceIds.Of(Apple), 1, long.MaxValue, (in JournalRow row) => (first = row.SequenceNumber) < 0);
        return first;
    }

    private async Task StartAsync(ClusterOptions options, int count)
    {
        nodes.Add(await ClusterEngine.StartAsync(Plan, options));
        while (nodes.Count < count) nodes.Add(await ClusterEngine.StartAsync(Plan, options with { Seeds = [nodes[0].Address] }));
        await Nodes.AllHostSymbolsAsync(nodes);
    }
}
