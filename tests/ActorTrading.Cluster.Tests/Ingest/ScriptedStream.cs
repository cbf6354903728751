namespace ActorTrading.Cluster.Tests.Ingest;

/// <summary>
/// A client's stream that gives parts as a test has cut them, and then ends, fails or waits; what is written to it is kept.
/// </summary>
internal sealed class ScriptedStream(IEnumerable<ReadOnlyMemory<byte>> parts, Exception? failure = null) : Stream
{
    private readonly IEnumerator<ReadOnlyMemory<byte>> parts = parts.GetEnumerator();
    private readonly MemoryStream written = new();
    private readonly Lock gate = new();
    private ReadOnlyMemory<byte> rest;
    private long given;

    /// <summary>Bytes that were read from it.</summary>
    public long Given => Interlocked.Read(ref given);

    /// <summary>Fails each write; null: they succeed.</summary>
    public Exception? WriteFailure { get; init; }

    /// <summary>Whether its client reads nothing: writes wait.</summary>
    public bool IsStuck { get; init; }

    /// <summary>What was written.</summary>
    public string Written
    {
        get
        {
            lock (gate) return System.Text.Encoding.UTF8.GetString(written.ToArray());
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        if (buffer.IsEmpty) return 0; // only whether there is something
        if (rest.IsEmpty && parts.MoveNext()) rest = parts.Current;
        if (rest.IsEmpty && failure is not null) throw failure;
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        rest = rest[count..];
        Interlocked.Add(ref given, count);
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        if (WriteFailure is not null) throw WriteFailure;
        if (IsStuck) await Task.Delay(Timeout.Infinite, cancellationToken);
        lock (gate) written.Write(buffer.Span);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
