using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Engine.Ingest.Connections;

/// <summary>The socket of a listener.</summary>
internal static class ListeningSocket
{
    private const int Backlog = 4_096; // after a restart all clients come at once

    /// <summary>Starts to listen.</summary>
    /// <exception cref="ArgumentException">The address is not a local one, and the options do not allow remote access.</exception>
    /// <exception cref="SocketException">The address is in use, or does not belong to this machine.</exception>
    public static Socket Open(IngestOptions options)
    {
        if (!IPAddress.IsLoopback(options.Address.Address) && !options.AllowRemote)
            throw new ArgumentException(
                $"{options.Address} is reachable from other machines; this must be allowed explicitly.", nameof(options));

        var socket = new Socket(options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // All addresses of this machine, including IPv4.
            if (options.Address.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(options.Address);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
