using ActorTrading.Connectors;
using ActorTrading.Connectors.Exchanges;
using ActorTrading.Connectors.Tests.Exchanges;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Folding;
using ActorTrading.TestKit.Ingest;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Tests.Connecting;

/// <summary>Of the cluster nodes with an exchange connector, one reads.</summary>
public sealed class ExchangeClusterTests : IDisposable
{
    /// <summary>A lost node is downed soon, because these nodes are close.</summary>
    private const string Hasty = """
        akka.cluster {
          gossip-interval = 100 ms
          failure-detector.heartbeat-interval = 500 ms
          failure-detector.acceptable-heartbeat-pause = 8 s
          split-brain-resolver.stable-after = 1 s
          down-removal-margin = 1 s
        }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task OneNodeReads_AndWhenItDies_AnotherGoesOnBehindItsLastTrade()
    {
        // Trades missed while no node reads are requested: the second connection begins six trades later.
        var session = RecordedSession.Read("binance-trades")
            .With((steps, trades) => [steps[..trades[9]], [.. steps[..trades[0]], .. steps[trades[15]..]]]);
        await using var server = await ReplayServer.StartAsync(session);
        var settings = new ExchangeSettings(session.Options with { Url = server.Url, RestUrl = server.Http });

        // The oldest node does not accept records, so it has no such connector, and does not keep the others from reading.
        await using var inner = await StartAsync(settings, null, Role.All.Where(role => role != Role.Ingest));
        await using var first = await StartAsync(settings, inner, Role.All);
        await Until.True(
            () => PhaseOf(first) == ConnectorPhase.Running && server.Played.Count == 1, "the oldest of those that take records reads");
        await using var second = await StartAsync(settings, inner, Role.All);
        await Until.True(() => PhaseOf(second) == ConnectorPhase.Standby, "the other one stands by");
        await Until.True(() => first.Node.Connectors!.Status[0].Messages == 9, "the trades are durable");
        Assert.Empty(inner.Node.Connectors!.Status);
        Assert.Equal((1, ConnectorPhase.Running), (server.Connections, PhaseOf(first)));

        await first.Node.DisposeAsync();
        await Until.True(
            () => PhaseOf(second) == ConnectorPhase.Running && second.Node.Connectors!.Status[0].Messages == 15, "the other one reads");
        Assert.Equal((2, 1), (server.Connections, server.MostOpen));
        Assert.Equal(6, second.Node.Connectors!.Status[0].Events["filled"]);
        Assert.Equal(0, second.Node.Connectors!.Status[0].Events["lost"]);

        var market = new Market(Plan.Default, new FoldLog());
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', session.Expected)));
        RecordFile.Read(file, "expected.ndjson", new ReadOptions(), market);
        Assert.Equal(StateHash.Of(market.Hashes()), await second.Node.Engine.HashAsync());
        Assert.Empty(server.Faults);
    }

    private static ConnectorPhase PhaseOf(RunningNode node) => node.Node.Connectors!.Status[0].Phase;

    private async Task<RunningNode> StartAsync(ExchangeSettings settings, RunningNode? seed, IEnumerable<string> roles)
    {
        var hocon = folder.File("near.conf");
        await File.WriteAllTextAsync(hocon, Hasty);
        return await RunningNode.StartAsync(change: options => options with
        {
            Kind = EngineKind.Cluster,
            Journal = seed?.Node.Journal.Location,
            Cluster = options.Cluster with
            {
                Port = 0, Shards = 10, Roles = [.. roles], Seeds = seed is null ? [] : [seed.Node.Hosting!.Address!],
            },
            HoconFile = hocon,
            Connectors = [settings],
        });
    }
}
