using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Tests.Symbols;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Management.Dsl;
using Akka.Persistence;
using Akka.Persistence.Snapshot;
using Microsoft.Data.Sqlite;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Cluster.Tests;

/// <summary>
/// Faults of Akka.NET that settings or code of this project work around (docs/cluster.md, "Settings and workarounds"). If a test here
/// fails, the fault is fixed, and the workaround can be removed.
/// </summary>
public sealed class AkkaFaultsTests : IDisposable
{
    private const string Silent = """
        akka { actor.provider = cluster, remote.dot-netty.tcp.port = 0, stdout-loglevel = OFF, loglevel = OFF }
        akka.management.http { hostname = 127.0.0.1, port = 0 }
        """;

    private readonly TemporaryFolder folder = new();
    private readonly CapturedLog log = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task SingletonProxy_WarnsOfThirtySeconds_InTheFirst()
    {
        await using var node = await StartAsync("akka.cluster.singleton-proxy.log-singleton-identification-failure = on");
        Assert.True(log.Count("failed to find an associated singleton") > 0);
    }

    [Fact]
    public async Task ShardThatStops_LeavesStatisticsUnanswered()
    {
        await using var node = await StartAsync("akka.cluster.sharding.shard-region-query-timeout = 200 ms");
        await (await node.SubmitAsync(new[] { Tick(1) })).Durable;
        using var held = new SqliteConnection($"Data Source={folder.File(JournalStore.FileName)};Pooling=False");
        held.Open();
        using var begin = held.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
        var stuck = (await node.SubmitAsync(new[] { Tick(2) })).Durable; // so that the symbol cannot stop at once
        var region = ActorRegistry.For(node.System).Get<ActorKeys.Symbols>();
        region.Tell(GracefulShutdown.Instance, ActorRefs.NoSender);
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        while ((await region.Ask<ShardRegionStats>(GetShardRegionStats.Instance, patience.Token)).Failed.Count == 0)
            await Task.Delay(20, patience.Token);
        Assert.False(stuck.IsCompleted);
    }

    [Fact]
    public async Task ServerOfAkkaManagement_LacksAMethodOfCeen()
    {
        using var system = ActorSystem.Create("management", Silent);
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => AkkaManagement.Get(system).Start());
        Assert.IsType<MissingMethodException>(thrown.InnerException);
        await system.Terminate();
    }

    [Fact]
    public async Task SnapshotStore_WhoseBreakerIsHalfOpen_LeavesLoadsUnanswered()
    {
        const string plugin = "akka.persistence.snapshot-store.away";
        using var system = ActorSystem.Create("snapshots", $$"""
            {{Silent}}
            {{plugin}} { class = "{{typeof(StoreThatIsAway).AssemblyQualifiedName}}", circuit-breaker { max-failures = 1, reset-timeout = 50 ms, call-timeout = 1 h } }
            """);
        var store = Persistence.Instance.Apply(system).SnapshotStoreFor(plugin);
        var load = new LoadSnapshot("symbol", SnapshotSelectionCriteria.Latest, long.MaxValue);
        var held = StoreThatIsAway.Held.Task;
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        // Fails, is open, then half open.
        while (!held.IsCompleted) await Task.WhenAny(held, store.Ask<LoadSnapshotFailed>(load, patience.Token));
        await Assert.ThrowsAsync<AskTimeoutException>(() => store.Ask<LoadSnapshotFailed>(load, TimeSpan.FromSeconds(1)));
        await system.Terminate();
    }

    private static Record Tick(long seq) => Record.OfTick(
        Symbol.Parse("AAPL"), new(Source.Parse("feed"), 0, seq), new Timestamp((1_700_000_040 + seq) * Timestamp.Second), 10 * Fixed8.One,
        Fixed8.One);

    private Task<ClusterEngine> StartAsync(string setting)
    {
        var options = Nodes.Options(folder.Path) with { Loggers = log };
        return ClusterEngine.StartAsync(Plan.Default, options with { Hocon = $"{setting}\n{options.Hocon}" });
    }

    /// <summary>Fails the first load, and blocks the next one.</summary>
    public sealed class StoreThatIsAway : SnapshotStore
    {
        private bool hasFailed;

        /// <summary>Completed while a load is blocked.</summary>
        internal static TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override Task<SelectedSnapshot> LoadAsync(
            string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellation)
        {
            if (!hasFailed)
            {
                hasFailed = true;
                return Task.FromException<SelectedSnapshot>(new IOException("away"));
            }

            Held.TrySetResult();
            return new TaskCompletionSource<SelectedSnapshot>().Task;
        }

        protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellation) =>
            throw new NotSupportedException();

        protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellation) => throw new NotSupportedException();

        protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellation) =>
            throw new NotSupportedException();
    }

    /// <summary>
    /// The journal plugin gives all its events the same writer, and the filter treats events after another writer's as those of an old
    /// writer.
    /// </summary>
    public sealed class ReplayFilterTests() : SymbolSpec("akka.persistence.journal.sql.replay-filter.mode = repair-by-discard-old")
    {
        [Fact]
        public void ReplayFilter_DropsEventsOfANodeToWhichASymbolCameBack()
        {
            var parent = Begin(Bars);
            foreach (var seq in Enumerable.Range(1, 6)) Send(parent, Batch(Tick(seq)));
            End(parent);
            for (var number = 1; number <= 6; number++) Node.SetWriter(Id, number, number is 3 or 5 ? "there" : "here");
            Assert.NotEqual(6, Ask(Begin(Bars)).Version.Event);
        }
    }
}
