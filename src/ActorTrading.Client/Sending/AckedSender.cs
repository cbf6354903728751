using System.Buffers;
using System.Net.Sockets;

namespace ActorTrading.Client.Sending;

/// <summary>
/// Sends items to an ingest port exactly once, across reconnects. Keeps unacknowledged items in a bounded window and sends them again after
/// a reconnect. One sender at a time; not thread-safe otherwise.
/// </summary>
internal sealed class AckedSender<T> : IAsyncDisposable
{
    private const int ChunkItems = 2_048; // sent in one write

    private readonly SenderOptions options;
    private readonly Func<IBufferWriter<byte>, IItemWriter<T>> begin;
    private readonly Lock gate = new(); // guards the window and the counts
    private readonly SendWindow<T> window;
    private readonly CancellationTokenSource disposing = new();
    private readonly Task running;
    private TaskCompletionSource changed = NewSignal();
    private Exception? failure;
    private long sendNext; // the position of the next item to send on this connection
    private long sent;
    private long connections;
    private long rejected;

    /// <summary>Starts to connect.</summary>
    /// <param name="begin">Creates the writer of a connection's items over its buffer.</param>
    public AckedSender(SenderOptions options, Func<IBufferWriter<byte>, IItemWriter<T>> begin)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Window, 1, "Window");
        this.options = options;
        this.begin = begin;
        window = new SendWindow<T>(options.Window);
        running = Task.Run(RunAsync);
    }

    /// <summary>The counters so far.</summary>
    public FeedStatus Status
    {
        get
        {
            lock (gate) return new FeedStatus(window.Next, sent, window.First, connections, rejected);
        }
    }

    /// <summary>Adds items to the window, in order; waits while the window is full. The items are copied.</summary>
    /// <param name="prepare">Converts each item to the form that is kept and sent; called once for each item, in order.</param>
    /// <exception cref="FeedRefusedException">The server permanently refuses this client.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<T> items, Func<T, T> prepare, CancellationToken cancellation)
    {
        if (items.IsEmpty) return;
        var at = options.Time.GetTimestamp();
        for (var taken = 0; ;)
        {
            Task change;
            lock (gate)
            {
                ThrowIfOver();
                for (var room = window.Room; taken < items.Length && room > 0; room--) window.Add(prepare(items.Span[taken++]));
                if (taken == items.Length) window.Mark(at);
                Announce();
                if (taken == items.Length) return;
                change = changed.Task;
            }

            await change.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until all items are acknowledged.</summary>
    /// <exception cref="FeedRefusedException">The server permanently refuses this client.</exception>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task change;
            lock (gate)
            {
                if (window.First == window.Next) return;
                ThrowIfOver();
                change = changed.Task;
            }

            await change.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the connection. Unacknowledged items are lost: call <c>FlushAsync</c> before to wait for them.</summary>
    public async ValueTask DisposeAsync()
    {
        await disposing.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void ThrowIfOver()
    {
        if (failure is FeedRefusedException refused) throw new FeedRefusedException(refused.Code, refused.Detail);
        if (failure is not null) throw new InvalidOperationException("The client has failed.", failure);
        ObjectDisposedException.ThrowIf(disposing.IsCancellationRequested, this);
    }

    /// <summary>Wakes the calls that wait for space or for acknowledgements. Call it under the gate.</summary>
    private void Announce()
    {
        changed.SetResult();
        changed = NewSignal();
    }

    private async Task RunAsync()
    {
        var wait = options.FirstBackOff;
        try
        {
            while (!disposing.IsCancellationRequested)
            {
                var before = Status.Acknowledged;
                var why = await ServeAsync().ConfigureAwait(false);
                options.OnDisconnect?.Invoke(why);
                if (Status.Acknowledged > before) wait = options.FirstBackOff;
                await Task.Delay(wait, options.Time, disposing.Token).ConfigureAwait(false);
                wait = wait * 2 < options.MaxBackOff ? wait * 2 : options.MaxBackOff;
            }
        }
        catch (OperationCanceledException) when (disposing.IsCancellationRequested)
        {
            // Expected.
        }
        catch (Exception e)
        {
            lock (gate) failure = e;
        }

        lock (gate) Announce();
    }

    /// <summary>Runs one connection, from its hello to its end; returns the reason of its end.</summary>
    private async Task<string> ServeAsync()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(disposing.Token);
        try
        {
            await using var stream = await options.Connect(ending.Token).ConfigureAwait(false);
            long origin;
            lock (gate)
            {
                connections++;
                origin = sendNext = window.First;
            }

            var writing = WriteAsync(stream, ending.Token);
            var reading = ReadAsync(stream, origin, ending.Token);
            var first = await Task.WhenAny(writing, reading).ConfigureAwait(false);

            // If the server closes the connection, writing may fail before its last line is read; that line contains the reason.
            if (first == writing)
                await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1), options.Time, ending.Token)).ConfigureAwait(false);
            await ending.CancelAsync().ConfigureAwait(false);
            var ends = await Task.WhenAll(Outcome(reading), Outcome(writing)).ConfigureAwait(false);
            var end = ends[0] is OperationCanceledException ? ends[1] : ends[0];
            if (ends[0] is FeedRefusedException refused) throw refused;
            return end.Message;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return e.Message;
        }
    }

    private static async Task<Exception> Outcome(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
            return new IOException("The connection is closed.");
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or InvalidDataException or FeedRefusedException)
        {
            return e;
        }
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellation)
    {
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        output.Write(options.Hello.Span);
        var writer = begin(output);
        writer.Flush();
        while (true)
        {
            Task? change = null;
            long next, end;
            lock (gate)
            {
                (next, end) = (sendNext, Math.Min(window.Next, sendNext + ChunkItems));
                if (next == end) change = changed.Task;
            }

            // Unsent items are unacknowledged, so they stay unchanged in the window while other threads add and acknowledge items.
            for (var position = next; position < end; position++) writer.Write(window[position]);

            lock (gate)
            {
                sendNext = end;
                sent += end - next;
            }

            writer.Flush();
            if (output.WrittenCount > 0) await stream.WriteAsync(output.WrittenMemory, cancellation).ConfigureAwait(false);
            output.ResetWrittenCount();
            if (change is not null) await change.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(Stream stream, long origin, CancellationToken cancellation)
    {
        var lines = new ReplyLines();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            using var silence = new CancellationTokenSource(options.Silence, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
            int read;
            try
            {
                read = await stream.ReadAsync(buffer, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (silence.IsCancellationRequested)
            {
                throw new IOException($"The server sent nothing for {options.Silence}.");
            }

            if (read == 0) throw new IOException("The server has closed the connection.");
            Take(lines, buffer.AsSpan(0, read), origin);
        }
    }

    private void Take(ReplyLines lines, ReadOnlySpan<byte> bytes, long origin)
    {
        while (lines.TryTake(ref bytes, out var line))
        {
            var reply = ServerReply.Parse(line);
            switch (reply.Kind)
            {
                case ServerReplyKind.Ack:
                    Acknowledge(origin + reply.Handled);
                    break;
                case ServerReplyKind.Reject:
                    lock (gate) rejected++;
                    options.OnReject?.Invoke(reply.Text);
                    break;
                case ServerReplyKind.Error when ServerReply.IsFinal(reply.Code):
                    throw new FeedRefusedException(reply.Code, reply.Text);
                case ServerReplyKind.Error:
                    throw new IOException($"{reply.Code}: {reply.Text}");
            }
        }
    }

    private void Acknowledge(long position)
    {
        lock (gate)
        {
            if (position > sendNext) throw new InvalidDataException("The server acknowledged records that were not sent.");
            window.AdvanceTo(position);
            if (options.OnLatency is { } heard)
            {
                while (window.TryTakeMark(out var at)) heard(options.Time.GetElapsedTime(at));
            }
            else
            {
                while (window.TryTakeMark(out _))
                {
                }
            }

            Announce();
        }
    }
}
