using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>Both ends of a connection.</summary>
internal static class Loopback
{
    public static async Task<(NetworkStream Here, NetworkStream There)> ConnectAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var here = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var accepting = listener.AcceptAsync();
        await here.ConnectAsync(listener.LocalEndPoint!);
        var there = await accepting;
        there.NoDelay = true;
        return (new NetworkStream(here, ownsSocket: true), new NetworkStream(there, ownsSocket: true));
    }
}
