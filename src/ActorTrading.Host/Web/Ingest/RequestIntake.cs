using ActorTrading.Domain.Records;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Admission;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web.Ingest;

/// <summary>
/// Processes the body of one request: parses bytes, submits batches to the ingest pipeline, and counts the outcomes. Waits while the engine
/// has no capacity, so its memory is a few batches for a body of any length. Exception: of a body sorted newest first, records are buffered
/// up to a limit and submitted oldest first.
/// </summary>
internal sealed class RequestIntake : IRecordSink
{
    private const int BatchRecords = 4_096;
    private const int MaxInFlight = 4;

    private readonly IngestPipeline pipeline;
    private readonly Sender sender;
    private readonly int batchRecords;
    private readonly RecordStream stream;
    private readonly ReadPosition position = new();
    private readonly Queue<RequestBatch> full = [];
    private readonly Queue<(RequestBatch Batch, Task<IngestResult> Done)> inFlight = [];
    private RequestBatch batch = new();

    public RequestIntake(IngestPipeline pipeline, ReadOptions options, in Sender sender)
    {
        this.pipeline = pipeline;
        this.sender = sender;
        batchRecords = RecordQuotas.BatchRecords(sender.Grant, BatchRecords);
        stream = new RecordStream("the body", options with { Position = position }, this);
    }

    /// <summary>The outcome of the batches that the engine has finished.</summary>
    public RequestResult Result { get; } = new();

    /// <summary>Why the rest was not accepted: low disk space, or the caller's quota is used up. Null: everything was accepted.</summary>
    public RequestFault? Fault { get; private set; }

    /// <summary>How long the caller should wait before it sends the rest.</summary>
    public TimeSpan RetryAfter { get; private set; }

    /// <summary>Parses the next bytes.</summary>
    /// <exception cref="InputException">The input is unreadable.</exception>
    /// <exception cref="RequestFault">The input is not accepted, see <see cref="Fault"/>.</exception>
    public async ValueTask FeedAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        stream.Feed(bytes.Span);
        await SubmitFullAsync(cancellation);
        if (Fault is { } refusal) throw refusal;
    }

    /// <summary>Ends the body.</summary>
    /// <exception cref="InputException">The body is empty or incomplete.</exception>
    public void Complete() => stream.Complete();

    /// <summary>Waits until all accepted records are durable.</summary>
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
            Fault ??= ReasonAgainst(next);
            if (Fault is not null)
            {
                next.Release(); // nothing after a rejected batch: the response's counts tell where to resume
                continue;
            }

            inFlight.Enqueue((next, (await pipeline.SubmitAsync(next.Records, next.Unreadable, sender, cancellation)).Durable));
            while (inFlight.Count > MaxInFlight) await TakeOneAsync();
        }
    }

    /// <summary>Why a batch is not accepted. Null: it is accepted, and counted against the quota.</summary>
    private RequestFault? ReasonAgainst(RequestBatch next)
    {
        if (pipeline.Disk is { IsLow: true }) return DiskLow();
        RetryAfter = pipeline.Quotas.TryEnter(sender.Grant, next.Pieces);
        return RetryAfter == TimeSpan.Zero ? null : new RequestFault(
            StatusCodes.Status429TooManyRequests, "too_many_records",
            $"{sender.Grant!.Name} may send {sender.Grant.Limits.RecordsPerSecond} records a second.");
    }

    /// <summary>The response when the disk space is low.</summary>
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
