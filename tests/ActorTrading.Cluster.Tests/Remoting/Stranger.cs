using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>A client that reaches the cluster port of a node and speaks Akka.Remote's protocol, without Akka.NET.</summary>
internal sealed class Stranger : IDisposable
{
    private static int lastPort = 10_000;

    private readonly string node;
    private readonly string me;
    private readonly int port;
    private readonly string protocol;
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private Stream stream = Stream.Null;

    private Stranger(string node, int port, string protocol)
    {
        this.node = $"akka.{protocol}://trading@{node}";
        me = $"akka.{protocol}://trading@127.0.0.1:{port}/temp/stranger";
        (this.port, this.protocol) = (port, protocol);
    }

    /// <summary>Connects to a node, HOST:PORT, and associates.</summary>
    public static async Task<Stranger> ConnectAsync(string node, CancellationToken cancellation, NodeTls? shown = null)
    {
        var stranger = await ConnectSilentlyAsync(node, cancellation, shown);
        Assert.True(await stranger.AssociateAsync(cancellation));
        return stranger;
    }

    /// <summary>Sends the handshake of a node; false if the node closes the connection.</summary>
    public async Task<bool> AssociateAsync(CancellationToken cancellation)
    {
        await SendAsync(Frames.Hello("trading", port, uid: (ulong)port, protocol), cancellation);
        return await ReadAsync(cancellation) is not null; // the node's handshake
    }

    /// <summary>Connects to a node, HOST:PORT, and stays silent.</summary>
    public static async Task<Stranger> ConnectSilentlyAsync(string node, CancellationToken cancellation, NodeTls? shown = null)
    {
        var stranger = new Stranger(node, Interlocked.Increment(ref lastPort), shown is null ? "tcp" : "ssl.tcp");
        var colon = node.LastIndexOf(':');
        await stranger.socket.ConnectAsync(node[..colon], int.Parse(node[(colon + 1)..]), cancellation);
        stranger.stream = new NetworkStream(stranger.socket);
        if (shown is null) return stranger;
        using var read = X509Certificate2.CreateFromPemFile(shown.Certificate);
        var certificate = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
        var encrypted = new SslStream(stranger.stream);
        await encrypted.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1", ClientCertificates = [certificate], RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
            cancellation);
        stranger.stream = encrypted;
        return stranger;
    }

    /// <summary>Sends a message to the actor at a path of the node, for example <c>/user/gateway</c>.</summary>
    public Task SendAsync(string path, byte[] message, CancellationToken cancellation) =>
        SendAsync(Frames.Envelope(node + path, message, me), cancellation);

    public async Task SendAsync(byte[] frame, CancellationToken cancellation) => await stream.WriteAsync(frame, cancellation);

    /// <summary>Whether an actor exists, after it has processed all earlier messages of this connection.</summary>
    public async Task<bool> IsThereAsync(string path, CancellationToken cancellation)
    {
        var asked = Guid.NewGuid().ToString();
        await SendAsync(path, Frames.Identify(asked), cancellation);
        while (true)
        {
            var frame = await ReadAsync(cancellation) ?? throw new IOException("the node has closed the connection");
            var text = Encoding.Latin1.GetString(frame);
            // ActorIdentity.path
            if (text.Contains(asked, StringComparison.Ordinal))
                return Regex.IsMatch(text, "\x12.{1,2}" + Regex.Escape(node + path), RegexOptions.Singleline);
        }
    }

    /// <summary>Reads until the node closes the connection.</summary>
    public async Task ReadToEndAsync(CancellationToken cancellation)
    {
        while (await ReadAsync(cancellation) is not null)
        {
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        socket.Dispose();
    }

    /// <summary>The next frame, without its length; null at the end.</summary>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellation)
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
                var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellation);
                if (read == 0) return null;
                filled += read;
            }

            return buffer;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
