using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Calendars;

/// <summary>
/// The stretch of exchange time that one bar covers: from <paramref name="Start"/> (included) to
/// <paramref name="End"/> (excluded), nanoseconds since 1970 UTC, in the trading day
/// <paramref name="Session"/> (days since 1970-01-01, in the venue's own time zone).
/// </summary>
public readonly record struct Bucket(long Start, long End, int Session)
{
    /// <summary>Where there is no trading.</summary>
    public static readonly Bucket None = new(0, 0, int.MinValue);

    /// <summary>Whether there is trading.</summary>
    public bool IsOpen => Session != int.MinValue;
}

/// <summary>
/// When a venue trades, and so where bars begin and end. Buckets of a frame are counted from the open of the
/// session, the last one of a session ends with it; so each bucket lies in one bucket of every larger frame.
/// Computed from rules in the code, never from the machine's time-zone data: the same on every machine.
/// Calendars are immutable and safe for any number of threads.
/// </summary>
public abstract class TradingCalendar
{
    /// <summary>As plans spell it.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// The session that trades at that moment, as a bucket from open to close; <see cref="Bucket.None"/>
    /// outside of trading.
    /// </summary>
    public abstract Bucket SessionAt(Timestamp time);

    /// <summary>
    /// The session that a daily bar stamped <paramref name="stamp"/> is about. Daily bars come stamped at the
    /// open, at any moment of the session, or with a bare date (midnight UTC or midnight at the venue).
    /// </summary>
    public abstract Bucket SessionOfDailyBar(Timestamp stamp);

    /// <summary>The bucket of a frame that holds the moment; <see cref="Bucket.None"/> outside of trading.</summary>
    public Bucket BucketAt(Frame frame, Timestamp time)
    {
        var session = SessionAt(time);
        if (!session.IsOpen || frame == Frame.OneDay) return session;
        var length = frame.Length();
        var start = time.Nanoseconds - ((time.Nanoseconds - session.Start) % length);
        return new Bucket(start, Math.Min(start + length, session.End), session.Session);
    }

    /// <summary>The bucket that a bar made elsewhere is about.</summary>
    public Bucket BucketOfBar(Frame frame, Timestamp stamp) =>
        frame == Frame.OneDay ? SessionOfDailyBar(stamp) : BucketAt(frame, stamp);

    /// <summary>The calendars known, by the name plans use.</summary>
    public static IReadOnlyList<TradingCalendar> All { get; } = [new ContinuousCalendar(), new UsEquitiesCalendar()];

    /// <summary>The calendar of that name, or null.</summary>
    public static TradingCalendar? Find(string name) => All.FirstOrDefault(calendar => calendar.Name == name);
}
