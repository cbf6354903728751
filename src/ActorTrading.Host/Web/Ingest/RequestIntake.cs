using ActorTrading.Domain.Records;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Web.Ingest;

/// <summary>
/// Takes the body of one request: bytes in, batches to the reception, what became of them out. It waits where the engine has no room, so its
/// memory is that of a few batches however long the body is, but for a body that runs newest first: its records are kept up to a limit,
/// and taken oldest first.
/// </summary>
internal sealed class RequestIntake : IRecordSink
{
    private const int BatchRecords = 4_096;
    private const int MaxInFlight = 4;

    private readonly Reception reception;
    private readonly Sender sender;
    private readonly RecordStream stream;
    private readonly ReadPosition position = new();
    private readonly Queue<RequestBatch> full = [];
    private readonly Queue<(RequestBatch Batch, Task<IngestResult> Done)> inFlight = [];
    private RequestBatch batch = new();

    public RequestIntake(Reception reception, ReadOptions options, in Sender sender)
    {
        this.reception = reception;
        this.sender = sender;
        stream = new RecordStream("the body", options with { Position = position }, this);
    }

    /// <summary>What became of what the engine is done with.</summary>
    public RequestResult Result { get; } = new();

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="InputException">They are nothing that can be read.</exception>
    public async ValueTask FeedAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        stream.Feed(bytes.Span);
        await SubmitFullAsync(cancellation);
    }

    /// <summary>The body has ended.</summary>
    /// <exception cref="InputException">It was empty, or ended too early.</exception>
    public void Complete() => stream.Complete();

    /// <summary>Waits until everything that was read is durable.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        TakeBatch();
        await SubmitFullAsync(cancellation);
        while (inFlight.Count > 0) await TakeOneAsync();
    }

    void IRecordSink.OnRecord(in Record record)
    {
        batch.Add(record, position.Line);
        if (batch.Pieces >= BatchRecords) TakeBatch();
    }

    void IRecordSink.OnRejected(in RejectedInput input)
    {
        batch.AddUnreadable(input);
        if (batch.Pieces >= BatchRecords) TakeBatch();
    }

    private void TakeBatch()
    {
        if (batch.Pieces == 0) return;
        full.Enqueue(batch);
        batch = new RequestBatch();
    }

    private async ValueTask SubmitFullAsync(CancellationToken cancellation)
    {
        while (full.TryDequeue(out var next))
        {
            inFlight.Enqueue((next, await reception.SubmitAsync(next.Records, next.Unreadable, sender, cancellation)));
            while (inFlight.Count > MaxInFlight) await TakeOneAsync();
        }
    }

    private async Task TakeOneAsync()
    {
        var (done, task) = inFlight.Dequeue();
        Result.Add(done, await task);
        done.Release();
    }
}
