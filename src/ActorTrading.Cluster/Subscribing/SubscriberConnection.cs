using System.Buffers.Binary;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>A subscriber's connection to a node. Any thread may send; one thread reads.</summary>
internal sealed class SubscriberConnection(Stream stream, string address) : IAsyncDisposable
{
    private const int MostFrame = 16 << 20;
    private const long ToldAfter = 256 * 1024;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim sending = new(1);
    private readonly byte[] header = new byte[sizeof(int)];
    private ITimer? beat;
    private long taken;
    private long told;

    /// <summary>Local endpoint, as HOST:PORT.</summary>
    public string Address => address;

    /// <summary>Sends a message. If the connection fails, the message is lost.</summary>
    public async Task SendAsync(object message, CancellationToken cancellation)
    {
        var frame = SubscriberFrames.Write(message);
        var bytes = new byte[sizeof(int) + frame.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, frame.Length);
        frame.CopyTo(bytes, sizeof(int));
        await sending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(bytes, CancellationToken.None).ConfigureAwait(false); // a partial frame would corrupt the stream
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The reader detects the failure.
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Reads the next message.</summary>
    /// <exception cref="IOException">The connection is closed.</exception>
    /// <exception cref="InvalidDataException">The frame is invalid.</exception>
    public async Task<object> ReadAsync(CancellationToken cancellation)
    {
        await stream.ReadExactlyAsync(header, cancellation).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is < 1 or > MostFrame) throw new InvalidDataException($"a frame of {length} bytes");
        var frame = new byte[length];
        await stream.ReadExactlyAsync(frame, cancellation).ConfigureAwait(false);
        if (!SubscriberFrames.TryRead(frame, out var message)) throw new InvalidDataException("an unknown frame");
        if (message is not SubscriberAnswer) Interlocked.Add(ref taken, length); // the session counts its frames after the answer
        return message;
    }

    /// <summary>
    /// Starts a heartbeat that reports every second how many bytes were read. Under TLS, a message that the node has received
    /// sometimes waits for the next one; the heartbeat is that next message.
    /// </summary>
    public void Begin() => beat = TimeProvider.System.CreateTimer(_ => _ = TellAsync(CancellationToken.None), null, Beat / 2, Beat);

    /// <summary>Reads messages until the node closes the connection or is silent for 10 s.</summary>
    public async Task ServeAsync(Action<object> take, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        while (true)
        {
            end.CancelAfter(Silence);
            take(await ReadAsync(end.Token).ConfigureAwait(false));
            if (taken - told >= ToldAfter) await TellAsync(end.Token).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync()
    {
        beat?.Dispose();
        return stream.DisposeAsync(); // `sending` has no handle to release
    }

    private async Task TellAsync(CancellationToken cancellation)
    {
        try
        {
            var now = Interlocked.Read(ref taken);
            told = now;
            await SendAsync(new Heartbeat(now), cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The connection is closing.
        }
    }
}
