using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ActorTrading.Connectors.Tests.Kafka;

/// <summary>
/// Proxy for the one broker of a mock cluster, which has neither encryption nor login. It presents a certificate and requires one of an
/// authority, or a name and a password (SASL PLAIN), and forwards requests and responses. In the responses it replaces the broker's port
/// with its own.
/// </summary>
internal sealed class KafkaGuard : IAsyncDisposable
{
    private const int SaslHandshake = 17;
    private const int ApiVersions = 18;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly int broker;
    private readonly X509Certificate2 certificate;
    private readonly X509Certificate2? authority;
    private readonly string? login;
    private readonly Task accepting;
    private int refused;
    private volatile bool isMute;

    /// <param name="authority">The authority of the required client certificates; null: none required.</param>
    /// <param name="login">The required login, NAME:PASSWORD; null: none.</param>
    public KafkaGuard(KafkaMockCluster cluster, X509Certificate2 certificate, X509Certificate2? authority = null, string? login = null)
    {
        (this.certificate, this.authority, this.login) = (certificate, authority, login);
        broker = int.Parse(cluster.Brokers.Split(':')[1]);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The address on which it listens.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>The accepted clients: the subject of the certificate, or the name.</summary>
    public ConcurrentBag<string> Guests { get; } = [];

    /// <summary>Number of rejected connections.</summary>
    public int Refused => Volatile.Read(ref refused);

    /// <summary>From now on it forwards no response; connections stay open.</summary>
    public void Mute() => isMute = true;

    private int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        await accepting;
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(ending.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await using var secure = new SslStream(client.GetStream());
                await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate, ClientCertificateRequired = authority is not null,
                    RemoteCertificateValidationCallback = (_, shown, _, _) => authority is null || IsOfAuthority(shown),
                }, ending.Token);
                if (authority is not null) Guests.Add(secure.RemoteCertificate!.Subject);
                await server.ConnectAsync(IPAddress.Loopback, broker, ending.Token);
                var plain = server.GetStream();
                if (login is not null) await AdmitAsync(secure, plain);
                await Task.WhenAny(PassAsync(secure, plain, answers: false), PassAsync(plain, secure, answers: true));
            }
            catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
            {
                Interlocked.Increment(ref refused);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // The test ends.
            }
        }
    }

    private bool IsOfAuthority(X509Certificate? shown)
    {
        if (shown is null) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var read = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        return chain.Build(read);
    }

    /// <summary>Forwards the request for versions, and requires name and password before any other request.</summary>
    /// <exception cref="IOException">They are wrong.</exception>
    private async Task AdmitAsync(Stream client, Stream server)
    {
        while (true)
        {
            var frame = await ReadAsync(client);
            var key = BinaryPrimitives.ReadInt16BigEndian(frame);
            if (key == ApiVersions)
            {
                await WriteAsync(server, frame);
                await WriteAsync(client, WithHandshake(await ReadAsync(server), version: frame[3]));
            }
            else if (key == SaslHandshake)
            {
                // The number of the request, no error, one mechanism.
                await WriteAsync(client, [.. frame.AsSpan(4, 4), 0, 0, 0, 0, 0, 1, 0, 5, .. "PLAIN"u8]);
            }
            else
            {
                var words = Encoding.UTF8.GetString(frame).Split('\0');
                if (words.Length != 3 || $"{words[1]}:{words[2]}" != login) throw new IOException("Name or password are wrong.");
                Guests.Add(words[1]);
                await WriteAsync(client, []);
                return;
            }
        }
    }

    /// <summary>Adds one request type to the list that the broker supports. The version that it supports is 0.</summary>
    private static byte[] WithHandshake(byte[] list, int version)
    {
        if (version != 0) return list;
        var count = list.AsSpan(6, 4);
        BinaryPrimitives.WriteInt32BigEndian(count, BinaryPrimitives.ReadInt32BigEndian(count) + 1);
        return [.. list, 0, SaslHandshake, 0, 0, 0, 0];
    }

    private async Task PassAsync(Stream from, Stream to, bool answers)
    {
        while (true)
        {
            var frame = await ReadAsync(from);
            if (answers) PutPort(frame);
            if (!answers || !isMute) await WriteAsync(to, frame);
        }
    }

    /// <summary>Replaces the broker's port after each occurrence of its host.</summary>
    private void PutPort(byte[] frame)
    {
        Span<byte> address = stackalloc byte[13];
        "127.0.0.1"u8.CopyTo(address);
        BinaryPrimitives.WriteInt32BigEndian(address[9..], broker);
        for (int at = 0, found; (found = frame.AsSpan(at).IndexOf(address)) >= 0; at += found + address.Length)
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(at + found + 9), Port);
    }

    private async Task<byte[]> ReadAsync(Stream stream)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, ending.Token);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(frame, ending.Token);
        return frame;
    }

    private async Task WriteAsync(Stream stream, byte[] frame)
    {
        var whole = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(whole, frame.Length);
        frame.CopyTo(whole, 4);
        await stream.WriteAsync(whole, ending.Token);
    }
}
