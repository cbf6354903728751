using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>Somebody who has reached the cluster's port of a node and speaks Akka.Remote's protocol, without Akka.NET.</summary>
internal sealed class Stranger : IDisposable
{
    private static int lastPort = 10_000;

    private readonly string node;
    private readonly string me;
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private Stranger(string node, int port)
    {
        this.node = $"akka.tcp://trading@{node}";
        me = $"akka.tcp://trading@127.0.0.1:{port}/temp/stranger";
    }

    /// <summary>Connects to a node, HOST:PORT, and is associated.</summary>
    public static async Task<Stranger> ConnectAsync(string node, CancellationToken cancellation)
    {
        var stranger = await ConnectSilentlyAsync(node, cancellation);
        var port = int.Parse(stranger.me.Split(':')[2].Split('/')[0]);
        await stranger.SendAsync(Frames.Hello("trading", port, uid: (ulong)port), cancellation);
        Assert.NotNull(await stranger.ReadAsync(cancellation)); // the node says who it is
        return stranger;
    }

    /// <summary>Connects to a node, HOST:PORT, and says nothing.</summary>
    public static async Task<Stranger> ConnectSilentlyAsync(string node, CancellationToken cancellation)
    {
        var stranger = new Stranger(node, Interlocked.Increment(ref lastPort));
        var colon = node.LastIndexOf(':');
        await stranger.socket.ConnectAsync(node[..colon], int.Parse(node[(colon + 1)..]), cancellation);
        return stranger;
    }

    /// <summary>Sends a message to the actor at a path of the node, such as <c>/user/gateway</c>.</summary>
    public Task SendAsync(string path, byte[] message, CancellationToken cancellation) => SendAsync(Frames.Envelope(node + path, message, me), cancellation);

    public async Task SendAsync(byte[] frame, CancellationToken cancellation)
    {
        for (var sent = 0; sent < frame.Length;) sent += await socket.SendAsync(frame.AsMemory(sent), cancellation);
    }

    /// <summary>Whether an actor is there, once it is done with everything that was sent to it here before.</summary>
    public async Task<bool> IsThereAsync(string path, CancellationToken cancellation)
    {
        var asked = Guid.NewGuid().ToString();
        await SendAsync(path, Frames.Identify(asked), cancellation);
        while (true)
        {
            var frame = await ReadAsync(cancellation) ?? throw new IOException("the node has closed the connection");
            var text = Encoding.Latin1.GetString(frame);
            if (text.Contains(asked, StringComparison.Ordinal)) return Regex.IsMatch(text, "\x12.{1,2}" + Regex.Escape(node + path), RegexOptions.Singleline); // ActorIdentity.path
        }
    }

    /// <summary>Reads until the node closes the connection.</summary>
    public async Task ReadToEndAsync(CancellationToken cancellation)
    {
        while (await ReadAsync(cancellation) is not null)
        {
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>The next frame, without its length; null at the end.</summary>
    private async Task<byte[]?> ReadAsync(CancellationToken cancellation)
    {
        var header = await FillAsync(new byte[sizeof(int)], cancellation);
        return header is null ? null : await FillAsync(new byte[BinaryPrimitives.ReadInt32LittleEndian(header)], cancellation);
    }

    private async Task<byte[]?> FillAsync(byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            for (var filled = 0; filled < buffer.Length;)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(filled), cancellation);
                if (read == 0) return null;
                filled += read;
            }

            return buffer;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
