using System.Buffers;
using System.Net.Sockets;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Reads the bytes of a connection into a pooled buffer, which it holds only while bytes come: ten thousand idle connections hold none.
/// </summary>
internal sealed class ConnectionReader(Socket socket, Stream stream)
{
    private const int BufferBytes = 128 * 1024;

    private byte[] buffer = [];

    /// <summary>Whether more can be had without waiting. Never so on a stream that is not the socket's own bytes.</summary>
    public bool HasMore => stream is NetworkStream && socket.Available > 0;

    /// <summary>The next bytes, there until the next call; none at the end of the stream.</summary>
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

    /// <summary>Gives the buffer back.</summary>
    public void Release()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }
}
