using System.Security.Authentication;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using Akka.Actor;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>Nodes that communicate over TLS, and those that are rejected.</summary>
public sealed class EncryptedClusterTests : IAsyncLifetime
{
    private static readonly Plan Plan = TestPlans.All["every frame"];
    private static readonly TimeSpan Try = TimeSpan.FromSeconds(4);

    private readonly TemporaryFolder folder = new();
    private readonly NodePapers papers = new();
    private readonly List<ClusterEngine> nodes = [];

    public async Task InitializeAsync()
    {
        nodes.Add(await StartAsync(papers.Of("cluster")));
        nodes.Add(await StartAsync(papers.Of("cluster")));
        await Nodes.AllHostSymbolsAsync(nodes);
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        papers.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task NodesOfOneAuthority_FoldTogether_AndStrangersStayOut()
    {
        var inputs = HostileMarkets.Stream(seed: 3, count: 3_000, step: Timestamp.Second);
        await EngineReading.SendAsync(nodes[1], inputs.Take(1_000), 25);
        Assert.All(nodes, node => Assert.True(node.Partitions[0].Symbols > 0));

        var strangers = new[]
        {
            StartAsync(papers.Of("elsewhere", believes: "cluster"), Try), // not trusted by the nodes
            StartAsync(papers.Of("elsewhere"), Try), // does not trust the nodes
            StartAsync(null, Try), // and one without TLS
        };
        await EngineReading.SendAsync(nodes[0], inputs.Skip(1_000).Take(1_000), 25);
        foreach (var stranger in strangers)
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => stranger);
            Assert.True(refused is AuthenticationException or TimeoutException, refused.ToString());
        }

        await EngineReading.SendAsync(nodes[1], inputs.Skip(2_000), 25);

        var (market, log) = EngineReading.MarketOf(Plan, inputs);
        foreach (var node in nodes) await EngineReading.AssertSameAsync(node, market, log);
        Assert.Equal(2, Akka.Cluster.Cluster.Get(nodes[0].System).State.Members.Count);
    }

    [Fact]
    public async Task DrainedNode_LeavesTheRestToTheOther_AndItsSuccessorIsLetIn()
    {
        var inputs = HostileMarkets.Stream(seed: 4, count: 2_000, step: Timestamp.Second);
        await EngineReading.SendAsync(nodes[0], inputs.Take(1_000), 25);
        await nodes[1].DrainAsync();
        await nodes[1].DisposeAsync();
        nodes.RemoveAt(1);
        await EngineReading.SendAsync(nodes[0], inputs.Skip(1_000).Take(500), 25);
        nodes.Add(await StartAsync(papers.Of("cluster")));
        await EngineReading.SendAsync(nodes[1], inputs.Skip(1_500), 25);
        var (market, log) = EngineReading.MarketOf(Plan, inputs);
        foreach (var node in nodes) await EngineReading.AssertSameAsync(node, market, log);
    }

    [SkippableFact]
    public async Task NodesThatComeAndGo_TakeNoOtherWithThem()
    {
        LongTests.SkipInShortRun();
        var inputs = HostileMarkets.Stream(seed: 5, count: 5_000, step: Timestamp.Second);
        for (var round = 0; round < 5; round++)
        {
            var sending = EngineReading.SendAsync(nodes[0], inputs.Skip(round * 1_000).Take(1_000), 25);
            await nodes[1].DrainAsync();
            await nodes[1].DisposeAsync();
            await sending;
            nodes[1] = await StartAsync(papers.Of("cluster"));
            Assert.Null(CoordinatedShutdown.Get(nodes[0].System).ShutdownReason);
        }

        var (market, log) = EngineReading.MarketOf(Plan, inputs);
        foreach (var node in nodes) await EngineReading.AssertSameAsync(node, market, log);
    }

    private Task<ClusterEngine> StartAsync(NodeTls? tls, TimeSpan? patience = null) =>
        ClusterEngine.StartAsync(Plan, Nodes.Options(folder.Path) with
        {
            Tls = tls,
            Seeds = nodes.Count == 0 ? [] : [nodes[0].Address],
            StartPatience = patience ?? EngineReading.Timeout,
        });
}
