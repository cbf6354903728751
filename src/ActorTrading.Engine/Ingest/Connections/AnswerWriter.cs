using System.Buffers;
using System.Threading.Channels;
using ActorTrading.Engine.Ingest.Sessions;

namespace ActorTrading.Engine.Ingest.Connections;

/// <summary>
/// The way back of a connection: settles its batches, and writes answers and heartbeats to its client. Answers that the client does not
/// read wait in the session; beyond a bound, settling waits too, and finally reading: a client that reads slowly is slowed down in sending.
/// </summary>
/// <param name="stop">Ends the connection with that error; the first one is kept.</param>
internal sealed class AnswerWriter(
    IngestSession session, ConnectionClock clock, InFlightBudget budget, ListenerContext context, Action<IngestError> stop)
{
    private const int PieceBytes = 16 * 1024;

    private readonly Channel<bool> news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ArrayBufferWriter<byte> output = new(256);
    private TaskCompletionSource? answersTaken;
    private long bytes;

    /// <summary>Number of bytes written.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>When the last ack was written; null before the first. The caller holds the gate.</summary>
    public DateTimeOffset? LastAck { get; private set; }

    /// <summary>Called when there is something to write. Thread-safe.</summary>
    public void Wake() => news.Writer.TryWrite(true);

    /// <summary>Called when no more answers will come: writing ends with those that exist.</summary>
    public void End() => news.Writer.TryComplete();

    /// <summary>
    /// Waits until all records of a batch are durable, and answers. If the outcome is unknown, the batch gets no ack, its client sends it
    /// again, and the connection ends. One call at a time, in the order of the batches. Never throws.
    /// </summary>
    public async Task SettleAsync(IngestBatch batch)
    {
        var weight = batch.Weight; // read it while the batch has its records
        try
        {
            var result = await batch.Outcome.ConfigureAwait(false);
            await RoomAsync().ConfigureAwait(false);
            IngestError? error;
            lock (session.Gate)
            {
                session.Answers.Complete(batch, result);
                error = session.Error;
            }

            if (error is not null) stop(error); // no more is read
        }
        catch (Exception e)
        {
            if (e is not OperationCanceledException) stop(IngestError.Of(e)); // on cancellation, the reason is already set
            batch.Release();
        }

        budget.Leave(weight);
        Wake();
    }

    /// <summary>The client reads no more: nothing waits for it any longer. The caller holds the gate.</summary>
    public void Mute()
    {
        session.Answers.Mute();
        answersTaken?.TrySetResult();
    }

    /// <summary>Writes until <see cref="End"/>.</summary>
    /// <exception cref="IOException">The client has gone.</exception>
    public async Task RunAsync(Stream stream, CancellationToken cancellation)
    {
        while (await news.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            news.Reader.TryRead(out _);
            await FlushAsync(stream, cancellation).ConfigureAwait(false);
        }

        await FlushAsync(stream, cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits until few enough answers are pending to produce more.</summary>
    private Task RoomAsync()
    {
        lock (session.Gate)
        {
            if (session.Answers.Pending <= context.Options.MaxPendingOutput) return Task.CompletedTask;
            answersTaken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return answersTaken.Task;
        }
    }

    /// <summary>Writes in pieces, so that a client that reads slowly is still seen to read.</summary>
    private async ValueTask FlushAsync(Stream stream, CancellationToken cancellation)
    {
        TakeAnswers();
        for (var rest = output.WrittenMemory; !rest.IsEmpty;)
        {
            var some = rest[..Math.Min(rest.Length, PieceBytes)];
            rest = rest[some.Length..];
            var writing = stream.WriteAsync(some, cancellation);
            if (!writing.IsCompleted)
            {
                lock (session.Gate) clock.OutputIsFull();
            }

            await writing.ConfigureAwait(false);
            Interlocked.Add(ref bytes, some.Length);
        }

        lock (session.Gate) clock.OutputIsTaken();
        output.ResetWrittenCount();
    }

    private void TakeAnswers()
    {
        lock (session.Gate)
        {
            var acks = session.Answers.Acks;
            session.Answers.Write(output);
            if (session.Answers.Acks > acks) LastAck = context.Time.GetUtcNow();
            if (clock.IsBeatDue && session.Error is null) IngestReply.Heartbeat(output, context.Time.GetUtcNow());
            clock.IsBeatDue = false;
            if (session.Answers.Pending == 0) answersTaken?.TrySetResult();
        }
    }
}
