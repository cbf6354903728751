using ActorTrading.Domain.Records;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web.Ingest;

/// <summary>
/// Takes the body of one request: bytes in, batches to the reception, what became of them out. It waits where the engine has no
/// room, so its memory is that of a few batches however long the body is, but for a body that runs newest first: its records are
/// kept up to a limit, and taken oldest first.
/// </summary>
internal sealed class RequestIntake : IRecordSink
{
    private const int BatchRecords = 4_096;
    private const int MaxInFlight = 4;

    private readonly IngestPipeline reception;
    private readonly Sender sender;
    private readonly int batchRecords;
    private readonly RecordStream stream;
    private readonly ReadPosition position = new();
    private readonly Queue<RequestBatch> full = [];
    private readonly Queue<(RequestBatch Batch, Task<IngestResult> Done)> inFlight = [];
    private RequestBatch batch = new();

    public RequestIntake(IngestPipeline reception, ReadOptions options, in Sender sender)
    {
        this.reception = reception;
        this.sender = sender;
        batchRecords = RecordQuotas.BatchRecords(sender.Grant, BatchRecords);
        stream = new RecordStream("the body", options with { Position = position }, this);
    }

    /// <summary>What became of what the engine is done with.</summary>
    public RequestResult Result { get; } = new();

    /// <summary>Why the rest is not taken: the disk is low, or the caller's quota is used up. Null: all of it is.</summary>
    public RequestFault? Refusal { get; private set; }

    /// <summary>How long the caller does well to wait before it sends the rest.</summary>
    public TimeSpan RetryAfter { get; private set; }

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="InputException">They are nothing that can be read.</exception>
    /// <exception cref="RequestFault">They are not taken, see <see cref="Refusal"/>.</exception>
    public async ValueTask FeedAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        stream.Feed(bytes.Span);
        await SubmitFullAsync(cancellation);
        if (Refusal is { } refusal) throw refusal;
    }

    /// <summary>The body has ended.</summary>
    /// <exception cref="InputException">It was empty, or ended too early.</exception>
    public void Complete() => stream.Complete();

    /// <summary>Waits until everything that was read, but for what is refused, is durable.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        TakeBatch();
        await SubmitFullAsync(cancellation);
        while (inFlight.Count > 0) await TakeOneAsync();
    }

    void IRecordSink.OnRecord(in Record record)
    {
        batch.Add(record, position.Line);
        if (batch.Pieces >= batchRecords) TakeBatch();
    }

    void IRecordSink.OnRejected(in RejectedInput input)
    {
        batch.AddUnreadable(input);
        if (batch.Pieces >= batchRecords) TakeBatch();
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
            Refusal ??= ReasonAgainst(next);
            if (Refusal is not null)
            {
                next.Release(); // nothing after a batch that is not taken: the counts of the answer say where to go on
                continue;
            }

            inFlight.Enqueue((next, (await reception.SubmitAsync(next.Records, next.Unreadable, sender, cancellation)).Durable));
            while (inFlight.Count > MaxInFlight) await TakeOneAsync();
        }
    }

    /// <summary>Why a batch is not taken; null where it is, and is counted against the quota.</summary>
    private RequestFault? ReasonAgainst(RequestBatch next)
    {
        if (reception.Disk is { IsLow: true }) return DiskLow();
        RetryAfter = reception.Quotas.TryEnter(sender.Grant, next.Pieces);
        return RetryAfter == TimeSpan.Zero ? null : new RequestFault(
            StatusCodes.Status429TooManyRequests, "too_many_records",
            $"{sender.Grant!.Name} may send {sender.Grant.Limits.RecordsPerSecond} records a second.");
    }

    /// <summary>What a node answers that has too little room on its disk.</summary>
    public static RequestFault DiskLow() =>
        new(
            StatusCodes.Status503ServiceUnavailable, "disk_low",
            "The disk of the node is nearly full: it takes no records until there is room again.");

    private async Task TakeOneAsync()
    {
        var (done, task) = inFlight.Dequeue();
        Result.Add(done, await task);
        done.Release();
    }
}
