using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Auditing;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// A client connection: its session, timers, in-flight budget and end, independent of the transport. The connection handler runs three
/// tasks: it reads and hands over batches (this wait slows the client down), settles them, and writes answers. A stalled engine must stop
/// only the first two.
/// </summary>
internal sealed class IngestConnection : IPendingConnection
{
    private const int MaxLinger = 1 << 20;
    private const int WriteBytes = 16 * 1024;
    private static readonly TimeSpan HandshakeGrace = TimeSpan.FromSeconds(1); // for many legitimate clients that connect at once

    private readonly Socket socket;
    private readonly IngestPipeline pipeline;
    private readonly IngestOptions options;
    private readonly TimeProvider time;
    private readonly IngestSession session;
    private readonly ConnectionClock clock;
    private readonly Lock gate = new(); // guards the session and the clock
    private readonly CancellationTokenSource reading = new();
    private readonly CancellationTokenSource aborting = new();
    private readonly InFlightBudget budget;
    private readonly DateTimeOffset since;
    private readonly EndPoint? remote;
    private readonly string peer;
    private readonly ConnectionEvents events;
    private TaskCompletionSource? answersTaken;
    private readonly long begun;
    private volatile bool isPeerAwaited = true; // also true for a connection that is not served yet
    private volatile bool isShakingHands;
    private volatile bool isEvicted;
    private long bytesRead;
    private long bytesIn; // those that were processed
    private long bytesOut;
    private DateTimeOffset? lastAck;
    private bool isCut; // a batch was given up: no later batch may be handed over. Used only by the hand-over loop

    public IngestConnection(long number, Socket socket, ListenerContext context)
    {
        (pipeline, options, time, events) = context;
        Number = number;
        this.socket = socket;
        session = new IngestSession(options, context.Symbols, context.Sources)
        {
            Admit = (source, epoch) => events.Admit(this, source, epoch),
        };
        clock = new ConnectionClock(session, options, time);
        budget = new InFlightBudget(options.MaxRecordsInFlight);
        since = time.GetUtcNow();
        begun = time.GetTimestamp();
        isShakingHands = options.Tls is not null;
        remote = socket.RemoteEndPoint;
        peer = remote?.ToString() ?? "";
    }

    public long Number { get; }

    /// <summary>The source and epoch of the client; null before a hello, or without one. Written by the reading loop.</summary>
    public (Source Source, long Epoch)? Speaker { get; private set; }

    /// <summary>The rights of the client; null: all rights, or not authenticated yet. Valid for an admitted connection.</summary>
    public Grant? Grant => session.Grant;

    /// <inheritdoc/>
    public IPAddress? Address => (remote as IPEndPoint)?.Address;

    /// <inheritdoc/>
    public bool IsSilent
    {
        get
        {
            try
            {
                return isShakingHands ? time.GetElapsedTime(begun) >= HandshakeGrace : isPeerAwaited && socket.Available == 0;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>Cancelled when reading must stop.</summary>
    public CancellationToken Reading => reading.Token;

    /// <summary>Cancelled when the connection must end at once.</summary>
    public CancellationToken Aborting => aborting.Token;

    /// <summary>
    /// Called, on any thread, when there is something to write, or when reading must stop. Set by the connection handler.
    /// </summary>
    public Action? OnNews { get; set; }

    public ConnectionStatus Status
    {
        get
        {
            lock (gate)
            {
                return new ConnectionStatus(
                    Number, remote, session.Source, since, bytesIn, bytesOut, session.Records, session.Rejected, session.Acks,
                    session.InFlight, session.Error)
                {
                    Lag = session.Oldest is { IsHeld: false } oldest ? time.GetElapsedTime(oldest.BegunAt) : TimeSpan.Zero,
                    AckedSeq = session.AckedSeq,
                    LastAck = lastAck,
                    Caller = session.Error is { Code: IngestError.TlsFailed } ? AuditRecord.Unknown : session.Caller,
                    Claimed = session.Source ?? session.Claimed,
                };
            }
        }
    }

    /// <summary>
    /// Whether few enough answers are pending to produce more. Otherwise batches stay in flight, and those are bounded: a client that reads
    /// slowly is slowed down in sending too.
    /// </summary>
    public bool HasRoomForAnswers
    {
        get
        {
            lock (gate) return session.PendingAnswers <= options.MaxPendingOutput;
        }
    }

    /// <summary>Serves the client until one side ends the connection. Never throws.</summary>
    public async Task RunAsync(ConnectionHandler handler)
    {
        try
        {
            using var plain = new NetworkStream(socket, ownsSocket: true);
            await using Stream? stream = options.Tls is { } tls ? await ShakeHandsAsync(plain, tls).ConfigureAwait(false) : plain;
            if (stream is null) return;
            await handler(this, stream).ConfigureAwait(false);
            isPeerAwaited = true;
            await LingerAsync(stream).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(Error(e)); // a fault stays within its connection
        }
    }

    /// <summary>Stops reading, answers the input received so far, sends the error, and closes.</summary>
    public void Stop(IngestError error) => Fail(error);

    /// <summary>Closes the connection at once.</summary>
    public void Abort()
    {
        lock (gate) Mute();
        reading.Cancel();
        aborting.Cancel();
        OnNews?.Invoke();
    }

    /// <inheritdoc/>
    public void Evict()
    {
        isEvicted = true;
        if (Status.Error is null)
            Stop(new IngestError(IngestError.TooManyConnections, "others came, and this connection had said no hello and sent no record"));
        else Abort();
    }

    /// <summary>Called when the client has gone.</summary>
    public void Drop()
    {
        Abort();
        socket.Dispose();
    }

    /// <summary>Checks the timers: heartbeats, and time limits for slow clients.</summary>
    public void Tick()
    {
        bool isOver;
        bool isBeatDue;
        IngestError? error;
        lock (gate)
        {
            (isOver, error) = clock.Look();
            isBeatDue = clock.IsBeatDue;
            if (error?.Code == IngestError.SlowReader) Mute();
        }

        if (isOver) Abort();
        else if (error is not null) Stop(error);
        else if (isBeatDue) OnNews?.Invoke();
    }

    /// <summary>Creates a reader of the connection's stream.</summary>
    public ConnectionReader NewReader(Stream stream) => new(socket, stream);

    /// <summary>The received bytes are processed; the connection waits for more.</summary>
    public void WaitForBytes()
    {
        lock (gate)
        {
            clock.WaitForBytes();
            bytesIn = bytesRead;
        }

        isPeerAwaited = true;
    }

    /// <summary>That many bytes arrived, or (0) no more will arrive.</summary>
    public void GotBytes(int count)
    {
        isPeerAwaited = false;
        lock (gate)
        {
            clock.GotBytes(count);
            bytesRead += count;
            if (count == 0) bytesIn = bytesRead;
        }
    }

    /// <summary>
    /// Parses bytes into the batch. <paramref name="used"/>: number of bytes used; fewer than given only if the batch is full or the
    /// session is over.
    /// </summary>
    /// <returns>Whether more may be read.</returns>
    public bool Read(ReadOnlySpan<byte> bytes, IngestBatch batch, out int used)
    {
        bool goesOn;
        lock (gate)
        {
            used = session.Read(bytes, batch);
            goesOn = session.Error is null;
        }

        if (Speaker is null && session.Source is { } source)
        {
            Speaker = (source, session.Epoch);
            events.OnHello(this, source, session.Epoch);
            OnNews?.Invoke(); // the answer to a hello
        }

        return goesOn;
    }

    /// <summary>Whether the batch must be handed over before more is read.</summary>
    public bool IsFull(IngestBatch batch) => session.IsFull(batch);

    /// <summary>The client has closed its stream cleanly.</summary>
    public void End(IngestBatch batch)
    {
        lock (gate) session.End(batch);
    }

    /// <summary>Marks the batch as the next to hand over, and reserves the position of its answer.</summary>
    /// <exception cref="EngineStoppedException">
    /// An earlier batch was lost. No batch may follow: its seqs would make the resend look like duplicates.
    /// </exception>
    /// <exception cref="OperationCanceledException">The client may send no more.</exception>
    public void Begin(IngestBatch batch)
    {
        lock (gate)
        {
            if (session.Error is { Code: IngestError.EngineStopped or IngestError.Internal } error)
                throw new EngineStoppedException(error.Message);
            session.RenewGrant();
            if (session.Error is { Code: IngestError.NotAllowed }) throw new OperationCanceledException();
            batch.BegunAt = time.GetTimestamp();
            session.Begin(batch);
        }
    }

    /// <summary>Hands over a batch after <see cref="Begin"/>, when there is room for it; one batch at a time.</summary>
    /// <exception cref="EngineStoppedException">The engine accepts nothing any more.</exception>
    /// <exception cref="OperationCanceledException">
    /// The connection ends before this batch, or an earlier one, can be handed over.
    /// </exception>
    public async Task<Admitted<IngestResult>> HandOverAsync(IngestBatch batch)
    {
        if (isCut) throw new OperationCanceledException(); // a later batch would make the resend of the lost one look like duplicates
        if (pipeline.MayHold(session.Grant)) await HoldAsync(batch).ConfigureAwait(false);
        await budget.EnterAsync(batch.Weight, aborting.Token).ConfigureAwait(false);
        var sender = new Sender("tcp", peer, session.Source ?? Source.Anonymous, session.Grant);
        return await pipeline.SubmitAsync(batch.Records, batch.Unreadable, sender, aborting.Token).ConfigureAwait(false);
    }

    /// <summary>
    /// Waits for disk space and for the client's quota; meanwhile no more is read. If the connection must end meanwhile, the batch is given
    /// up: it gets no answer, and its sender still has it.
    /// </summary>
    private async Task HoldAsync(IngestBatch batch)
    {
        lock (gate)
        {
            batch.IsHeld = true;
            clock.Hold();
        }

        try
        {
            await pipeline.HoldAsync(session.Grant, batch.Pieces, reading.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            isCut = true;
            throw;
        }
        finally
        {
            lock (gate)
            {
                (batch.IsHeld, batch.BegunAt) = (false, time.GetTimestamp());
                clock.GoOn();
            }
        }
    }

    /// <summary>Called when all records of a batch are durable.</summary>
    public void Complete(IngestBatch batch, IngestResult result)
    {
        var weight = batch.Weight; // read it while the batch has its records
        bool isOver;
        lock (gate)
        {
            session.Complete(batch, result);
            isOver = session.Error is not null;
        }

        budget.Leave(weight);
        if (isOver) reading.Cancel();
    }

    /// <summary>
    /// Called when the outcome of a batch is unknown: it gets no ack, and the client sends it again. Ends the connection.
    /// </summary>
    public void Lose(IngestBatch batch, Exception why)
    {
        var weight = batch.Weight;
        if (why is not OperationCanceledException) Fail(Error(why)); // on cancellation, the reason is already set
        batch.Release();
        budget.Leave(weight);
    }

    /// <summary>Called when no more batches will be settled: batches without an answer get none.</summary>
    public void Abandon()
    {
        lock (gate) session.Abandon();
    }

    /// <summary>Ends the session with that error, after the input received so far is answered. The first error is kept.</summary>
    public void Fail(IngestError error)
    {
        lock (gate) session.Fail(error);
        reading.Cancel();
        OnNews?.Invoke();
    }

    /// <summary>Takes the answers that are ready to be sent.</summary>
    public void TakeAnswers(IBufferWriter<byte> output)
    {
        lock (gate)
        {
            var acks = session.Acks;
            session.WriteOutput(output);
            if (session.Acks > acks) lastAck = time.GetUtcNow();
            if (clock.IsBeatDue && session.Error is null) IngestReply.Heartbeat(output, time.GetUtcNow());
            clock.IsBeatDue = false;
            if (session.PendingAnswers == 0) answersTaken?.TrySetResult();
        }
    }

    /// <summary>Waits until there is room for answers.</summary>
    public Task AnswersTakenAsync()
    {
        lock (gate)
        {
            if (session.PendingAnswers <= options.MaxPendingOutput) return Task.CompletedTask;
            answersTaken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return answersTaken.Task;
        }
    }

    /// <summary>Writes answers in pieces, so that a client that reads slowly is still seen to read.</summary>
    public async ValueTask WriteAsync(Stream stream, ReadOnlyMemory<byte> answers)
    {
        for (var rest = answers; !rest.IsEmpty;)
        {
            var some = rest[..Math.Min(rest.Length, WriteBytes)];
            rest = rest[some.Length..];
            var writing = stream.WriteAsync(some, aborting.Token);
            if (!writing.IsCompleted)
            {
                lock (gate) clock.OutputIsFull();
            }

            await writing.ConfigureAwait(false);
            Interlocked.Add(ref bytesOut, some.Length);
        }

        lock (gate) clock.OutputIsTaken();
    }

    private static IngestError Error(Exception why) =>
        new(why is EngineStoppedException ? IngestError.EngineStopped : IngestError.Internal, why.Message);

    /// <summary>Performs the TLS handshake; null if it fails.</summary>
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
                lock (gate)
                {
                    session.Certified = access.Authenticate(shown);
                    if (session.Certified is null) session.StrangerSubject = shown.Subject;
                }
            }

            isShakingHands = false;
            return stream;
        }
        catch (Exception e)
        {
            // Any failure of a handshake ends only that client's connection.
            var why = e is OperationCanceledException ? $"no handshake within {tls.Options.HandshakeTimeout}" : e.Message;
            lock (gate) session.Fail(new IngestError(IngestError.TlsFailed, why));
            await stream.DisposeAsync().ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>The client reads no more: nothing waits for it any longer. The caller holds the gate.</summary>
    private void Mute()
    {
        session.Mute();
        answersTaken?.TrySetResult();
    }

    /// <summary>
    /// Waits before closing: closing a socket with unread bytes would destroy the last line on its way to the client. The client gets some
    /// time to read it and close.
    /// </summary>
    private async Task LingerAsync(Stream stream)
    {
        if (isEvicted || aborting.IsCancellationRequested || Status.Error is null) return;
        try
        {
            using var patience = new CancellationTokenSource(ConnectionClock.LingerTime, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, aborting.Token);
            // The TLS close notification: without it the end would look like a truncation.
            if (stream is SslStream encrypted) await encrypted.ShutdownAsync().WaitAsync(either.Token).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
            var discarded = new byte[4096];
            for (int total = 0, read;
                total < MaxLinger && (read = await stream.ReadAsync(discarded, either.Token).ConfigureAwait(false)) > 0;)
                total += read;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is closed in any case.
        }
    }
}

/// <summary>Callbacks of a connection to its table.</summary>
/// <param name="Admit">
/// Called within the connection's lock when the client has sent a hello or a record (then without a source). Returns null if the connection
/// may stay, otherwise the error.
/// </param>
/// <param name="OnHello">Called when the client has sent a hello and was admitted.</param>
internal sealed record ConnectionEvents(
    Func<IngestConnection, Source?, long, IngestError?> Admit, Action<IngestConnection, Source, long> OnHello);
