using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Lab.Chaos;

/// <summary>
/// Accepts connections on a loopback port and serves each of them. Can be closed, so that the port refuses connections, and opened again.
/// </summary>
internal sealed class Relay(Func<Socket, CancellationToken, Task> serve) : IDisposable
{
    private const int BufferLength = 64 * 1024;

    private Socket? listener;
    private CancellationTokenSource? open;

    /// <summary>The port; the same after each opening.</summary>
    public int Port { get; private set; }

    /// <summary>Starts listening.</summary>
    public void Open()
    {
        listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen(128);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        open = new CancellationTokenSource();
        _ = AcceptAsync(listener, open.Token);
    }

    /// <summary>Closes all connections and refuses new ones.</summary>
    public void Close()
    {
        open?.Cancel();
        open?.Dispose();
        open = null;
        listener?.Dispose();
        listener = null;
    }

    public void Dispose() => Close();

    /// <summary>Connects to the target, and copies bytes in both directions until one side ends.</summary>
    /// <param name="client">The accepted connection.</param>
    /// <param name="to">The address of the target.</param>
    /// <param name="begun">The bytes already received from the client.</param>
    /// <param name="mayPass">Completes when data may pass; all data, and the end of a stream, waits for it.</param>
    /// <param name="cancellation">Breaks the connection.</param>
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
                // The client disconnected immediately.
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
                // One side or the relay has ended: the other connection is closed now.
            }
        }
    }
}
