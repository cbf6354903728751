using System.Net;
using System.Net.Sockets;
using ActorTrading.Domain.Plans;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Cluster.Tests;

/// <summary>How nodes find each other: names, listen addresses, and seeds that start later.</summary>
public sealed class SeedTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly List<ClusterEngine> nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task NodeWithADnsName_IsKnownByIt_AndListensOnItsOwnAddress()
    {
        nodes.Add(await ClusterEngine.StartAsync(Plan.Default, Nodes.Options(folder.Path) with { Host = "localhost", Bind = "127.0.0.1" }));
        Assert.StartsWith("localhost:", nodes[0].Address, StringComparison.Ordinal);
        nodes.Add(
            await ClusterEngine.StartAsync(
                Plan.Default, Nodes.Options(folder.Path) with { Host = "localhost", Seeds = [nodes[0].Address] }));
        await Nodes.AllHostSymbolsAsync(nodes);
    }

    [Fact]
    public async Task SeedThatDoesNotAnswerYet_IsTriedUntilItDoes()
    {
        var seed = $"localhost:{FreePort.Next()}";
        var options = Nodes.Options(folder.Path) with
        {
            Host = "localhost", Hocon = Nodes.Hasty + "\nakka.cluster.seed-node-timeout = 1 s, akka.remote.retry-gate-closed-for = 1 s",
        };
        var joining = ClusterEngine.StartAsync(Plan.Default, options with { Seeds = [seed], StartPatience = EngineReading.Timeout });
        await UntilTriedAsync().WaitAsync(EngineReading.Timeout);
        Assert.False(joining.IsCompleted);

        nodes.Add(await ClusterEngine.StartAsync(Plan.Default, options with { Port = PortOf(seed), Seeds = [seed] }));
        nodes.Add(await joining);
        Assert.True(nodes[1].HasOthers);

        async Task UntilTriedAsync()
        {
            using var listener = new TcpListener(IPAddress.Loopback, PortOf(seed));
            listener.Start();
            using var tried = await listener.AcceptTcpClientAsync();
            tried.LingerState = new LingerOption(true, 0); // a reset frees the port at once
        }
    }

    [Fact]
    public async Task SeedWhoseNameIsNotFound_IsNamed()
    {
        var options = Nodes.Options(folder.Path) with { Seeds = ["nowhere.invalid:4053"], StartPatience = TimeSpan.FromSeconds(1) };
        var refused = await Assert.ThrowsAsync<TimeoutException>(() => ClusterEngine.StartAsync(Plan.Default, options));
        Assert.EndsWith("seeds: nowhere.invalid:4053; not found by DNS: nowhere.invalid.", refused.Message, StringComparison.Ordinal);
    }

    private static int PortOf(string address) =>
        int.Parse(address[(address.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
}
