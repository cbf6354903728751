using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Auditing;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// One client: its session, its clock, its room for what is in flight, and its end, whoever carries its bytes. An exchange reads
/// and hands over (waiting for that is what slows the client down), settles what was handed over, and writes answers; a stalled
/// engine must stop the first two only.
/// </summary>
internal sealed class IngestConnection : IPendingConnection
{
    private const int MaxLinger = 1 << 20;
    private const int WriteBytes = 16 * 1024;
    private static readonly TimeSpan HandshakeGrace = TimeSpan.FromSeconds(1); // for many honest clients that come at once

    private readonly Socket socket;
    private readonly IngestPipeline reception;
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
    private volatile bool isPeerAwaited = true; // of a connection that is not served yet, too
    private volatile bool isShakingHands;
    private volatile bool isEvicted;
    private long bytesRead;
    private long bytesIn; // of them, those that are dealt with
    private long bytesOut;
    private DateTimeOffset? lastAck;
    private bool isCut; // a batch was given up: none may come after it. Of who hands over

    public IngestConnection(long number, Socket socket, ListenerContext context)
    {
        (reception, options, time, events) = context;
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

    /// <summary>For whom it speaks; null before a hello, or without. Written by who reads.</summary>
    public (Source Source, long Epoch)? Speaker { get; private set; }

    /// <summary>What the client may do; null: everything, or nothing yet. Of one that is admitted.</summary>
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

    /// <summary>Cancelled when no more is to be read.</summary>
    public CancellationToken Reading => reading.Token;

    /// <summary>Cancelled when everything is to end at once.</summary>
    public CancellationToken Aborting => aborting.Token;

    /// <summary>Told, on any thread, that there is something to write, or that no more is to be read. Set by the exchange.</summary>
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
    /// Whether answers are few enough for more. Otherwise batches are to stay in flight, which are bounded: so a client that is
    /// slow to read is slowed down in sending too.
    /// </summary>
    public bool HasRoomForAnswers
    {
        get
        {
            lock (gate) return session.PendingAnswers <= options.MaxPendingOutput;
        }
    }

    /// <summary>Serves the client until one side ends it. Never throws.</summary>
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
            Fail(Error(e)); // one connection's fault is its own
        }
    }

    /// <summary>Reads no more, answers what it has, says why, and closes.</summary>
    public void Stop(IngestError error) => Fail(error);

    /// <summary>Closes at once.</summary>
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

    /// <summary>The other end has gone.</summary>
    public void Drop()
    {
        Abort();
        socket.Dispose();
    }

    /// <summary>Looks at the clock: heartbeats, and clients that keep the server waiting.</summary>
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

    /// <summary>Reads from its stream.</summary>
    public ConnectionReader NewReader(Stream stream) => new(socket, stream);

    /// <summary>What came is dealt with, and more is asked for from now on.</summary>
    public void WaitForBytes()
    {
        lock (gate)
        {
            clock.WaitForBytes();
            bytesIn = bytesRead;
        }

        isPeerAwaited = true;
    }

    /// <summary>So many came, or none will any more.</summary>
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

    /// <summary>Reads bytes into the batch, and says how many; fewer than given only when the batch is full or the session over.</summary>
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

    /// <summary>Whether a batch is to be handed over before more is read.</summary>
    public bool IsFull(IngestBatch batch) => session.IsFull(batch);

    /// <summary>The client has ended its stream in good order.</summary>
    public void End(IngestBatch batch)
    {
        lock (gate) session.End(batch);
    }

    /// <summary>The batch is the next to be handed over, and its answer has its place.</summary>
    /// <exception cref="EngineStoppedException">A batch before it was lost. None may come after that: its seqs would make the
    /// resend look like duplicates.</exception>
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

    /// <summary>Hands over a batch that has begun, when there is room for it; one after the other.</summary>
    /// <exception cref="EngineStoppedException">The engine takes nothing any more.</exception>
    /// <exception cref="OperationCanceledException">The connection ends before the batch, or one before it, may be handed over.</exception>
    public async Task<Admitted<IngestResult>> HandOverAsync(IngestBatch batch)
    {
        if (isCut) throw new OperationCanceledException(); // a batch after one that was given up would make its resend look like duplicates
        if (reception.MayHold(session.Grant)) await HoldAsync(batch).ConfigureAwait(false);
        await budget.EnterAsync(batch.Weight, aborting.Token).ConfigureAwait(false);
        var sender = new Sender("tcp", peer, session.Source ?? Source.Anonymous, session.Grant);
        return await reception.SubmitAsync(batch.Records, batch.Unreadable, sender, aborting.Token).ConfigureAwait(false);
    }

    /// <summary>
    /// Waits for room on the disk and for the client's quota, and so keeps more from being read. Where the connection
    /// is to end meanwhile, the batch is given up: it has no answer, and its sender still has it.
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
            await reception.HoldAsync(session.Grant, batch.Pieces, reading.Token).ConfigureAwait(false);
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

    /// <summary>What was handed over is durable.</summary>
    public void Complete(IngestBatch batch, IngestResult result)
    {
        var weight = batch.Weight; // while it has its records
        bool isOver;
        lock (gate)
        {
            session.Complete(batch, result);
            isOver = session.Error is not null;
        }

        budget.Leave(weight);
        if (isOver) reading.Cancel();
    }

    /// <summary>What became of a batch is not known: no ack, and the client sends it again. The connection is over.</summary>
    public void Lose(IngestBatch batch, Exception why)
    {
        var weight = batch.Weight;
        if (why is not OperationCanceledException) Fail(Error(why)); // who cancels has said why
        batch.Release();
        budget.Leave(weight);
    }

    /// <summary>Nothing comes after what was settled: what has no answer by now gets none.</summary>
    public void Abandon()
    {
        lock (gate) session.Abandon();
    }

    /// <summary>Ends the session for that reason, once what it has is answered. The first one stands.</summary>
    public void Fail(IngestError error)
    {
        lock (gate) session.Fail(error);
        reading.Cancel();
        OnNews?.Invoke();
    }

    /// <summary>Takes what is to be told by now.</summary>
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

    /// <summary>Writes answers, in pieces, so that one who reads slowly is seen to read.</summary>
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
            // Whatever a stranger's bytes do to a handshake, it is his connection alone that ends.
            var why = e is OperationCanceledException ? $"no handshake within {tls.Options.HandshakeTimeout}" : e.Message;
            lock (gate) session.Fail(new IngestError(IngestError.TlsFailed, why));
            await stream.DisposeAsync().ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Nobody reads: nothing waits for that any more. Within the gate.</summary>
    private void Mute()
    {
        session.Mute();
        answersTaken?.TrySetResult();
    }

    /// <summary>
    /// Closing with bytes unread would destroy the last line on its way to the client: so it gets some time to read it and close.
    /// </summary>
    private async Task LingerAsync(Stream stream)
    {
        if (isEvicted || aborting.IsCancellationRequested || Status.Error is null) return;
        try
        {
            using var patience = new CancellationTokenSource(ConnectionClock.LingerTime, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, aborting.Token);
            // So that the end cannot be taken for a cut.
            if (stream is SslStream encrypted) await encrypted.ShutdownAsync().WaitAsync(either.Token).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
            var discarded = new byte[4096];
            for (int total = 0, read;
                total < MaxLinger && (read = await stream.ReadAsync(discarded, either.Token).ConfigureAwait(false)) > 0;)
                total += read;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It is closed all the same.
        }
    }
}

/// <summary>What a connection asks and tells those that it is one of.</summary>
/// <param name="Admit">Whether it may stay, now that it has said hello or sent a record (then without a source); otherwise why
/// not. Called within its lock.</param>
/// <param name="OnHello">It has said hello, and stays.</param>
internal sealed record ConnectionEvents(
    Func<IngestConnection, Source?, long, IngestError?> Admit, Action<IngestConnection, Source, long> OnHello);
