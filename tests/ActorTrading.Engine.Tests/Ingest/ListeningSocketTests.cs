using System.Net;
using System.Net.Sockets;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Connections;

namespace ActorTrading.Engine.Tests.Ingest;

public sealed class ListeningSocketTests
{
    [SkippableFact]
    public async Task EveryAddressOfThisMachine_IsThoseOfIPv4AndOfIPv6()
    {
        Skip.IfNot(Socket.OSSupportsIPv6, "no IPv6 here");
        using var listening = ListeningSocket.Open(
            new IngestOptions { Address = new IPEndPoint(IPAddress.IPv6Any, 0), AllowRemote = true });
        var port = ((IPEndPoint)listening.LocalEndPoint!).Port;

        foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            using var client = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(address, port);
            using var accepted = await listening.AcceptAsync();
            Assert.True(accepted.Connected);
        }
    }
}
