using System.Buffers;
using System.Net.Sockets;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Reads the bytes of a connection into a pooled buffer. The buffer is held only while bytes arrive: ten thousand idle connections hold
/// none.
/// </summary>
internal sealed class ConnectionReader(Socket socket, Stream stream)
{
    private const int BufferBytes = 128 * 1024;

    private byte[] buffer = [];

    /// <summary>Whether more bytes can be read without waiting. Always false if the stream is not the plain socket (TLS).</summary>
    public bool HasMore => stream is NetworkStream && socket.Available > 0;

    /// <summary>The next bytes, valid until the next call; empty at the end of the stream.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        if (!HasMore)
        {
            Release();
            await stream.ReadAsync(Memory<byte>.Empty, cancellation).ConfigureAwait(false);
        }

        if (buffer.Length == 0) buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        return buffer.AsMemory(0, await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false));
    }

    /// <summary>Returns the buffer to the pool.</summary>
    public void Release()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }
}
