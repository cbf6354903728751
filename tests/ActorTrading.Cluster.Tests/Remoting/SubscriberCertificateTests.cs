using System.Security.Authentication;
using System.Text.Json;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Remoting;
using ActorTrading.Cluster.Subscribing;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using Google.Protobuf;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>Nodes whose subscribers have their own certificates: the rights of each certificate.</summary>
public sealed class SubscriberCertificateTests : IAsyncLifetime
{
    private const string AllRoles = "node.cluster ingest.node.cluster symbols.node.cluster admin.node.cluster gateway.node.cluster";

    private const string Daemon = "/system/cluster/core/daemon";

    private static readonly Plan Plan = Plan.Parse("""
        {"frames":["1min"],"indicators":["ema(3)"],"rules":[{"name":"up","rule":"buy when close > ema(3) on 1min"}]}
        """);

    private static readonly TimeSpan Try = TimeSpan.FromSeconds(4);

    private static readonly byte[] Hello = Frames.Hello("trading", 9, uid: 9, protocol: "ssl.tcp");

    private readonly TemporaryFolder folder = new();
    private readonly CapturedLog log = new();
    private readonly NodePapers papers = new();
    private readonly List<ClusterEngine> nodes = [];
    private readonly AccessAudit audit;
    // When DotNetty stops reading, each message takes seconds.
    private readonly CancellationTokenSource patience = new(5 * EngineReading.Timeout);

    public SubscriberCertificateTests() => audit = new AccessAudit(folder.File("audit"));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        audit.Dispose();
        papers.Dispose();
        patience.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task SubscribersCertificate_OpensNoAssociation_AndSendsNoMessageOfANode()
    {
        await StartAsync(papers.OfNode());
        var inputs = HostileMarkets.Stream(seed: 8, count: 400, step: Timestamp.Second * 30);
        await EngineReading.SendAsync(nodes[0], inputs.Take(200), 20);
        var me = "akka.ssl.tcp://trading@127.0.0.1:9/user/forged";
        var node = $"akka.ssl.tcp://trading@{nodes[0].Address}";
        byte[][] forged =
        [
            Frames.Envelope(node + ClusterNodeBuilder.RegionPath, Frames.Payload(16, "PP", []), me), // PoisonPill
            Frames.Envelope(node + ClusterNodeBuilder.GatewayPath, Frames.Identify("who"), me),
            Frames.Envelope(node + ClusterNodeBuilder.DirectoryPath, Frames.Payload(7421, "m:census1", [1, 2, 3]), me), // an answer
            Frames.Envelope(
                node + Daemon, Frames.Payload(5, "Akka.Cluster.InternalClusterAction+Join, Akka.Cluster", Join(9, 9, "admin")), me),
            Frames.Envelope(node + Daemon, Frames.Payload(5, "Akka.Cluster.GossipEnvelope, Akka.Cluster", []), me),
            Hello,
        ];
        for (var i = 0; i < forged.Length; i++)
        {
            using var first = await Stranger.ConnectSilentlyAsync(nodes[0].Address, patience.Token, papers.OfSubscriber());
            await first.SendAsync(forged[i], patience.Token); // as the first message
            await EndAsync(first);
            // When DotNetty stops reading, the silence limit ends the connection.
            while (nodes[0].RefusedMessages < 2 * (i + 1)) // within the time limit of the test
            {
                using var later = await SubscribedAsync();
                await later.SendAsync(forged[i], patience.Token); // after a subscriber's greeting
                await EndAsync(later);
            }

            Assert.True(nodes[0].RefusedMessages == 2 * (i + 1), $"{i}: {nodes[0].RefusedMessages}\n{string.Join('\n', log.Lines)}");
        }

        using var associating = await Stranger.ConnectSilentlyAsync(nodes[0].Address, patience.Token, papers.OfSubscriber());
        Assert.False(await associating.AssociateAsync(patience.Token));
        using var another = await Stranger.ConnectAsync(nodes[0].Address, patience.Token, papers.OfNode()); // like a node's certificate
        Assert.True(await another.IsThereAsync(ClusterNodeBuilder.GatewayPath, patience.Token));
        await EngineReading.SendAsync(nodes[0], inputs.Skip(200), 20);
        var (market, folded) = EngineReading.MarketOf(Plan, inputs);
        await EngineReading.AssertSameAsync(nodes[0], market, folded);
        Assert.Contains(log.Lines, line => line.Contains("Refused the connection of ", StringComparison.Ordinal));
        foreach (var line in await AuditedAsync(refusals: nodes[0].RefusedMessages))
        {
            Assert.Equal(("cluster", "refused"), (line.GetProperty("door").GetString(), line.GetProperty("outcome").GetString()));
            Assert.Contains(line.GetProperty("reason").GetString(), (string[])["message_refused", "connection_refused"]);
            Assert.Contains("127.0.0.1", line.GetProperty("peer").GetString(), StringComparison.Ordinal);
        }

        Assert.Single(Akka.Cluster.Cluster.Get(nodes[0].System).State.Members);
    }

    [Fact]
    public async Task Subscriber_HasOnlyTheTopicsForSubscribers()
    {
        await StartAsync(papers.OfNode());
        foreach (var topic in (string[])["live", "shards", "signal-log", "bars.", ""])
        {
            using var subscriber = await SubscribedAsync();
            await subscriber.SendAsync(Frames.Framed(SubscriberFrames.Write(new FollowTopic(1, topic))), patience.Token);
            await EndAsync(subscriber);
        }

        using var refused = await Stranger.ConnectSilentlyAsync(nodes[0].Address, patience.Token, papers.OfSubscriber());
        await refused.SendAsync(Frames.Framed(SubscriberFrames.Write(new SubscriberHello("another"))), patience.Token);
        Assert.True(SubscriberFrames.TryRead(await refused.ReadAsync(patience.Token), out var answer));
        Assert.Contains("'another'", Assert.IsType<SubscriberAnswer>(answer).Error, StringComparison.Ordinal);
        await EndAsync(refused);
    }

    [Fact]
    public async Task SubscribersCertificate_DoesNotJoin_AndIsNotBelievedToBeANodes()
    {
        await StartAsync(papers.OfNode());
        await RefuseAsync(papers.OfSubscriber(), NodeRole.All);
        Assert.Single(Akka.Cluster.Cluster.Get(nodes[0].System).State.Members);

        using var posing = new TlsPort(papers.OfSubscriber()); // a port with a subscriber's certificate
        var address = $"127.0.0.1:{posing.Port}";
        var deceived = await Assert.ThrowsAsync<AuthenticationException>(
            () => ClusterSubscriber.StartAsync(new SubscriberOptions { Seeds = [address], Tls = papers.OfSubscriber() }));
        Assert.Contains("lacks the name 'node.cluster'", deceived.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscriber_WithItsCertificate_GetsEachSignalOnce_ThoughItsNodeDies()
    {
        for (var i = 0; i < 3; i++) await StartAsync(papers.OfNode());
        await Nodes.AllHostSymbolsAsync(nodes);
        await using var subscriber = await ClusterSubscriber.StartAsync(
            new SubscriberOptions { Seeds = [nodes[2].Address], Tls = papers.OfSubscriber() });
        Assert.All(nodes, node => Assert.Equal(3, Akka.Cluster.Cluster.Get(node.System).State.Members.Count)); // it is no member

        var inputs = HostileMarkets.Stream(seed: 5, count: 3_000, step: Timestamp.Second * 30);
        var (_, folded) = EngineReading.MarketOf(Plan, inputs);
        var expected = folded.Signals.Select(signal => signal.Id).Order(StringComparer.Ordinal).ToList();
        var reading = ReadAsync(expected.Count);
        await EngineReading.SendAsync(nodes[0], inputs.Take(1_500), 25);
        await nodes[2].DisposeAsync(); // the node of its connection, which hosts some symbols, dies
        nodes.RemoveAt(2);
        await EngineReading.SendAsync(nodes[0], inputs.Skip(1_500), 25);
        Assert.Equal(expected, (await reading).Select(signal => signal.Signal.Id).Order(StringComparer.Ordinal));

        async Task<List<LoggedSignal>> ReadAsync(int count)
        {
            var all = new List<LoggedSignal>();
            await foreach (var signal in subscriber.SignalsAsync(0, patience.Token))
            {
                all.Add(signal);
                Assert.Equal(all.Count, signal.Position);
                if (all.Count == count) break;
            }

            return all;
        }
    }

    [Fact]
    public async Task Node_JoinsOnlyWithTheRolesOfItsCertificate()
    {
        await StartAsync(papers.OfNode(AllRoles, roles: true));
        var gateway = $"{NodePapers.NodeName} gateway.node.cluster";
        var missing = await Assert.ThrowsAsync<CertificateException>(
            () => StartAsync(papers.OfNode(gateway, roles: true), [NodeRole.Gateway, NodeRole.Symbols]));
        Assert.Contains("'symbols.node.cluster'", missing.Message, StringComparison.Ordinal);

        // A node that does not check its own certificate, so that the others must.
        var lacking = papers.OfNode(gateway);
        await RefuseAsync(lacking, [NodeRole.Gateway, NodeRole.Symbols]);
        Assert.Single(Akka.Cluster.Cluster.Get(nodes[0].System).State.Members);

        await StartAsync(lacking, [NodeRole.Gateway]);
        Assert.Equal(2, Akka.Cluster.Cluster.Get(nodes[0].System).State.Members.Count);
    }

    [Fact]
    public void WishToJoin_IsReadStrictly()
    {
        var roles = new PeerRoles();
        Assert.Contains("presented no certificate", roles.FaultOf(Join(9, 9, "admin")), StringComparison.Ordinal);
        Assert.True(roles.TryLearn(First(Hello), new PeerIdentity(true, ["gateway", "admin"], "CN=node")));
        Assert.Null(roles.FaultOf(Join(9, 9, "admin")));
        Assert.Contains("does not name the role symbols", roles.FaultOf(Join(9, 9, "admin", "symbols")), StringComparison.Ordinal);
        Assert.Contains("no certificate", roles.FaultOf(Join(9, 8, "admin")), StringComparison.Ordinal); // another incarnation
        Assert.Contains("no certificate", roles.FaultOf(Join(8, 9, "admin")), StringComparison.Ordinal); // another address
        Assert.Equal("it cannot be read", roles.FaultOf([.. Join(9, 9, "admin"), .. Frames.Bytes(1, Address(8, 8))])); // two addresses
        Assert.True(roles.TryLearn(First(Hello), new PeerIdentity(true, ["gateway"], "CN=another")));
        Assert.NotNull(roles.FaultOf(Join(9, 9, "admin"))); // what both certificates allow
        Assert.False(roles.TryLearn(First(Frames.Envelope("a", Frames.Identify("b"), "c")), null));

        static ByteString First(byte[] frame) => ByteString.CopyFrom(frame, sizeof(int), frame.Length - sizeof(int));
    }

    private static byte[] Join(ulong port, ulong uid, params string[] roles) =>
        [.. Frames.Bytes(1, Address(port, uid)), .. roles.SelectMany(role => Frames.Text(2, role))];

    private static byte[] Address(ulong port, ulong uid) =>
    [
        .. Frames.Bytes(
            1, [.. Frames.Text(1, "trading"), .. Frames.Text(2, "127.0.0.1"), .. Frames.Number(3, port), .. Frames.Text(4, "ssl.tcp")]),
        .. Frames.Number(2, uid),
    ];

    /// <summary>
    /// Waits until the node has ended a connection. Meanwhile it sends heartbeats: under TLS, received data is sometimes processed with the
    /// next data only.
    /// </summary>
    private async Task EndAsync(Stranger stranger)
    {
        var ended = stranger.ReadToEndAsync(patience.Token);
        while (await Task.WhenAny(ended, Task.Delay(100, patience.Token)) != ended)
        {
            try
            {
                await stranger.SendAsync(Frames.Framed(SubscriberFrames.Write(new Heartbeat(0))), patience.Token);
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        await ended;
    }

    /// <summary>A connection with a subscriber's certificate that the node serves.</summary>
    private async Task<Stranger> SubscribedAsync()
    {
        var subscriber = await Stranger.ConnectSilentlyAsync(nodes[0].Address, patience.Token, papers.OfSubscriber());
        await subscriber.SendAsync(Frames.Framed(SubscriberFrames.Write(new SubscriberHello("trading"))), patience.Token);
        await subscriber.SendAsync(Frames.Framed(SubscriberFrames.Write(new Heartbeat(0))), patience.Token);
        Assert.True(SubscriberFrames.TryRead(await subscriber.ReadAsync(patience.Token), out var answer));
        Assert.Equal("", Assert.IsType<SubscriberAnswer>(answer).Error);
        return subscriber;
    }

    /// <summary>
    /// The lines of the first node's audit log, as soon as they represent that many rejections: one line per address and second.
    /// </summary>
    private async Task<IReadOnlyList<JsonElement>> AuditedAsync(long refusals)
    {
        while (true)
        {
            var lines = AuditReader.Newest(audit.Folder, 1_000);
            if (lines.Sum(line => line.TryGetProperty("count", out var count) ? count.GetInt64() : 1) == refusals) return lines;
            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>Starts a node that cannot join, repeatedly, until the first node has rejected one of its messages.</summary>
    private async Task RefuseAsync(NodeTls tls, IReadOnlyList<string> roles)
    {
        do
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(tls, roles, Try));
            Assert.True(refused is AuthenticationException or TimeoutException, refused.ToString());
            patience.Token.ThrowIfCancellationRequested();
        }
        while (nodes[0].RefusedMessages == 0);
    }

    private async Task StartAsync(NodeTls tls, IReadOnlyList<string>? roles = null, TimeSpan? patience = null)
    {
        nodes.Add(await ClusterEngine.StartAsync(Plan, Nodes.Options(folder.Path) with
        {
            Tls = tls,
            Loggers = log,
            Audit = nodes.Count == 0 ? audit : null,
            Roles = roles ?? NodeRole.All,
            Seeds = nodes.Count == 0 ? [] : [nodes[0].Address],
            StartPatience = patience ?? EngineReading.Timeout,
        }));
    }
}
