using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Calendars;

/// <summary>
/// The interval of exchange time of one bar: from <paramref name="Start"/> (included) to <paramref name="End"/> (excluded), in nanoseconds
/// since 1970 UTC. <paramref name="Session"/> is its trading day (days since 1970-01-01 in the venue's own calendar; for a week or month
/// its first day).
/// </summary>
public readonly record struct Bucket(long Start, long End, int Session)
{
    /// <summary>The value for a time without trading.</summary>
    public static readonly Bucket None = new(0, 0, int.MinValue);

    /// <summary>Whether the bucket is a time with trading.</summary>
    public bool IsOpen => Session != int.MinValue;

    /// <summary>Whether the moment is within the bucket.</summary>
    public bool Holds(Timestamp time) => IsOpen && time.Nanoseconds >= Start && time.Nanoseconds < End;
}

/// <summary>
/// The trading hours of a venue, which determine the start and end of bars. A trading day has one or more sessions. Buckets of a frame
/// below a day are counted from the open of their session; the last one ends with the session. A day runs from the first open to the last
/// close. Weeks and months consist of whole days. Does not use the machine's time-zone data, so results are the same on every machine.
/// Immutable and thread-safe.
/// </summary>
public abstract class TradingCalendar
{
    /// <summary>The name in messages and reports; for a named calendar its name in plans.</summary>
    public abstract string Name { get; }

    /// <summary>The time zone of the venue's clocks, by its name in the tz database. For display only.</summary>
    public virtual string Zone => "UTC";

    /// <summary>The canonical JSON in a plan: its name in quotes, or an object.</summary>
    public virtual string Json => $"\"{Name}\"";

    /// <summary>
    /// Input of the plan's hash beside <see cref="Json"/>: identifies the data that determine the sessions. Empty if the sessions are
    /// implemented in this assembly.
    /// </summary>
    public virtual string Fingerprint => "";

    /// <summary>Whether <see cref="Counts"/> can return false within a session.</summary>
    public virtual bool HasClosingConditions => false;

    /// <summary>
    /// Whether a print belongs to the session that contains its time. After the close only closing prints do. False if there is no session.
    /// </summary>
    public virtual bool Counts(Timestamp time, string? condition) => SessionAt(time).IsOpen;

    /// <summary>The session at that moment, as a bucket from open to close; <see cref="Bucket.None"/> outside of trading.</summary>
    public abstract Bucket SessionAt(Timestamp time);

    /// <summary>
    /// The trading day of a date (days since 1970-01-01), from its first open to its last close; <see cref="Bucket.None"/>
    /// on a date without trading.
    /// </summary>
    public abstract Bucket DayOf(int date);

    /// <summary>
    /// The venue's date of a daily bar stamped <paramref name="stamp"/>, with or without trading. The stamp of a daily bar is the open, any
    /// moment of the session, or a date only (midnight UTC or midnight at the venue).
    /// </summary>
    public abstract int DateOfDailyBar(Timestamp stamp);

    /// <summary>The trading day of a daily bar stamped <paramref name="stamp"/>.</summary>
    public Bucket SessionOfDailyBar(Timestamp stamp) => DayOf(DateOfDailyBar(stamp));

    /// <summary>The bucket of a frame that contains the moment; <see cref="Bucket.None"/> outside of trading.</summary>
    public Bucket BucketAt(Frame frame, Timestamp time)
    {
        var session = SessionAt(time);
        if (!session.IsOpen) return session;
        if (frame >= Frame.OneDay) return DaysOf(frame, session.Session);
        var length = frame.Length();
        var start = time.Nanoseconds - ((time.Nanoseconds - session.Start) % length);
        return new Bucket(start, Math.Min(start + length, session.End), session.Session);
    }

    /// <summary>The bucket of an external bar.</summary>
    public Bucket BucketOfBar(Frame frame, Timestamp stamp) =>
        frame >= Frame.OneDay ? DaysOf(frame, DateOfDailyBar(stamp)) : BucketAt(frame, stamp);

    /// <summary>
    /// The time before which no bar of the frame can change any more, once a record of <paramref name="time"/> was seen: the start of the
    /// bucket around it, even if there is no trading at that moment; otherwise that moment itself.
    /// </summary>
    public long SettledBy(Frame frame, Timestamp time)
    {
        var bucket = BucketAt(frame, time);
        if (bucket.IsOpen) return bucket.Start;
        if (frame < Frame.OneDay) return time.Nanoseconds;

        // The venue's date equals the UTC date or is one day before or after it.
        var date = time.DayNumber;
        for (var near = date - 1; near <= date + 1; near++)
        {
            var days = DaysOf(frame, near);
            if (days.Holds(time)) return days.Start;
        }

        return time.Nanoseconds;
    }

    /// <summary>The day, week or month of a date, from its first open to its last close.</summary>
    private Bucket DaysOf(Frame frame, int date)
    {
        if (frame == Frame.OneDay) return DayOf(date);
        var (first, last) = frame == Frame.OneWeek ? YearDays.WeekOf(date) : YearDays.MonthOf(date);
        var (begin, end) = (Bucket.None, Bucket.None);
        while (first <= last && !(begin = DayOf(first)).IsOpen) first++;
        while (last >= first && !(end = DayOf(last)).IsOpen) last--;
        return begin.IsOpen ? begin with { End = end.End } : Bucket.None;
    }
}
