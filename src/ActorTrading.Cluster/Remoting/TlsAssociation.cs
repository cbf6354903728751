using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Security;
using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// A connection to another node. Each message goes behind its length, four bytes with the least first. What is to be sent while a write is under way
/// goes along in the next one. Holds a bounded number of bytes, and takes nothing beyond it until there is room. Safe for any number of threads.
/// </summary>
internal sealed class TlsAssociation(Address local, Address remote, SslStream stream, int maxFrame) : AssociationHandle(local, remote)
{
    private const int Header = sizeof(int);
    private const int MostWaiting = 8 << 20;
    private const int KeptBuffer = 1 << 20;
    private const int ReadAtOnce = 64 << 10;

    // Akka wraps a message whose size it has checked once more.
    private const int Wrapping = 4 << 10;

    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(2);

    private readonly Lock sync = new();
    private readonly SemaphoreSlim wake = new(0);
    private readonly CancellationTokenSource over = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrayBufferWriter<byte> waiting = new();
    private ArrayBufferWriter<byte> sending = new();
    private bool isAwake;
    private bool isClosing;

    /// <inheritdoc/>
    public override bool Write(ByteString payload)
    {
        lock (sync)
        {
            if (isClosing || waiting.WrittenCount >= MostWaiting) return false;
            var to = waiting.GetSpan(Header + payload.Length);
            BinaryPrimitives.WriteInt32LittleEndian(to, payload.Length);
            payload.Span.CopyTo(to[Header..]);
            waiting.Advance(Header + payload.Length);
            Wake();
            return true;
        }
    }

    /// <summary>Sends what is waiting, then closes.</summary>
    [Obsolete("As Akka.NET has it: the other form tells why.")]
    public override void Disassociate() => _ = CloseAsync();

    /// <summary>Sends what is waiting, if that takes no longer than two seconds; completes when the connection is closed.</summary>
    public Task CloseAsync()
    {
        lock (sync)
        {
            if (!isClosing)
            {
                isClosing = true;
                over.CancelAfter(LastWrite);
                Wake();
            }
        }

        return ended.Task;
    }

    /// <summary>Carries messages until the connection is closed, from here or there.</summary>
    public async Task RunAsync()
    {
        var reading = ReadAsync();
        await Task.WhenAny(WriteAsync(), reading).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await stream.DisposeAsync().ConfigureAwait(false);
        ended.TrySetResult();
        await reading.ConfigureAwait(false);
        over.Dispose();
    }

    private void Wake()
    {
        if (isAwake) return;
        isAwake = true;
        wake.Release();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                await wake.WaitAsync(over.Token).ConfigureAwait(false);
                bool isLast;
                lock (sync)
                {
                    isAwake = false;
                    (waiting, sending) = (sending, waiting);
                    isLast = isClosing;
                }

                if (sending.WrittenCount > 0) await stream.WriteAsync(sending.WrittenMemory, over.Token).ConfigureAwait(false);
                if (isLast)
                {
                    await stream.ShutdownAsync().ConfigureAwait(false);
                    return;
                }

                if (sending.Capacity > KeptBuffer) sending = new ArrayBufferWriter<byte>();
                else sending.ResetWrittenCount();
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // The one that reads says so.
        }
    }

    private async Task ReadAsync()
    {
        var to = default(IHandleEventListener);
        try
        {
            to = await ReadHandlerSource.Task.WaitAsync(over.Token).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadAtOnce, leaveOpen: true));
            while (true)
            {
                var read = await reader.ReadAsync(over.Token).ConfigureAwait(false);
                var bytes = read.Buffer;
                while (TryTake(ref bytes, out var message)) to.Notify(new InboundPayload(message));
                reader.AdvanceTo(bytes.Start, bytes.End);
                if (read.IsCompleted) break;
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // So it ends.
        }

        lock (sync) isClosing = true;
        to?.Notify(new Disassociated(DisassociateInfo.Unknown));
    }

    private static bool IsEnd(Exception e) => e is IOException or OperationCanceledException or ObjectDisposedException or InvalidDataException or InvalidOperationException;

    /// <exception cref="InvalidDataException">A length is none that was ever sent.</exception>
    private bool TryTake(ref ReadOnlySequence<byte> bytes, out ByteString message)
    {
        message = ByteString.Empty;
        if (bytes.Length < Header) return false;
        Span<byte> header = stackalloc byte[Header];
        bytes.Slice(0, Header).CopyTo(header);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length < 0 || length > maxFrame + Wrapping) throw new InvalidDataException($"A message of {length} bytes.");
        if (bytes.Length < Header + length) return false;
        message = UnsafeByteOperations.UnsafeWrap(bytes.Slice(Header, length).ToArray()); // ours alone, and never changed
        bytes = bytes.Slice(Header + length);
        return true;
    }
}
