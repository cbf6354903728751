using ActorTrading.Host.Feeding;

namespace ActorTrading.Lab.Benching;

/// <summary>
/// When which record is to be sent, and which of those sent are not acknowledged: what latencies are measured from, so that a sender that
/// was held up counts the time for which it was. Times in nanoseconds from the start. Safe for one sender and one reader.
/// </summary>
internal sealed class SendSchedule(long? rate)
{
    private const double Second = 1e9;

    private readonly Lock sync = new();
    private readonly Queue<(long End, long At)> marks = [];

    /// <summary>How many records are to have been sent by then; no bound without a rate.</summary>
    public long DueBy(long now) => rate is { } perSecond ? (long)(now / Second * perSecond) + 1 : long.MaxValue;

    /// <summary>When a record is to be sent; only with a rate.</summary>
    public long IntendedAt(long position) => (long)(position * Second / rate!.Value);

    /// <summary>Records up to there are about to be sent. Without a rate that is when they are meant to be.</summary>
    public void Send(long end, long now)
    {
        if (rate is not null) return;
        lock (sync) marks.Enqueue((end, now));
    }

    /// <summary>
    /// Adds, for each record from one position to another, the time from when it was to be sent until now; those before
    /// the beginning do not count.
    /// </summary>
    public void Take(long from, long to, long now, long beginning, LatencyHistogram into)
    {
        while (from < to)
        {
            var (end, at) = rate is null ? MarkOf(from) : (from + 1, IntendedAt(from));
            end = Math.Min(end, to);
            if (at >= beginning) into.Add(now - at, end - from);
            from = end;
        }
    }

    private (long End, long At) MarkOf(long position)
    {
        lock (sync)
        {
            while (marks.Peek().End <= position) marks.Dequeue();
            return marks.Peek();
        }
    }
}
