using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ActorTrading.Lab.Hostile;

/// <summary>A raw connection to a loopback port, without the behaviour of a proper client.</summary>
internal sealed class HostileSocket : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private HostileSocket()
    {
    }

    /// <summary>
    /// The local address of a hostile client: one of a few addresses that the well-behaved clients do not use, so that limits per address
    /// do not affect them. Only Linux has all of 127.0.0.0/8.
    /// </summary>
    public static IPEndPoint From =>
        new(OperatingSystem.IsLinux() ? new IPAddress([127, 0, 0, (byte)Random.Shared.Next(2, 10)]) : IPAddress.Loopback, 0);

    /// <summary>Connects.</summary>
    public static async Task<HostileSocket> ConnectAsync(IPEndPoint to, CancellationToken cancellation, int? receiveBuffer = null)
    {
        if (!IPAddress.IsLoopback(to.Address)) throw new ArgumentException("Only this machine is tried.", nameof(to));
        var connection = new HostileSocket();
        try
        {
            if (receiveBuffer is { } size) connection.socket.ReceiveBufferSize = size;
            connection.socket.Bind(From);
            await connection.socket.ConnectAsync(to, cancellation).AsTask().WaitAsync(Timeout, cancellation);
            return connection;
        }
        catch (TimeoutException)
        {
            connection.Dispose();
            throw new IOException("no connection in time");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Connects, sends, and records the response or the end of the connection.</summary>
    /// <param name="isDone">Whether the client ends its stream after sending.</param>
    public static async Task TellAsync(IPEndPoint to, byte[] bytes, KindTally tally, CancellationToken cancellation, bool isDone = true)
    {
        using var connection = await ConnectAsync(to, cancellation);
        tally.Sent(bytes.Length);
        await connection.SendAsync(bytes, cancellation);
        if (isDone) connection.socket.Shutdown(SocketShutdown.Send);
        tally.Got(await connection.AnswerAsync(cancellation));
    }

    public async Task SendAsync(byte[] bytes, CancellationToken cancellation)
    {
        for (var rest = bytes.AsMemory(); !rest.IsEmpty;) rest = rest[await socket.SendAsync(rest, cancellation)..];
    }

    /// <summary>
    /// The first response as one word: the HTTP status, the error code, or the name of a line; or that the connection was closed, or that
    /// no response came.
    /// </summary>
    public async Task<string> AnswerAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Timeout);
        var buffer = new byte[4096];
        try
        {
            var read = await socket.ReceiveAsync(buffer, patience.Token);
            return read == 0 ? "closed" : Word(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "nothing said";
        }
    }

    /// <summary>Waits until the other side closes the connection; false after the time limit.</summary>
    public async Task<bool> IsClosedWithinAsync(TimeSpan time, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(time);
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, patience.Token) > 0)
            {
            }

            return true;
        }
        catch (SocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Closes the connection immediately, with a reset.</summary>
    public void Abort()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();

    private static string Word(string answer)
    {
        if (answer.StartsWith("HTTP/1.", StringComparison.Ordinal) && answer.Length > 12) return answer[9..12];
        try
        {
            using var json = JsonDocument.Parse(answer.Split('\n')[0]);
            var first = json.RootElement.EnumerateObject().First();
            return first.Name == "error" ? first.Value.GetProperty("code").GetString()! : first.Name;
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return "bytes";
        }
    }
}
