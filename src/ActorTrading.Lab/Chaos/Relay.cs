using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Lab.Chaos;

/// <summary>
/// Takes connections at a port of loopback and has each of them served; can be closed as if nobody had ever listened, and opened again.
/// </summary>
internal sealed class Relay(Func<Socket, CancellationToken, Task> serve) : IDisposable
{
    private const int BufferLength = 64 * 1024;

    private Socket? listener;
    private CancellationTokenSource? open;

    /// <summary>The port; the same each time that it is opened.</summary>
    public int Port { get; private set; }

    /// <summary>Listens.</summary>
    public void Open()
    {
        listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen(128);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        open = new CancellationTokenSource();
        _ = AcceptAsync(listener, open.Token);
    }

    /// <summary>Breaks all connections, and refuses new ones.</summary>
    public void Close()
    {
        open?.Cancel();
        open?.Dispose();
        open = null;
        listener?.Dispose();
        listener = null;
    }

    public void Dispose() => Close();

    /// <summary>Connects to the other side, and carries bytes both ways until one side ends.</summary>
    /// <param name="client">One side.</param>
    /// <param name="to">The address of the other side.</param>
    /// <param name="begun">What the first side has already said.</param>
    /// <param name="mayPass">Completes when bytes may pass: whatever is said, an end, too, waits for it.</param>
    /// <param name="cancellation">Breaks it.</param>
    public static async Task CarryAsync(
        Socket client, EndPoint to, ReadOnlyMemory<byte> begun, Func<Task> mayPass, CancellationToken cancellation)
    {
        await mayPass().WaitAsync(cancellation);
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await server.ConnectAsync(to, cancellation);
        await SendAllAsync(server, begun, cancellation);
        await await Task.WhenAny(CarryAsync(client, server, mayPass, cancellation), CarryAsync(server, client, mayPass, cancellation));
    }

    private static async Task CarryAsync(Socket from, Socket to, Func<Task> mayPass, CancellationToken cancellation)
    {
        var buffer = new byte[BufferLength];
        while (true)
        {
            var read = await from.ReceiveAsync(buffer, cancellation);
            await mayPass().WaitAsync(cancellation);
            if (read == 0) return;
            await SendAllAsync(to, buffer.AsMemory(0, read), cancellation);
        }
    }

    private static async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty) bytes = bytes[await to.SendAsync(bytes, cancellation)..];
    }

    private async Task AcceptAsync(Socket from, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await from.AcceptAsync(cancellation), cancellation);
            }
            catch (SocketException)
            {
                // Somebody came and went.
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken cancellation)
    {
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await serve(client, cancellation);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // One side has ended, or the relay: the other side hears of it now.
            }
        }
    }
}
