using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Host.Clustering;

/// <summary>Finds free loopback ports.</summary>
internal static class FreePorts
{
    /// <summary>A free port from a range; any free port when the whole range is in use.</summary>
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
