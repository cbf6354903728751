using System.Net;
using System.Net.Sockets;

namespace ActorTrading.TestKit.Ingest;

/// <summary>Stands between client and server and breaks connections after random numbers of bytes, in either direction.</summary>
public sealed class ChaosProxy : IAsyncDisposable
{
    private readonly IPEndPoint server;
    private readonly Random random;
    private readonly int breaks;
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource closing = new();
    private readonly Task accepting;

    public ChaosProxy(IPEndPoint server, int seed, int breaks)
    {
        this.server = server;
        this.breaks = breaks;
        random = new Random(seed);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    public int Broken { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        socket.Dispose();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await socket.AcceptAsync(closing.Token);
                await ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await far.ConnectAsync(server);
        }
        catch (SocketException)
        {
            return; // the server is being started anew
        }

        var isLast = Broken >= breaks;
        var (up, down) = isLast ? (long.MaxValue, long.MaxValue)
            : random.Next(2) == 0 ? (random.Next(1, 20_000), long.MaxValue)
            : (long.MaxValue, random.Next(1, 400));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        var ways = new[] { PumpAsync(client, far, up, over.Token), PumpAsync(far, client, down, over.Token) };
        await Task.WhenAny(ways);
        await over.CancelAsync();
        await Task.WhenAll(ways);
        if (!isLast) Broken++;
        client.LingerState = far.LingerState = new LingerOption(true, 0);
    }

    private static async Task PumpAsync(Socket from, Socket to, long limit, CancellationToken cancellation)
    {
        var buffer = new byte[4096];
        try
        {
            while (limit > 0)
            {
                var read = await from.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, limit)), cancellation);
                if (read == 0) return;
                limit -= read;
                for (var done = 0; done < read;) done += await to.SendAsync(buffer.AsMemory(done, read - done), cancellation);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // One side has gone.
        }
    }
}
