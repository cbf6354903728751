using ActorTrading.Domain.Records;

namespace ActorTrading.Host.Feeding;

/// <summary>
/// When records go out: at once, so many a second, or in the rhythm of their stamps. By schedule from the first record on: what
/// was held up is caught up. For one thread.
/// </summary>
internal sealed class FeedPace
{
    private readonly long? perSecond;
    private readonly bool isRealTime;
    private readonly TimeProvider time;
    private long start;
    private long count;
    private long firstStamp;

    private FeedPace(long? perSecond, bool isRealTime, TimeProvider time)
    {
        this.perSecond = perSecond;
        this.isRealTime = isRealTime;
        this.time = time;
    }

    /// <summary>At once.</summary>
    public static FeedPace Max() => new(null, false, TimeProvider.System);

    /// <summary>So many a second.</summary>
    public static FeedPace PerSecond(long records, TimeProvider time) => new(records, false, time);

    /// <summary>As far apart as their stamps; one stamped earlier than a record before it goes at once.</summary>
    public static FeedPace RealTime(TimeProvider time) => new(null, true, time);

    /// <summary>How long the next record still has to wait; zero or less when it is due. Counts the record.</summary>
    public TimeSpan WaitFor(in Record record)
    {
        if (perSecond is null && !isRealTime) return TimeSpan.Zero;
        if (count == 0) (start, firstStamp) = (time.GetTimestamp(), record.Time.Nanoseconds);
        var due = perSecond is { } rate ? (double)count / rate : (record.Time.Nanoseconds - firstStamp) / 1e9;
        count++;
        return TimeSpan.FromTicks((long)Math.Round(due * TimeSpan.TicksPerSecond)) - time.GetElapsedTime(start);
    }
}
