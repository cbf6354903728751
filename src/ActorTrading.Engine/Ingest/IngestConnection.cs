using System.Net;
using System.Net.Sockets;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Ingest.Connections;
using ActorTrading.Engine.Ingest.Sessions;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Connection handler of an engine: settles, in order, every batch that <see cref="IngestConnection.NextAsync"/> gives, with
/// <see cref="AnswerWriter.SettleAsync"/>. Ends when all are settled. The next batch does not wait until the last one is settled.
/// </summary>
internal delegate Task ConnectionHandler(IngestConnection connection);

/// <summary>
/// A client, from its first byte to its last. Step 2 of the way of a tick: listener, connection, session, admission, engine. It reads
/// bytes, has its session make batches of them, and hands the batches over to the admission; this wait slows the client down. The answers
/// come back through <see cref="AnswerWriter"/>. Next: <see cref="IngestSession"/>.
/// </summary>
internal sealed class IngestConnection : IPendingConnection
{
    private readonly ClientSocket socket;
    private readonly IngestPipeline pipeline;
    private readonly TimeProvider time;
    private readonly ListenerContext context;
    private readonly IngestSession session;
    private readonly ConnectionClock clock;
    private readonly InFlightBudget budget;
    private readonly CancellationTokenSource reading = new();
    private readonly CancellationTokenSource aborting = new();
    private readonly TaskCompletionSource readingOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DateTimeOffset since;
    private readonly string peer;
    private ReadOnlyMemory<byte> rest; // bytes that were read and not decoded
    private bool isOver; // no more bytes are decoded
    private bool hasGreeted;
    private volatile bool isEvicted;

    public IngestConnection(long number, ClientSocket socket, ListenerContext context)
    {
        (Number, this.socket, this.context, pipeline, time) = (number, socket, context, context.Pipeline, context.Time);
        session = new IngestSession(context.Options, context.Symbols, context.Sources);
        Client.Admit = (source, epoch) => context.Admit(this, source, epoch);
        clock = new ConnectionClock(session, context.Options, time);
        budget = new InFlightBudget(context.Options.MaxRecordsInFlight);
        Answers = new AnswerWriter(session, clock, budget, context, Stop);
        since = time.GetUtcNow();
        peer = socket.Remote?.ToString() ?? "";
    }

    public long Number { get; }

    /// <summary>Who the client is, and its rights. Valid for an admitted connection.</summary>
    public SessionClient Client => session.Client;

    /// <summary>The way back.</summary>
    public AnswerWriter Answers { get; }

    /// <inheritdoc/>
    public IPAddress? Address => (socket.Remote as IPEndPoint)?.Address;

    /// <inheritdoc/>
    public bool IsSilent => socket.IsSilent;

    public ConnectionStatus Status
    {
        get
        {
            lock (session.Gate)
            {
                var told = session.Answers;
                return new ConnectionStatus(
                    Number, socket.Remote, Client.Source, since, clock.BytesIn, Answers.Bytes, session.Records, told.Rejected, told.Acks,
                    told.InFlight, session.Error)
                {
                    Lag = told.Oldest is { IsHeld: false } oldest ? time.GetElapsedTime(oldest.BegunAt) : TimeSpan.Zero,
                    AckedSeq = told.AckedSeq,
                    LastAck = Answers.LastAck,
                    Caller = session.Error is { Code: IngestError.TlsFailed } ? AuditRecord.Unknown : Client.Caller,
                    Claimed = Client.Claimed,
                };
            }
        }
    }

    /// <summary>Serves the client until one side ends the connection. Never throws.</summary>
    public async Task RunAsync(ConnectionHandler handler)
    {
        try
        {
            await using var closing = socket.ConfigureAwait(false);
            if (await socket.OpenAsync(reading.Token).ConfigureAwait(false) is { } failure)
            {
                lock (session.Gate) session.Answers.Fail(failure);
                return;
            }

            if (socket.Certificate is { } shown)
            {
                lock (session.Gate) Client.Certify(shown);
            }

            var writing = WriteAsync();
            var handling = HandleAsync(handler);

            // A client that has gone is not waited for, but its batches keep their memory until the engine has finished with them.
            var over = Task.WhenAll(readingOver.Task, writing);
            if (await Task.WhenAny(over, handling).ConfigureAwait(false) == handling) await handling.ConfigureAwait(false);
            await over.ConfigureAwait(false);
            if (!isEvicted && !aborting.IsCancellationRequested && Status.Error is not null)
                await socket.LingerAsync(aborting.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Stop(IngestError.Of(e)); // a fault stays within its connection
        }
    }

    /// <summary>
    /// The next batch, handed over to the admission: <see cref="IngestBatch.Outcome"/> gives its result. Bytes that have already arrived
    /// join a batch: a batch costs more than a record. One call at a time.
    /// </summary>
    /// <returns>Null: nothing more comes. Never throws.</returns>
    public async ValueTask<IngestBatch?> NextAsync()
    {
        var batch = new IngestBatch();
        try
        {
            while (!isOver && !session.IsFull(batch) && (batch.IsEmpty || !rest.IsEmpty || socket.HasMore))
            {
                if (rest.IsEmpty)
                {
                    lock (session.Gate) clock.WaitForBytes();
                    rest = await socket.ReadAsync(reading.Token).ConfigureAwait(false);
                    lock (session.Gate) clock.GotBytes(rest.Length);
                }

                Decode(batch);
            }

            if (!batch.IsEmpty)
            {
                await HandOverAsync(batch).ConfigureAwait(false);
                return batch;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or the connection is being closed with a reason already set. Unfinished batches are dropped.
        }
        catch (Exception e)
        {
            Stop(IngestError.Of(e)); // a fault stays within its connection
        }

        isOver = true;
        lock (session.Gate) clock.GotBytes(0);
        socket.Release();
        readingOver.TrySetResult();
        return null;
    }

    /// <summary>Ends the connection after the input received so far is answered, and sends the error. The first error is kept.</summary>
    public void Stop(IngestError error)
    {
        lock (session.Gate) session.Answers.Fail(error);
        reading.Cancel();
        Answers.Wake();
    }

    /// <summary>Closes the connection at once.</summary>
    public void Abort()
    {
        lock (session.Gate) Answers.Mute();
        reading.Cancel();
        aborting.Cancel();
        Answers.Wake();
    }

    /// <inheritdoc/>
    public void Evict()
    {
        isEvicted = true;
        if (Status.Error is null)
            Stop(new IngestError(IngestError.TooManyConnections, "newer connections replaced it: it had sent no hello and no record"));
        else Abort();
    }

    /// <summary>Checks the timers: heartbeats, and time limits for slow clients.</summary>
    public void Tick()
    {
        bool isTimeUp;
        bool isBeatDue;
        IngestError? error;
        lock (session.Gate)
        {
            (isTimeUp, error) = clock.Check();
            isBeatDue = clock.IsBeatDue;
            if (error?.Code == IngestError.SlowReader) Answers.Mute();
        }

        if (isTimeUp) Abort();
        else if (error is not null) Stop(error);
        else if (isBeatDue) Answers.Wake();
    }

    /// <summary>Decodes bytes into the batch, until it is full; no bytes: the client has closed its stream cleanly.</summary>
    private void Decode(IngestBatch batch)
    {
        lock (session.Gate)
        {
            isOver = rest.IsEmpty;
            if (isOver) session.End(batch);
            else rest = rest[session.Read(rest.Span, batch)..];
            isOver |= session.Error is not null;
        }

        if (hasGreeted || Client.Source is not { } source) return;
        hasGreeted = true;
        context.OnHello(this, source, Client.Hello.Epoch);
        Answers.Wake(); // the answer to a hello
    }

    /// <summary>Hands a batch over when there is room for it, and fixes the position of its answer.</summary>
    /// <exception cref="EngineStoppedException">
    /// An earlier batch was lost, so that no batch may follow: its seqs would make the resend look like duplicates. Or the engine accepts
    /// nothing any more.
    /// </exception>
    /// <exception cref="OperationCanceledException">The client may send no more, or the connection ends before the handover.</exception>
    private async Task HandOverAsync(IngestBatch batch)
    {
        lock (session.Gate)
        {
            if (session.Error is { Code: IngestError.EngineStopped or IngestError.Internal } error)
                throw new EngineStoppedException(error.Message);
            if (Client.RenewGrant() is { } refusal) session.Answers.Fail(refusal);
            if (session.Error is { Code: IngestError.NotAllowed }) throw new OperationCanceledException();
            batch.BegunAt = time.GetTimestamp();
            session.Answers.Begin(batch);
        }

        if (pipeline.MayHold(Client.Grant)) await HoldAsync(batch).ConfigureAwait(false);
        await budget.EnterAsync(batch.Weight, aborting.Token).ConfigureAwait(false);
        var sender = new Sender("tcp", peer, Client.Source ?? Source.Anonymous, Client.Grant);
        var admitted = await pipeline.SubmitAsync(batch.Records, batch.Unreadable, sender, aborting.Token).ConfigureAwait(false);
        batch.Outcome = admitted.Durable;
    }

    /// <summary>
    /// Waits for disk space and for the client's quota; meanwhile no more is read. If the connection must end meanwhile, the batch is given
    /// up: it gets no answer, and its sender still has it.
    /// </summary>
    private async Task HoldAsync(IngestBatch batch)
    {
        lock (session.Gate)
        {
            batch.IsHeld = true;
            clock.Hold();
        }

        try
        {
            await pipeline.HoldAsync(Client.Grant, batch.Pieces, reading.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (session.Gate)
            {
                (batch.IsHeld, batch.BegunAt) = (false, time.GetTimestamp());
                clock.GoOn();
            }
        }
    }

    private async Task HandleAsync(ConnectionHandler handler)
    {
        await handler(this).ConfigureAwait(false);
        lock (session.Gate) session.Answers.Abandon(); // after a batch that the engine refused, no later batch gets an answer
        Answers.End();
    }

    private async Task WriteAsync()
    {
        try
        {
            await Answers.RunAsync(socket.Stream, aborting.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Otherwise the client reads no more.
            if (e is not (IOException or SocketException or OperationCanceledException or ObjectDisposedException)) Stop(IngestError.Of(e));
            Abort();
            socket.Close();
        }
    }
}
