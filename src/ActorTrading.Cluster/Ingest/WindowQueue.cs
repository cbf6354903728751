using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Ingest;

/// <summary>
/// What waits for one symbol, in its order: records of submissions and advances of the clock, and the one message that is under way. Changed only
/// under the window's lock.
/// </summary>
internal sealed class WindowQueue(Symbol symbol)
{
    private readonly Queue<Waiting> waiting = new();
    private readonly List<Slice> underWay = [];

    public Symbol Symbol => symbol;

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

    /// <summary>The records that are under way, in the order of the message.</summary>
    public IReadOnlyList<Slice> UnderWay => underWay;

    /// <summary>How much there is in all, advances of the clock included.</summary>
    public int Count => underWay.Count + waiting.Count;

    /// <summary>The advance of the clock that is under way.</summary>
    public TaskCompletionSource? ClockUnderWay { get; private set; }

    public void Add(ClusterSubmission submission, int index) => waiting.Enqueue(new Waiting(new Slice(submission, index), default, null));

    public void Add(Timestamp clock, TaskCompletionSource done) => waiting.Enqueue(new Waiting(default, clock, done));

    /// <summary>Makes a message of what comes next: many records, or one advance of the clock.</summary>
    public INumbered Next(Guid sender, long number, long now)
    {
        Resends = 0;
        IsResent = false;
        SentAt = now;
        if (waiting.Peek().Clock is not null)
        {
            var (_, to, clock) = waiting.Dequeue();
            ClockUnderWay = clock;
            return Sent = new AdvanceSymbol(symbol, sender, number, to);
        }

        while (underWay.Count < ClusterOptions.MaxBatchRecords && waiting.TryPeek(out var next) && next.Clock is null) underWay.Add(waiting.Dequeue().Slice);
        var records = new Domain.Records.Record[underWay.Count];
        for (var i = 0; i < records.Length; i++) records[i] = underWay[i].Record;
        return Sent = new SymbolBatch(symbol, sender, number, records);
    }

    /// <summary>The message was answered.</summary>
    public void Clear()
    {
        Sent = null;
        ClockUnderWay = null;
        underWay.Clear();
    }

    /// <summary>Everything that is not answered, because nothing will be any more.</summary>
    public IEnumerable<TaskCompletionSource> Clocks() =>
        waiting.Select(item => item.Clock).Append(ClockUnderWay).OfType<TaskCompletionSource>();

    /// <summary>A record of a submission.</summary>
    public readonly record struct Slice(ClusterSubmission Submission, int Index)
    {
        public Domain.Records.Record Record => Submission.Records.Span[Index];
    }

    private readonly record struct Waiting(Slice Slice, Timestamp To, TaskCompletionSource? Clock);
}
