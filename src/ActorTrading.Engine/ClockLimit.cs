using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>
/// How far the stamp of a record may be ahead of the clock of the machine that receives it. A stamp of the far future, such as
/// one with a wrong century, would close every bar of its symbol and make all later records late.
/// </summary>
public static class ClockLimit
{
    /// <summary>The limit where none is set: one day.</summary>
    public static TimeSpan DefaultMaxAhead { get; } = TimeSpan.FromDays(1);

    /// <summary>The last stamp that is accepted at this moment.</summary>
    /// <param name="time">The clock of the receiving machine.</param>
    /// <param name="maxAhead">How far a stamp may be ahead of it, 0 or more.</param>
    public static Timestamp LatestAt(TimeProvider time, TimeSpan maxAhead)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return maxAhead < DateTime.MaxValue - now ? Timestamp.FromDateTime(now + maxAhead) : Timestamp.MaxValue;
    }
}
