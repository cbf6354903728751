using ActorTrading.Domain.Records;

namespace ActorTrading.Host.Feeding;

/// <summary>
/// The pace of sending: immediately, at a rate per second, or with the intervals of the timestamps. The schedule starts with the first
/// record, so delays are caught up. Not thread-safe.
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

    /// <summary>Sends immediately.</summary>
    public static FeedPace Max() => new(null, false, TimeProvider.System);

    /// <summary>Sends a fixed number of records per second.</summary>
    public static FeedPace PerSecond(long records, TimeProvider time) => new(records, false, time);

    /// <summary>
    /// Sends with the intervals of the timestamps. A record with an earlier timestamp than a previous one is sent immediately.
    /// </summary>
    public static FeedPace RealTime(TimeProvider time) => new(null, true, time);

    /// <summary>How long the next record has to wait; zero or less when it is due. Counts the record.</summary>
    public TimeSpan WaitFor(in Record record)
    {
        if (perSecond is null && !isRealTime) return TimeSpan.Zero;
        if (count == 0) (start, firstStamp) = (time.GetTimestamp(), record.Time.Nanoseconds);
        var due = perSecond is { } rate ? (double)count / rate : (record.Time.Nanoseconds - firstStamp) / 1e9;
        count++;
        return TimeSpan.FromTicks((long)Math.Round(due * TimeSpan.TicksPerSecond)) - time.GetElapsedTime(start);
    }
}
