using System.Buffers.Binary;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>A connection of a subscriber to a node. Messages are sent by any thread, and read by one.</summary>
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

    /// <summary>This side of it, as HOST:PORT.</summary>
    public string Address => address;

    /// <summary>Sends a message; one that cannot be sent is lost with the connection.</summary>
    public async Task SendAsync(object message, CancellationToken cancellation)
    {
        var frame = SubscriberFrames.Write(message);
        var bytes = new byte[sizeof(int) + frame.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, frame.Length);
        frame.CopyTo(bytes, sizeof(int));
        await sending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(bytes, CancellationToken.None).ConfigureAwait(false); // a frame that is half sent would spoil the rest
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Its reader hears of it.
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>The next message.</summary>
    /// <exception cref="IOException">The connection has ended.</exception>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public async Task<object> ReadAsync(CancellationToken cancellation)
    {
        await stream.ReadExactlyAsync(header, cancellation).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is < 1 or > MostFrame) throw new InvalidDataException($"a frame of {length} bytes");
        var frame = new byte[length];
        await stream.ReadExactlyAsync(frame, cancellation).ConfigureAwait(false);
        if (!SubscriberFrames.TryRead(frame, out var message)) throw new InvalidDataException("a frame that is not known here");
        if (message is not SubscriberAnswer) Interlocked.Add(ref taken, length); // which the session counts from its first frame on
        return message;
    }

    /// <summary>
    /// Tells the node every second how much was taken, from the first message on. Under TLS what a node has received
    /// sometimes waits for what comes next: this is it.
    /// </summary>
    public void Begin() => beat = TimeProvider.System.CreateTimer(_ => _ = TellAsync(CancellationToken.None), null, Beat / 2, Beat);

    /// <summary>Reads until the node ends the connection or is silent.</summary>
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
        return stream.DisposeAsync(); // `sending` has no handle to free
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
            // The connection ends.
        }
    }
}
