using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// One client. Three loops around a session: read and hand to the reception (waiting for it is what slows the client down), wait for
/// what becomes of it, write. A stalled engine stops the first and second, not the third.
/// </summary>
internal sealed class IngestConnection
{
    private const int MaxLinger = 1 << 20;
    private const int WriteBytes = 16 * 1024;
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(5);

    private readonly Socket socket;
    private readonly Reception reception;
    private readonly IngestOptions options;
    private readonly TimeProvider time;
    private readonly IngestSession session;
    private readonly Lock gate = new(); // guards the session and the fields that say so
    private readonly CancellationTokenSource reading = new();
    private readonly CancellationTokenSource aborting = new();
    private readonly InFlightBudget budget;
    private readonly Channel<(IngestBatch Batch, Task<IngestResult> Task)> handedOver =
        Channel.CreateUnbounded<(IngestBatch, Task<IngestResult>)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ArrayBufferWriter<byte> output = new(256);
    private readonly DateTimeOffset since;
    private readonly EndPoint? remote;
    private readonly string peer;
    private readonly Action<IngestConnection, Source, long> onHello;

    // Guarded by the gate.
    private long lastByte;
    private long lastBeat;
    private long partialSince;
    private long partialPiece = -1;
    private long errorSince;
    private bool isWaitingForBytes;
    private bool isBeatDue;
    private bool isOutputFull;
    private long fullSince;
    private TaskCompletionSource? answersTaken;

    private long bytesIn;
    private long bytesOut;

    public IngestConnection(
        long number, Socket socket, Reception reception, IngestOptions options, TimeProvider time, SymbolTable symbols, SourceTable sources,
        Action<IngestConnection, Source, long> onHello)
    {
        this.onHello = onHello;
        Number = number;
        this.socket = socket;
        this.reception = reception;
        this.options = options;
        this.time = time;
        session = new IngestSession(options, symbols, sources);
        budget = new InFlightBudget(options.MaxRecordsInFlight);
        since = time.GetUtcNow();
        lastByte = lastBeat = time.GetTimestamp();
        remote = socket.RemoteEndPoint;
        peer = remote?.ToString() ?? "";
    }

    public long Number { get; }

    /// <summary>For whom it speaks; null before a hello, or without. Written by its own loop.</summary>
    public (Source Source, long Epoch)? Speaker { get; private set; }

    public ConnectionStatus Status
    {
        get
        {
            lock (gate)
            {
                return new ConnectionStatus(
                    Number, remote, session.Source, since, bytesIn, bytesOut, session.Records, session.Rejected, session.Acks, session.InFlight,
                    session.Error);
            }
        }
    }

    /// <summary>Serves the client until one side ends it. Never throws.</summary>
    public async Task RunAsync()
    {
        using var plain = new NetworkStream(socket, ownsSocket: true);
        await using Stream? stream = options.Tls is { } tls ? await ShakeHandsAsync(plain, tls).ConfigureAwait(false) : plain;
        if (stream is null) return;
        var settling = SettleAsync();
        var writing = WriteAsync(stream);
        await ReadAsync(stream).ConfigureAwait(false);
        handedOver.Writer.Complete();

        // A vanished client is not waited for, but its batches keep their memory until the engine is done with them.
        await writing.ConfigureAwait(false);
        await LingerAsync(stream).ConfigureAwait(false);
        _ = settling;
    }

    /// <summary>Reads no more, answers what it has, says why, and closes.</summary>
    public void Stop(IngestError error)
    {
        lock (gate) session.Fail(error);
        reading.Cancel();
        Signal();
    }

    /// <summary>Closes at once.</summary>
    public void Abort()
    {
        lock (gate) Mute();
        reading.Cancel();
        aborting.Cancel();
        Signal();
    }

    /// <summary>Looks at the clock: heartbeats, and clients that keep the server waiting.</summary>
    public void Tick()
    {
        IngestError? error = null;
        var isOver = false;
        bool isBeatComing;
        var now = time.GetTimestamp();
        lock (gate)
        {
            if (session.Error is not null)
            {
                // It was told why; one that does not read it is not waited for.
                if ((session.InFlight > 0 && !isOutputFull) || errorSince == 0) errorSince = now;
                isOver = time.GetElapsedTime(isOutputFull ? Math.Max(errorSince, fullSince) : errorSince, now) >= LingerTime;
            }

            if (session.Source is not null && time.GetElapsedTime(lastBeat, now) >= options.Heartbeat)
            {
                lastBeat = now;
                isBeatDue = true;
            }

            isBeatComing = isBeatDue;

            // Of those who send too little, only while bytes are asked for: one whom the engine keeps waiting is not to blame.
            if (session.Error is null && isOutputFull && time.GetElapsedTime(fullSince, now) >= options.ReaderTimeout)
            {
                error = new IngestError(IngestError.SlowReader, $"no answer was read for {options.ReaderTimeout}");
                Mute();
            }
            else if (isWaitingForBytes && partialPiece >= 0 && time.GetElapsedTime(partialSince, now) >= options.PartialTimeout)
                error = new IngestError(IngestError.TooSlow, $"a line or frame did not end within {options.PartialTimeout}");
            else if (isWaitingForBytes && time.GetElapsedTime(lastByte, now) >= options.IdleTimeout)
                error = new IngestError(IngestError.Idle, $"nothing came for {options.IdleTimeout}");
        }

        if (isOver) Abort();
        else if (error is not null) Stop(error);
        else if (isBeatComing) Signal();
    }

    /// <summary>Encrypts the connection; null where that does not come about.</summary>
    private async Task<SslStream?> ShakeHandsAsync(NetworkStream plain, CertificateFile tls)
    {
        var stream = new SslStream(plain, leaveInnerStreamOpen: true);
        try
        {
            using var patience = new CancellationTokenSource(tls.Options.HandshakeTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, reading.Token);
            await stream.AuthenticateAsServerAsync(tls.ServerOptions(), either.Token).ConfigureAwait(false);
            if (stream.RemoteCertificate is X509Certificate2 shown && options.Access is { } access)
            {
                lock (gate) session.Certified = access.Authenticate(shown);
            }

            return stream;
        }
        catch (Exception e)
        {
            // Whatever a stranger's bytes do to a handshake, it is his connection alone that ends.
            var why = e is OperationCanceledException ? $"no handshake within {tls.Options.HandshakeTimeout}" : e.Message;
            lock (gate) session.Fail(new IngestError(IngestError.TlsFailed, why));
            await stream.DisposeAsync().ConfigureAwait(false);
            return null;
        }
    }

    private async Task ReadAsync(Stream stream)
    {
        var reader = new ConnectionReader(socket, stream);
        var batch = new IngestBatch();
        try
        {
            while (true)
            {
                WaitForBytes();
                var bytes = await reader.ReadAsync(reading.Token).ConfigureAwait(false);
                GotBytes(bytes.Length);
                var hasError = false;
                for (var used = 0; used < bytes.Length && !hasError;)
                {
                    lock (gate)
                    {
                        used += session.Read(bytes.Span[used..], batch);
                        hasError = session.Error is not null;
                    }

                    if (session.Source is { } source && Speaker is null)
                    {
                        Speaker = (source, session.Epoch);
                        onHello(this, source, session.Epoch);
                    }

                    if (session.IsFull(batch)) batch = await HandOverAsync(batch).ConfigureAwait(false);
                }

                var isEnd = bytes.IsEmpty;
                if (isEnd && !hasError)
                {
                    lock (gate) session.End(batch);
                }

                // What has come already goes along: a batch costs more than a record.
                if (!batch.IsEmpty && (isEnd || hasError || !reader.HasMore)) batch = await HandOverAsync(batch).ConfigureAwait(false);
                Signal(); // the answer to a hello
                if (isEnd || hasError) break;
            }
        }
        catch (EngineStoppedException e)
        {
            Fail(new IngestError(IngestError.EngineStopped, e.Message));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or is being closed by one who has said why. What it did not finish is dropped.
        }
        catch (Exception e)
        {
            Fail(new IngestError(IngestError.Internal, e.Message)); // one connection's fault is its own
        }

        lock (gate) isWaitingForBytes = false;
        reader.Release();
    }

    private async ValueTask<IngestBatch> HandOverAsync(IngestBatch batch)
    {
        lock (gate)
        {
            // After a batch that the engine lost comes none: the seqs after it would make its resend look like duplicates.
            if (session.Error is { Code: IngestError.EngineStopped or IngestError.Internal } error) throw new EngineStoppedException(error.Message);
            session.RenewGrant();
            if (session.Error is { Code: IngestError.NotAllowed }) throw new OperationCanceledException();
            session.Begin(batch);
        }

        await budget.EnterAsync(batch.Weight, aborting.Token).ConfigureAwait(false);
        var sender = new Sender("tcp", peer, session.Source ?? Source.Anonymous, session.Grant);
        var task = await reception.SubmitAsync(batch.Records, batch.Unreadable, sender, aborting.Token).ConfigureAwait(false);
        handedOver.Writer.TryWrite((batch, task));
        return new IngestBatch();
    }

    private async Task SettleAsync()
    {
        await foreach (var (batch, task) in handedOver.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            var weight = batch.Weight; // while it has its records
            try
            {
                var result = await task.ConfigureAwait(false);
                await AnswersTakenAsync().ConfigureAwait(false);
                bool isOver;
                lock (gate)
                {
                    session.Complete(batch, result);
                    isOver = session.Error is not null;
                }

                if (isOver) reading.Cancel();
                Signal();
            }
            catch (Exception e)
            {
                // What became of it is not known: no ack, and the client sends it again.
                Fail(new IngestError(e is EngineStoppedException ? IngestError.EngineStopped : IngestError.Internal, e.Message));
                batch.Release();
            }

            budget.Leave(weight);
        }

        // Where the engine refused a batch, nothing after it will be answered.
        lock (gate) session.Abandon();
        news.Writer.TryComplete();
    }

    private async Task WriteAsync(Stream stream)
    {
        try
        {
            while (await news.Reader.WaitToReadAsync(aborting.Token).ConfigureAwait(false))
            {
                news.Reader.TryRead(out _);
                await FlushAsync(stream).ConfigureAwait(false);
            }

            await FlushAsync(stream).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Abort(); // nobody is there to read
            socket.Dispose();
        }
    }

    private async ValueTask FlushAsync(Stream stream)
    {
        lock (gate)
        {
            session.WriteOutput(output);
            if (isBeatDue && session.Error is null) IngestReply.Heartbeat(output, time.GetUtcNow());
            isBeatDue = false;
            if (session.PendingAnswers == 0) answersTaken?.TrySetResult();
        }

        for (var rest = output.WrittenMemory; !rest.IsEmpty;)
        {
            var some = rest[..Math.Min(rest.Length, WriteBytes)]; // so that one who reads slowly is seen to read
            rest = rest[some.Length..];
            var writing = stream.WriteAsync(some, aborting.Token);
            if (!writing.IsCompleted)
            {
                lock (gate) (isOutputFull, fullSince) = (true, time.GetTimestamp());
            }

            await writing.ConfigureAwait(false);
            Interlocked.Add(ref bytesOut, some.Length);
        }

        lock (gate) isOutputFull = false;
        output.ResetWrittenCount();
    }

    /// <summary>
    /// Waits until the answers are few enough for more. So a client that is slow to read is slowed down in sending too: its batches stay in
    /// flight, which are bounded.
    /// </summary>
    private Task AnswersTakenAsync()
    {
        lock (gate)
        {
            if (session.PendingAnswers <= options.MaxPendingOutput) return Task.CompletedTask;
            answersTaken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return answersTaken.Task;
        }
    }

    /// <summary>Nobody reads: nothing waits for that any more. Within the gate.</summary>
    private void Mute()
    {
        session.Mute();
        answersTaken?.TrySetResult();
    }

    /// <summary>Closing with bytes unread would destroy the last line on its way to the client: so it gets some time to read it and close.</summary>
    private async Task LingerAsync(Stream stream)
    {
        if (aborting.IsCancellationRequested || Status.Error is null) return;
        try
        {
            using var patience = new CancellationTokenSource(LingerTime, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, aborting.Token);
            if (stream is SslStream encrypted) await encrypted.ShutdownAsync().WaitAsync(either.Token).ConfigureAwait(false); // so that the end cannot be taken for a cut
            socket.Shutdown(SocketShutdown.Send);
            var discarded = new byte[4096];
            for (int total = 0, read; total < MaxLinger && (read = await stream.ReadAsync(discarded, either.Token).ConfigureAwait(false)) > 0;)
                total += read;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It is closed all the same.
        }
    }

    private void WaitForBytes()
    {
        lock (gate)
        {
            isWaitingForBytes = true;
            if (!session.IsWithinPiece)
            {
                partialPiece = -1;
            }
            else if (partialPiece != session.PiecesEnded)
            {
                partialPiece = session.PiecesEnded;
                partialSince = time.GetTimestamp();
            }
        }
    }

    private void GotBytes(long count)
    {
        lock (gate)
        {
            isWaitingForBytes = false;
            if (count == 0) return;
            bytesIn += count;
            lastByte = time.GetTimestamp();
        }
    }

    private void Fail(IngestError error)
    {
        lock (gate) session.Fail(error);
        reading.Cancel();
        Signal();
    }

    private void Signal() => news.Writer.TryWrite(true);
}
