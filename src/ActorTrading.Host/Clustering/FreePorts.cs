using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Host.Clustering;

/// <summary>Ports of loopback that nobody has.</summary>
internal static class FreePorts
{
    /// <summary>A port from that one on, among so many; any that is free where all of those are taken.</summary>
    public static int From(int first, int among)
    {
        for (var port = first; port < first + among; port++)
        {
            if (Try(port) is { } free) return free;
        }

        return Try(0)!.Value;
    }

    private static int? Try(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException) when (port != 0)
        {
            return null;
        }
    }
}
