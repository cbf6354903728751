using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>
/// How far the timestamp of a record may be ahead of the clock of the receiving machine. A timestamp far in the future, such as one with a
/// wrong century, would close every bar of its symbol and make all later records late.
/// </summary>
public static class ClockLimit
{
    /// <summary>The default limit: one day.</summary>
    public static TimeSpan DefaultMaxAhead { get; } = TimeSpan.FromDays(1);

    /// <summary>The latest timestamp that is accepted now.</summary>
    /// <param name="time">The clock of the receiving machine.</param>
    /// <param name="maxAhead">How far a timestamp may be ahead of that clock; 0 or more.</param>
    public static Timestamp LatestAt(TimeProvider time, TimeSpan maxAhead)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return maxAhead < DateTime.MaxValue - now ? Timestamp.FromDateTime(now + maxAhead) : Timestamp.MaxValue;
    }
}
