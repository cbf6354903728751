using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace ActorTrading.Engine.Ingest.Connections;

/// <summary>
/// The socket of a client, with TLS if the options demand it. Reads into a pooled buffer, which is held only while bytes arrive: ten
/// thousand idle connections hold none.
/// </summary>
/// <param name="stream">Replaces the stream of the socket, for tests; null: none.</param>
internal sealed class ClientSocket(Socket socket, IngestOptions options, TimeProvider time, Stream? stream = null) : IAsyncDisposable
{
    private const int BufferBytes = 128 * 1024;
    private const int MaxLinger = 1 << 20;
    private static readonly TimeSpan HandshakeGrace = TimeSpan.FromSeconds(1); // for many legitimate clients that connect at once

    private readonly long begun = time.GetTimestamp();
    private byte[] buffer = [];
    private volatile bool isShakingHands = options.Tls is not null;
    private volatile bool isClientAwaited = true; // also true for a connection that is not served yet

    /// <summary>The address of the client; null if unknown.</summary>
    public EndPoint? Remote { get; } = socket.RemoteEndPoint;

    /// <summary>The open stream, to write to.</summary>
    public Stream Stream => stream!;

    /// <summary>The certificate that the client has shown; null: none.</summary>
    public X509Certificate2? Certificate => (stream as SslStream)?.RemoteCertificate as X509Certificate2;

    /// <summary>Whether more bytes can be read without waiting. Always false if the stream is not the plain socket (TLS).</summary>
    public bool HasMore => stream is NetworkStream && socket.Available > 0;

    /// <summary>Whether the client is awaited, and has sent nothing that is not read. Thread-safe, takes no lock.</summary>
    public bool IsSilent
    {
        get
        {
            try
            {
                return isShakingHands ? time.GetElapsedTime(begun) >= HandshakeGrace : isClientAwaited && socket.Available == 0;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>Opens the stream, with the TLS handshake. Returns the error if the handshake fails.</summary>
    public async Task<IngestError?> OpenAsync(CancellationToken cancellation)
    {
        if (stream is not null) return null;
        var plain = new NetworkStream(socket, ownsSocket: true);
        stream = plain;
        if (options.Tls is not { } tls) return null;
        var encrypted = new SslStream(plain);
        stream = encrypted;
        try
        {
            using var patience = new CancellationTokenSource(tls.Options.HandshakeTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
            await encrypted.AuthenticateAsServerAsync(tls.ServerOptions(), either.Token).ConfigureAwait(false);
            isShakingHands = false;
            return null;
        }
        catch (Exception e)
        {
            // Any failure of a handshake ends only that client's connection.
            var why = e is OperationCanceledException ? $"no handshake within {tls.Options.HandshakeTimeout}" : e.Message;
            return new IngestError(IngestError.TlsFailed, why);
        }
    }

    /// <summary>The next bytes, valid until the next call; empty at the end of the stream.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        isClientAwaited = true;
        try
        {
            if (!HasMore)
            {
                Release();
                await Stream.ReadAsync(Memory<byte>.Empty, cancellation).ConfigureAwait(false);
            }

            if (buffer.Length == 0) buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
            return buffer.AsMemory(0, await Stream.ReadAsync(buffer, cancellation).ConfigureAwait(false));
        }
        finally
        {
            isClientAwaited = false;
        }
    }

    /// <summary>Returns the buffer to the pool. Call it when the bytes are no longer read.</summary>
    public void Release()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    /// <summary>
    /// Waits before closing: closing a socket with unread bytes would destroy the last line on its way to the client. The client gets some
    /// time to read it and close.
    /// </summary>
    public async Task LingerAsync(CancellationToken cancellation)
    {
        isClientAwaited = true;
        try
        {
            using var patience = new CancellationTokenSource(ConnectionClock.LingerTime, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
            // The TLS close notification: without it the end would look like a truncation.
            if (stream is SslStream encrypted) await encrypted.ShutdownAsync().WaitAsync(either.Token).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
            var discarded = new byte[4096];
            for (int total = 0, read;
                total < MaxLinger && (read = await Stream.ReadAsync(discarded, either.Token).ConfigureAwait(false)) > 0;)
                total += read;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is closed in any case.
        }
    }

    /// <summary>Closes the socket at once: the client has gone.</summary>
    public void Close() => socket.Dispose();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
        socket.Dispose();
    }
}
