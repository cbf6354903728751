using ActorTrading.Host.Feeding;

namespace ActorTrading.Lab.Benching;

/// <summary>
/// The due times of records, and the sent records without an acknowledgement. Latencies start at the due time, so that they include the
/// delay of a blocked sender. Times in nanoseconds since the start. Thread-safe for one sender and one reader.
/// </summary>
internal sealed class SendSchedule(long? rate)
{
    private const double Second = 1e9;

    private readonly Lock sync = new();
    private readonly Queue<(long End, long At)> marks = [];

    /// <summary>Number of records due by a time; unlimited without a rate.</summary>
    public long DueBy(long now) => rate is { } perSecond ? (long)(now / Second * perSecond) + 1 : long.MaxValue;

    /// <summary>The due time of a record; only with a rate.</summary>
    public long IntendedAt(long position) => (long)(position * Second / rate!.Value);

    /// <summary>Called before records up to a position are sent. Without a rate, this is their due time.</summary>
    public void Send(long end, long now)
    {
        if (rate is not null) return;
        lock (sync) marks.Enqueue((end, now));
    }

    /// <summary>
    /// Adds the time since the due time of each record in a range of positions. Records due before the beginning are not counted.
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
