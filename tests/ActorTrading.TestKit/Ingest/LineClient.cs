using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTrading.Engine.Ingest;
using Xunit;

namespace ActorTrading.TestKit.Ingest;

/// <summary>A socket that speaks lines.</summary>
public sealed class LineClient : IDisposable
{
    private readonly StringBuilder heard = new();

    private LineClient(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    /// <summary>Bytes sent.</summary>
    public long Sent { get; private set; }

    public static async Task<LineClient> ConnectAsync(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address);
        return new LineClient(socket);
    }

    /// <summary>Sends text, with its tokens as <see cref="Tokens"/> makes them.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(Tokens.Lengthen(text)));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(Until.Limit);
        while (!bytes.IsEmpty)
        {
            var some = await Socket.SendAsync(bytes, limit.Token);
            Sent += some;
            bytes = bytes[some..];
        }
    }

    /// <summary>Waits until the listener has dealt with all that was sent, and waits for more.</summary>
    public Task IsReadAsync(IngestListener listener) => Until.True(
        () => listener.Connections.Any(status => status.BytesIn == Sent && status.Remote!.Equals(Socket.LocalEndPoint)),
        "all that was sent is dealt with");

    /// <summary>The next line; null at the end of the connection.</summary>
    public async Task<string?> LineAsync()
    {
        using var limit = new CancellationTokenSource(Until.Limit);
        var buffer = new byte[4096];
        while (true)
        {
            var text = heard.ToString();
            var end = text.IndexOf('\n', StringComparison.Ordinal);
            if (end >= 0)
            {
                heard.Remove(0, end + 1);
                return text[..end];
            }

            var read = await Socket.ReceiveAsync(buffer, limit.Token);
            if (read == 0) return null;
            heard.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }

    /// <summary>The next line that holds a text; lines before it are skipped.</summary>
    public async Task<string> LineWithAsync(string text)
    {
        while (true)
        {
            var line = await LineAsync();
            Assert.NotNull(line);
            if (line.Contains(text, StringComparison.Ordinal)) return line;
        }
    }

    public void Dispose() => Socket.Dispose();
}
