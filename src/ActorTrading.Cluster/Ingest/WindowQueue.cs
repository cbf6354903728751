using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Ingest;

/// <summary>
/// Queue of one symbol: waiting records and clock advances in their order, and the message in flight. Changed only under the window's
/// lock.
/// </summary>
internal sealed class WindowQueue(Symbol symbol, ArrayPool<Record> arrays)
{
    private readonly Queue<Part> waiting = new();
    private PendingRecords? last; // last waiting part, if more records may be added to it
    private PendingRecords? spare;

    public Symbol Symbol => symbol;

    /// <summary>The settings that check its records on admission; null until the first check.</summary>
    public SymbolPlan? Plan { get; set; }

    /// <summary>The unanswered message; null: none.</summary>
    public INumbered? Sent { get; private set; }

    /// <summary>Time of the first send, in milliseconds of the window's clock.</summary>
    public long SentAt { get; private set; }

    public long ResendAt { get; set; }

    public int Resends { get; set; }

    /// <summary>Whether the message in flight was sent more than once.</summary>
    public bool IsResent { get; set; }

    /// <summary>Whether this queue is in the window's queue of ready symbols.</summary>
    public bool IsReady { get; set; }

    public bool HasWaiting => waiting.Count > 0;

    /// <summary>The records in flight; null: none.</summary>
    public PendingRecords? UnderWay { get; private set; }

    /// <summary>Number of records and clock advances, in flight and waiting.</summary>
    public int Count => (UnderWay?.Count ?? 0) + waiting.Sum(part => part.Records?.Count ?? 1);

    /// <summary>The clock advance in flight; null: none.</summary>
    public TaskCompletionSource? ClockUnderWay { get; private set; }

    /// <summary>Prefetches the memory that the next record of each queue touches. Changes nothing.</summary>
    public static void Prefetch(ReadOnlySpan<WindowQueue?> next)
    {
        foreach (var queue in next)
        {
            if (queue is not null) CacheLines.Prefetch(queue, 128);
        }

        foreach (var queue in next)
        {
            if (queue?.last is { } records) CacheLines.Prefetch(records, 128);
        }

        foreach (var queue in next) queue?.last?.PrefetchPlace();
    }

    /// <summary>Queues a record.</summary>
    public void Add(in Record record, ClusterSubmission submission, int place)
    {
        if (last is null || last.Count == ClusterOptions.MaxBatchRecords)
        {
            (last, spare) = (spare ?? new PendingRecords(arrays), null);
            waiting.Enqueue(new Part(last, default, null));
        }

        last.Add(record, submission, place);
        if (record.Units != Plan?.Units) last.HasOtherUnits = true;
    }

    /// <summary>Queues a clock advance.</summary>
    public void Add(Timestamp clock, TaskCompletionSource done)
    {
        last = null;
        waiting.Enqueue(new Part(null, clock, done));
    }

    /// <summary>Takes the next message from the queue: several records, or one clock advance.</summary>
    public INumbered Next(Guid sender, long number, long now)
    {
        Resends = 0;
        IsResent = false;
        SentAt = now;
        var (records, to, clock) = waiting.Dequeue();
        if (records is null)
        {
            ClockUnderWay = clock;
            return Sent = new AdvanceSymbol(symbol, sender, number, to);
        }

        if (records == last) last = null;
        UnderWay = records;
        return Sent = new SymbolBatch(symbol, sender, number, records.Records);
    }

    /// <summary>Removes the answered message. If it was resent, a copy may still be in flight, so its array is not reused.</summary>
    public void Clear()
    {
        UnderWay?.Clear(isArrayFree: !IsResent);
        spare ??= UnderWay;
        Sent = null;
        ClockUnderWay = null;
        UnderWay = null;
    }

    /// <summary>All unanswered clock advances, for a window that fails.</summary>
    public IEnumerable<TaskCompletionSource> Clocks() =>
        waiting.Select(item => item.Clock).Append(ClockUnderWay).OfType<TaskCompletionSource>();

    /// <summary>Records, or a clock advance.</summary>
    private readonly record struct Part(PendingRecords? Records, Timestamp To, TaskCompletionSource? Clock);
}
