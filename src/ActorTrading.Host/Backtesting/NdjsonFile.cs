using System.Buffers;

namespace ActorTrading.Host.Backtesting;

/// <summary>Writes one JSON object per line, buffered. Not thread-safe.</summary>
internal sealed class NdjsonFile(Stream stream) : IDisposable
{
    private const int FlushAt = 1 << 16;

    private readonly ArrayBufferWriter<byte> buffer = new(FlushAt * 2);

    /// <summary>Writes a line; the delegate writes the object.</summary>
    public void Line<T>(T value, Action<T, IBufferWriter<byte>> write)
    {
        write(value, buffer);
        buffer.Write("\n"u8);
        if (buffer.WrittenCount >= FlushAt) Flush();
    }

    public void Dispose()
    {
        Flush();
        stream.Dispose();
    }

    private void Flush()
    {
        stream.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
    }
}
