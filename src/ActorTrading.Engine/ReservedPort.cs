using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Engine;

/// <summary>
/// A free loopback port. Until it is disposed, no other process of this user reserves the same port: a program that is to listen on it
/// needs seconds to start, in which a second cluster on the machine would otherwise find the port free as well.
/// </summary>
internal sealed class ReservedPort : IDisposable
{
    // Below the ports that systems give to connections, one of which could take the port before the program listens.
    private const int FirstOfAny = 12_000;
    private const int LastOfAny = 30_000;

    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"actortrading-ports-{Environment.UserName}");

    private readonly FileStream? hold; // locked; the operating system releases it when the process ends

    private ReservedPort(int number, FileStream? hold) => (Number, this.hold) = (number, hold);

    /// <summary>The port.</summary>
    public int Number { get; }

    /// <summary>A random free port.</summary>
    public static ReservedPort Any() => From(Random.Shared.Next(FirstOfAny, LastOfAny), 1_000);

    /// <summary>The first port of a range that is free and not reserved; any free port when there is none.</summary>
    public static ReservedPort From(int first, int among)
    {
        for (var port = first; port < first + among; port++)
        {
            if (Try(port) is { } reserved) return reserved;
        }

        return new ReservedPort(Listen(0), null);
    }

    /// <inheritdoc/>
    public void Dispose() => hold?.Dispose();

    private static ReservedPort? Try(int port)
    {
        FileStream? hold = null;
        try
        {
            Directory.CreateDirectory(Folder);

            // The file stays: if it were deleted, two processes could lock two files of the same name.
            hold = new FileStream(Path.Combine(Folder, $"{port}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new ReservedPort(Listen(port), hold);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException)
        {
            hold?.Dispose();
            return null;
        }
    }

    private static int Listen(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
