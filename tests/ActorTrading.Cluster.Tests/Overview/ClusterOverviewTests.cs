using ActorTrading.Cluster.Hosting;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.Engine.Nodes;
using ActorTrading.Simulation;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire;
using Akka.Actor;

namespace ActorTrading.Cluster.Tests.Overview;

/// <summary>Three nodes in one process, and the report of each about all of them.</summary>
public sealed class ClusterOverviewTests : IAsyncLifetime
{
    private static readonly Plan Plan = TestPlans.All["every frame"];

    private readonly TemporaryFolder folder = new();
    private readonly List<ClusterEngine> nodes = [];
    private readonly List<TalkingReporter> reporters = [];

    public async Task InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            reporters.Add(new TalkingReporter($"http://node-{i}"));
            nodes.Add(await ClusterEngine.StartAsync(Plan, Nodes.Options(folder.Path) with
            {
                Shards = 12, Seeds = i == 0 ? [] : [nodes[0].Address], Reporter = reporters[i], KeepDays = 7,
                Roles = i == 2 ? [NodeRole.Symbols] : NodeRole.All,
            }));
        }

        await Nodes.AllHostSymbolsAsync(nodes);
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task EveryNode_TellsOfAllNodes_AndOfTheSingletons()
    {
        await EngineReading.SendAsync(nodes[0], Inputs(), 20);
        foreach (var node in nodes)
        {
            var report = await UntilAsync(node, told => told.Shards.Shards.Select(shard => shard.Owner).Distinct().Count() == 3);
            Assert.Equal((node.Address, nodes[0].Address, "trading", 12), (report.Self, report.Oldest, report.Name, report.ShardCount));
            Assert.Equal(nodes.Select(one => one.Address).Order(StringComparer.Ordinal), report.Members.Select(member => member.Node));
            Assert.All(report.Members, member => Assert.Equal(("up", true), (member.Membership, member.IsReachable)));
            for (var i = 0; i < nodes.Count; i++)
            {
                var member = report.Members.Single(one => one.Node == nodes[i].Address);
                Assert.Equal((nodes[i].Address, $"http://node-{i}"), (member.Status!.Node, member.Status.Http));
                Assert.Equal(nodes[i].Roles.Order(StringComparer.Ordinal), member.Roles);
            }

            Assert.Equal(
                ["administrator", "plan", "subscriptions", "waker", "retention", "coordinator"], report.Singletons.Select(one => one.Name));
            Assert.All(report.Singletons, one => Assert.Equal(nodes[0].Address, one.Node));
            Assert.Empty(report.Shards.SilentNodes);
        }
    }

    [Fact]
    public async Task SingletonsThatTheReportNames_AreThoseOfTheNode()
    {
        var report = await nodes[1].ClusterAsync();
        foreach (var name in report.Singletons.Select(one => one.Name).Where(name => name != "coordinator"))
        {
            // The path of the singleton, below manager and supervisor.
            var there = await nodes[0].System.ActorSelection($"/user/{name}/{name}/one").ResolveOne(EngineReading.Timeout);
            Assert.Equal("one", there.Path.Name);
            await Assert.ThrowsAsync<ActorNotFoundException>(
                () => nodes[1].System.ActorSelection($"/user/{name}/{name}/one").ResolveOne(TimeSpan.FromSeconds(2)));
        }
    }

    [Fact]
    public async Task NodeThatLeaves_IsInTheHistory_WithItsShards()
    {
        await EngineReading.SendAsync(nodes[0], Inputs().Take(1_000), 20);
        var before = await UntilAsync(nodes[0], told => told.Shards.Shards.Select(shard => shard.Owner).Distinct().Count() == 3);
        var gone = nodes[1].Address;
        var moving = before.Shards.Shards.Where(shard => shard.Owner == gone).Select(shard => shard.Number).ToHashSet();
        await nodes[1].DrainAsync();
        await EngineReading.SendAsync(nodes[0], Inputs().Skip(1_000), 20);

        var after = await UntilAsync(
            nodes[0], told => told.Members.Count == 2 && told.Shards.Shards.All(shard => shard.Owner is { } owner && owner != gone));
        Assert.Equal(
            [HistoryEventKind.Leaving, HistoryEventKind.Exiting, HistoryEventKind.Removed],
            after.Events.Where(one => one.Number > before.LastEvent && one.Node == gone && one.Kind != HistoryEventKind.ShardMoved
                && one.Kind != HistoryEventKind.Unreachable)
                .Select(one => one.Kind).Distinct());
        var moves = after.Events.Where(one => one.Kind == HistoryEventKind.ShardMoved && one.From == gone).ToList();
        Assert.Equal(moving.Order(), moves.Select(move => move.Shard!.Value).Order());
        Assert.All(moves, move => Assert.Equal(after.Shards.Shards.Single(shard => shard.Number == move.Shard).Owner, move.Node));
        Assert.Equal(Enumerable.Range(1, (int)after.LastEvent), after.Events.Select(one => (int)one.Number));
        Assert.Equal(after.Events.Where(one => one.Number > moves[0].Number), (await nodes[0].ClusterAsync(moves[0].Number)).Events);
        Assert.Empty((await nodes[0].ClusterAsync(after.LastEvent)).Events);
        await Assert.ThrowsAsync<EngineStoppedException>(() => nodes[1].ClusterAsync());
    }

    [Fact]
    public async Task NodeThatDoesNotAnswer_IsSilent_AndStillAMember()
    {
        nodes[1].System.Stop(await nodes[1].System.ActorSelection(ClusterNodeBuilder.ReportPath).ResolveOne(EngineReading.Timeout));
        var report = await nodes[0].ClusterAsync();
        Assert.Equal([nodes[1].Address], report.Shards.SilentNodes);
        Assert.Null(report.Members.Single(member => member.Node == nodes[1].Address).Status);
        Assert.NotNull(report.Members.Single(member => member.Node == nodes[2].Address).Status);
        Assert.Equal([nodes[1].Address], (await nodes[0].IntakeAsync()).Silent);
        Assert.Equal([nodes[1].Address], (await nodes[2].RejectsAsync(new RejectFilter(10))).Silent);
    }

    [Fact]
    public async Task IntakeOfAllNodes_HasWhatEachTook_AndWhatItsDoorsRefused()
    {
        await EngineReading.SendAsync(nodes[1], Inputs(), 50);
        reporters[2].Unheard.Add(new LedgerLine(Source.Parse("broken")) { Received = 3, Rejected = 3 });
        var (told, silent) = await nodes[0].IntakeAsync();
        Assert.Empty(silent);
        Assert.Equal(nodes.Select(node => node.Address).Order(), told.Select(one => one.Node).Order());
        Assert.Empty(told.Single(one => one.Node == nodes[0].Address).Ledger);
        var broken = Assert.Single(told.Single(one => one.Node == nodes[2].Address).Ledger);
        Assert.Equal(("broken", 3L, 3L), (broken.Source.Name, broken.Received, broken.Rejected));
        var taken = told.Single(one => one.Node == nodes[1].Address).Ledger;
        Assert.Equal(
            (await nodes[1].LedgerAsync()).Select(line => (line.Source, line.Received, line.Applied)),
            taken.Select(line => (line.Source, line.Received, line.Applied)));
        Assert.All(taken, line => Assert.True(line.IsBalanced));
    }

    [Fact]
    public async Task RefusalsOfAllNodes_ArePassedOn_WithTheFilter()
    {
        var refusal = new Reject(DateTimeOffset.UtcNow, new Sender("tcp", "10.0.0.9:4000", Source.Parse("feed")), Symbol.Parse("AAPL"),
            new RejectedInput(
                new Identity(Source.Parse("feed"), 1, 7), 0, new Rejection(RejectReason.PriceNotPositive, "price", "-3"), "{}"));
        reporters[1].Refused.Add(new KeptReject(5, refusal));
        var filter = new RejectFilter(9, RejectReason.PriceNotPositive, Source.Parse("feed"));
        var (told, _) = await nodes[2].RejectsAsync(filter);
        Assert.Equal(new KeptReject(5, refusal), Assert.Single(told.Single(one => one.Node == nodes[1].Address).Rejects));
        Assert.All(reporters, reporter => Assert.Equal(filter, Assert.Single(reporter.Asked)));
    }

    private static async Task<ClusterReport> UntilAsync(ClusterEngine node, Func<ClusterReport, bool> isRight)
    {
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        while (true)
        {
            var report = await node.ClusterAsync(0, patience.Token);
            if (isRight(report)) return report;
            await Task.Delay(50, patience.Token);
        }
    }

    private static List<Input> Inputs() => EngineReading.Inputs(
        MarketGenerator.Generate(MarketOptions.Hostile with { Symbols = 24, Ticks = 2_000, Seed = 5, Step = Timestamp.Second }));

    private sealed class TalkingReporter(string http) : INodeReporter
    {
        public List<LedgerLine> Unheard { get; } = [];

        public List<KeptReject> Refused { get; } = [];

        public List<RejectFilter> Asked { get; } = [];

        public Task<NodeStatus> StatusAsync() => Task.FromResult(new NodeStatus { Http = http });

        public NodeIntake Intake() => new("", [], Unheard);

        public IReadOnlyList<KeptReject> Rejects(RejectFilter filter)
        {
            Asked.Add(filter);
            return Refused;
        }
    }
}
