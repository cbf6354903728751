using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ActorTrading.Lab.Chaos;
using ActorTrading.TestKit;

namespace ActorTrading.Lab.Tests.Chaos;

public sealed class CuttableLinksTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();
    private readonly CuttableLinks links;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int caller;
    private readonly int callee;

    public CuttableLinksTests()
    {
        links = new CuttableLinks(folder.Path);
        listener.Start();
        callee = PortOf(links.Open(1, ((IPEndPoint)listener.LocalEndpoint).Port).Address);
        caller = PortOf(links.Open(2, 1).Address);
    }

    public void Dispose()
    {
        links.Dispose();
        listener.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Node_IsReachedAtTheSamePort_HoweverOftenItStarts_AndSaysSo()
    {
        var again = links.Open(1, 12345);
        Assert.Equal(callee, PortOf(again.Address));
        Assert.Equal($"akka.remote.dot-netty.tcp.public-port = {callee}", File.ReadAllText(again.Hocon).Trim());
        Assert.NotEqual(callee, caller);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task WhatIsSaidThroughACut_EitherWay_ArrivesWhenItIsHealed(int number)
    {
        using var patience = new CancellationTokenSource(Timeout);
        using var client = await CallAsync(caller, patience.Token);
        using var server = await listener.AcceptSocketAsync(patience.Token);
        Assert.Equal(Hello(caller), await ReadAsync(server, Hello(caller).Length, patience.Token));
        await server.SendAsync("to and fro"u8.ToArray(), patience.Token);
        Assert.Equal("to and fro"u8.ToArray(), await ReadAsync(client, 10, patience.Token));

        links.Cut(number);
        await client.SendAsync("late"u8.ToArray(), patience.Token);
        await server.SendAsync("late, too"u8.ToArray(), patience.Token);
        var (toServer, toClient) = (ReadAsync(server, 4, patience.Token), ReadAsync(client, 9, patience.Token));
        using (var other = await CallAsync(99, patience.Token)) // another connection through the same relay, to a node that may be cut off
        using (var answered = number == 2 ? await listener.AcceptSocketAsync(patience.Token) : null)
        {
            Assert.False(toServer.IsCompleted || toClient.IsCompleted || listener.Pending());
        }

        links.Heal(number);
        Assert.Equal("late"u8.ToArray(), await toServer);
        Assert.Equal("late, too"u8.ToArray(), await toClient);
    }

    private static int PortOf(string address) => IPEndPoint.Parse(address).Port;

    /// <summary>The first frame of a node with a port that needs three bytes.</summary>
    private static byte[] Hello(int port)
    {
        byte[] origin = [0x18, (byte)(port | 0x80), (byte)((port >> 7) | 0x80), (byte)(port >> 14)];
        byte[] message = [0x12, 8, 0x12, 6, 0x0A, 4, .. origin];
        var frame = new byte[4 + message.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, message.Length);
        message.CopyTo(frame, 4);
        return frame;
    }

    private static async Task<byte[]> ReadAsync(Socket from, int length, CancellationToken cancellation)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            var now = await from.ReceiveAsync(bytes.AsMemory(read), cancellation);
            Assert.NotEqual(0, now);
            read += now;
        }

        return bytes;
    }

    private async Task<Socket> CallAsync(int from, CancellationToken cancellation)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, callee, cancellation);
        await client.SendAsync(Hello(from), cancellation);
        return client;
    }
}
