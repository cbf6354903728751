using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Ingest;

/// <summary>
/// What waits for one symbol, in its order: records of submissions and advances of the clock, and the one message that is under
/// way. Changed only under the window's lock.
/// </summary>
internal sealed class WindowQueue(Symbol symbol, ArrayPool<Record> arrays)
{
    private readonly Queue<Part> waiting = new();
    private PendingRecords? last; // what waits, if more records may join it
    private PendingRecords? spare;

    public Symbol Symbol => symbol;

    /// <summary>By which its records are checked at the door; null until the first is checked.</summary>
    public SymbolPlan? Plan { get; set; }

    /// <summary>The message that is to be answered; null for none.</summary>
    public INumbered? Sent { get; private set; }

    /// <summary>When it was first sent, and when it will be sent again, by the window's clock.</summary>
    public long SentAt { get; private set; }

    public long ResendAt { get; set; }

    public int Resends { get; set; }

    /// <summary>Whether what is under way was sent more than once.</summary>
    public bool IsResent { get; set; }

    /// <summary>Whether it stands among those that wait for their turn.</summary>
    public bool IsReady { get; set; }

    public bool HasWaiting => waiting.Count > 0;

    /// <summary>The records that are under way; null for none.</summary>
    public PendingRecords? UnderWay { get; private set; }

    /// <summary>How much there is in all, advances of the clock included.</summary>
    public int Count => (UnderWay?.Count ?? 0) + waiting.Sum(part => part.Records?.Count ?? 1);

    /// <summary>The advance of the clock that is under way.</summary>
    public TaskCompletionSource? ClockUnderWay { get; private set; }

    /// <summary>Asks the processor to fetch what the next record of each will touch. Changes nothing.</summary>
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

    /// <summary>A record of a submission waits.</summary>
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

    /// <summary>An advance of the clock waits.</summary>
    public void Add(Timestamp clock, TaskCompletionSource done)
    {
        last = null;
        waiting.Enqueue(new Part(null, clock, done));
    }

    /// <summary>Makes a message of what comes next: many records, or one advance of the clock.</summary>
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

    /// <summary>The message was answered. Of one that was sent twice a copy may still be on its way.</summary>
    public void Clear()
    {
        UnderWay?.Clear(isArrayFree: !IsResent);
        spare ??= UnderWay;
        Sent = null;
        ClockUnderWay = null;
        UnderWay = null;
    }

    /// <summary>Everything that is not answered, because nothing will be any more.</summary>
    public IEnumerable<TaskCompletionSource> Clocks() =>
        waiting.Select(item => item.Clock).Append(ClockUnderWay).OfType<TaskCompletionSource>();

    /// <summary>Records, or an advance of the clock.</summary>
    private readonly record struct Part(PendingRecords? Records, Timestamp To, TaskCompletionSource? Clock);
}
