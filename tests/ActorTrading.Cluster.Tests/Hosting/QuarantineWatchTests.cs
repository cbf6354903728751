using ActorTrading.Cluster.Hosting;
using ActorTrading.Domain.Plans;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Tests.Hosting;

/// <summary>Which node ends when nodes quarantine each other, and which continues.</summary>
public sealed class QuarantineWatchTests : IAsyncLifetime
{
    /// <summary>No node is downed during a test, so that Akka.NET does not end any.</summary>
    private const string Patient = """
        akka.cluster.failure-detector.acceptable-heartbeat-pause = 2 s
        akka.cluster.split-brain-resolver.stable-after = 10 m

        """;

    private readonly TemporaryFolder folder = new();
    private readonly CapturedLog log = new();
    private readonly List<ClusterEngine> nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("1", "1", true)]
    [InlineData("1 2 3", "1 2", true)]
    [InlineData("1 2 3", "3", false)]
    [InlineData("1 2", "1", true)] // of two halves, the one with the lowest address
    [InlineData("1 2", "2", false)]
    [InlineData("1 2 3 4", "2 3 4", true)]
    [InlineData("1 2 3 4", "1 4", true)]
    [InlineData("1 2 3 4", "2 3", false)]
    [InlineData("", "", true)]
    public void MoreThanHalfGoOn_AndOfTwoHalvesTheOneWithTheLowestAddress(string all, string reached, bool expected) =>
        Assert.Equal(expected, QuarantineWatch.HaveMajority(Addresses(all), Addresses(reached)));

    [Fact]
    public async Task NodeThatAllOthersRefuse_Ends_AndTheOthersGoOn()
    {
        await StartAsync(3);
        var frozen = AkkaCluster.Get(nodes[2].System).SelfUniqueAddress;
        foreach (var other in nodes.Take(2))
            ((IRemoteActorRefProvider)((ExtendedActorSystem)other.System).Provider).Quarantine(frozen.Address, frozen.Uid);

        // Akka.NET logs on its own thread.
        await EngineReading.UntilAsync(() => nodes[2].Failure is not null && log.Count("the other nodes continue without it") > 0);
        Assert.Equal(1, log.Count("the other nodes continue without it"));
        Assert.All(nodes.Take(2), node => Assert.Null(node.Failure));
    }

    /// <summary>Akka.NET does not stop such a node (akka.net#8482), so the watch is needed.</summary>
    [Fact]
    public async Task NodeThatAllOthersRefuse_IsToldSoByAkka_WhichDoesNotEndIt()
    {
        await StartAsync(3);
        var refused = nodes[2].System;
        refused.Stop(await refused.ActorSelection(ClusterNodeBuilder.QuarantinePath).ResolveOne(EngineReading.Timeout));
        var inbox = Inbox.Create(refused);
        refused.EventStream.Subscribe(inbox.Receiver, typeof(ThisActorSystemQuarantinedEvent));
        var self = AkkaCluster.Get(refused).SelfUniqueAddress;
        foreach (var other in nodes.Take(2))
            ((IRemoteActorRefProvider)((ExtendedActorSystem)other.System).Provider).Quarantine(self.Address, self.Uid);

        var refusers = new HashSet<Address>();
        while (refusers.Count < 2)
            refusers.Add(Assert.IsType<ThisActorSystemQuarantinedEvent>(await inbox.ReceiveAsync(EngineReading.Timeout)).RemoteAddress);
        Assert.Null(nodes[2].Failure);
        Assert.Equal(MemberStatus.Up, AkkaCluster.Get(refused).SelfMember.Status);
    }

    [Fact]
    public async Task NodeThatReachesMostOthers_IsNotMeant_WhenOneRefusesIt()
    {
        await StartAsync(3);
        var refused = nodes[0].System;
        var watch = await refused.ActorSelection(ClusterNodeBuilder.QuarantinePath).ResolveOne(EngineReading.Timeout);
        refused.EventStream.Publish(new ThisActorSystemQuarantinedEvent(Address(nodes[0]), Address(nodes[2])));

        // The first check and its result follow at once.
        for (var i = 0; i < 3; i++) await watch.Ask<ActorIdentity>(new Identify(i), EngineReading.Timeout);
        Assert.Equal(0, log.Count("This node stops"));
        Assert.Null(nodes[0].Failure);
    }

    [Fact]
    public async Task RemovedNodeThatAkkaDoesNotEnd_Ends()
    {
        await StartAsync(1);
        var self = AkkaCluster.Get(nodes[0].System).SelfMember;
        nodes[0].System.ActorSelection(ClusterNodeBuilder.QuarantinePath)
            .Tell(new ClusterEvent.MemberRemoved(self.Copy(MemberStatus.Removed), MemberStatus.Down));

        await EngineReading.UntilAsync(() => nodes[0].Failure is not null && log.Count("it was removed from its cluster") > 0);
        Assert.Equal(1, log.Count("it was removed from its cluster"));
    }

    private async Task StartAsync(int count)
    {
        var options = Nodes.Options(folder.Path) with { Loggers = log };
        options = options with { Hocon = Patient + options.Hocon };
        for (var i = 0; i < count; i++)
        {
            nodes.Add(
                await ClusterEngine.StartAsync(Plan.Default, options with { Seeds = [.. nodes.Take(1).Select(node => node.Address)] }));
        }
        await Nodes.AllHostSymbolsAsync(nodes);
    }

    private static Address Address(ClusterEngine node) => AkkaCluster.Get(node.System).SelfAddress;

    private static HashSet<Address> Addresses(string ports) =>
        [.. ports.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(port => new Address(
                "akka.tcp", "trading", "127.0.0.1", int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)))];
}
