using System.Net;
using System.Net.Sockets;
using ActorTrading.Cluster.Remoting;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>Silent connections to the cluster port: their number and duration are limited, and they keep no node out.</summary>
public sealed class SilentConnectionsTests : IAsyncLifetime
{
    private const int Count = 200;

    private readonly TemporaryFolder folder = new();
    private readonly NodePapers papers = new();
    private readonly List<ClusterEngine> nodes = [];
    private readonly List<Socket> sockets = [];
    private readonly CancellationTokenSource patience = new(EngineReading.Timeout);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var socket in sockets) socket.Dispose();
        foreach (var node in nodes) await node.DisposeAsync();
        papers.Dispose();
        patience.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TwoHundred_KeepNoNodeOut_AndAreEnded(bool isEncrypted)
    {
        const string AsAkka = "\nakka.remote.dot-netty.tcp.connection-timeout = 15 s"; // its default: a shorter limit is this project's own
        nodes.Add(await StartAsync());
        var port = ClusterPort.Of(nodes[0].System);
        var address = IPEndPoint.Parse(nodes[0].Address);
        var began = Environment.TickCount64;
        for (var i = 0; i < Count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            await socket.ConnectAsync(address, patience.Token);
        }

        var ends = sockets.ConvertAll(EndAsync);
        await Task.WhenAll(ends.Take(Count - PendingConnections.MostOfAddress)); // those above the limit, at once
        Assert.InRange(port.Pending.Count, 0, PendingConnections.MostOfAddress);
        nodes.Add(await StartAsync());
        Assert.Equal(2, Akka.Cluster.Cluster.Get(nodes[0].System).State.Members.Count);
        await Task.WhenAll(ends);
        Assert.True(Environment.TickCount64 - began > InboundConnection.WaitTimeout.TotalMilliseconds - 100); // their time is over
        Assert.Equal(0, port.Pending.Count);

        Task<ClusterEngine> StartAsync() => ClusterEngine.StartAsync(TestPlans.All["every frame"], Nodes.Options(folder.Path) with
        {
            Tls = isEncrypted ? papers.Of("cluster") : null,
            Seeds = nodes.Count == 0 ? [] : [nodes[0].Address],
            Hocon = Nodes.Hasty + AsAkka,
        });

        async Task EndAsync(Socket socket)
        {
            try
            {
                Assert.Equal(0, await socket.ReceiveAsync(new byte[16], patience.Token));
            }
            catch (SocketException)
            {
                // Reset: the connection has ended as well.
            }
        }
    }
}
