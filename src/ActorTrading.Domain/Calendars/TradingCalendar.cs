using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Calendars;

/// <summary>
/// The stretch of exchange time that one bar covers: from <paramref name="Start"/> (included) to
/// <paramref name="End"/> (excluded), nanoseconds since 1970 UTC, in the trading day
/// <paramref name="Session"/> (days since 1970-01-01, in the venue's own calendar; the first day of a week or month).
/// </summary>
public readonly record struct Bucket(long Start, long End, int Session)
{
    /// <summary>Where there is no trading.</summary>
    public static readonly Bucket None = new(0, 0, int.MinValue);

    /// <summary>Whether there is trading.</summary>
    public bool IsOpen => Session != int.MinValue;

    /// <summary>Whether the moment lies in it.</summary>
    public bool Holds(Timestamp time) => IsOpen && time.Nanoseconds >= Start && time.Nanoseconds < End;
}

/// <summary>
/// When a venue trades, and so where bars begin and end. A trading day has one session or several. Buckets of a frame below a
/// day are counted from the open of their session, and the last one ends with it; a day runs from the first open to the
/// last close; weeks and months are whole days. Never asks for the machine's time-zone data: the same on every machine.
/// Calendars are immutable and safe for any number of threads.
/// </summary>
public abstract class TradingCalendar
{
    /// <summary>What messages and reports call it; for a named calendar the name in plans.</summary>
    public abstract string Name { get; }

    /// <summary>The time zone of the venue's clocks, by its name in the tz database. For display only.</summary>
    public virtual string Zone => "UTC";

    /// <summary>What a plan says of it, as canonical JSON: its name in quotes, or an object.</summary>
    public virtual string Json => $"\"{Name}\"";

    /// <summary>
    /// What decides its sessions beside <see cref="Json"/>, for the hash of plans: empty where that is rules in this assembly.
    /// </summary>
    public virtual string Fingerprint => "";

    /// <summary>Whether <see cref="Counts"/> may say no.</summary>
    public virtual bool HasClosingConditions => false;

    /// <summary>
    /// Whether a print that is stamped within a session belongs to it: after the close, closing prints do. No if there is no session.
    /// </summary>
    public virtual bool Counts(Timestamp time, string? condition) => SessionAt(time).IsOpen;

    /// <summary>
    /// The session that trades at that moment, as a bucket from open to close; <see cref="Bucket.None"/>
    /// outside of trading.
    /// </summary>
    public abstract Bucket SessionAt(Timestamp time);

    /// <summary>
    /// The trading day of a date (days since 1970-01-01), from its first open to its last close; <see cref="Bucket.None"/>
    /// on a date without trading.
    /// </summary>
    public abstract Bucket DayOf(int date);

    /// <summary>
    /// The date, in the venue's calendar, that a daily bar stamped <paramref name="stamp"/> is about, whether or not it is one of
    /// trading. Daily bars come stamped at the open, at any moment of the session, or with a bare date (midnight UTC
    /// or midnight at the venue).
    /// </summary>
    public abstract int DateOfDailyBar(Timestamp stamp);

    /// <summary>The trading day that a daily bar stamped <paramref name="stamp"/> is about.</summary>
    public Bucket SessionOfDailyBar(Timestamp stamp) => DayOf(DateOfDailyBar(stamp));

    /// <summary>The bucket of a frame that holds the moment; <see cref="Bucket.None"/> outside of trading.</summary>
    public Bucket BucketAt(Frame frame, Timestamp time)
    {
        var session = SessionAt(time);
        if (!session.IsOpen) return session;
        if (frame >= Frame.OneDay) return DaysOf(frame, session.Session);
        var length = frame.Length();
        var start = time.Nanoseconds - ((time.Nanoseconds - session.Start) % length);
        return new Bucket(start, Math.Min(start + length, session.End), session.Session);
    }

    /// <summary>The bucket that a bar made elsewhere is about.</summary>
    public Bucket BucketOfBar(Frame frame, Timestamp stamp) =>
        frame >= Frame.OneDay ? DaysOf(frame, DateOfDailyBar(stamp)) : BucketAt(frame, stamp);

    /// <summary>
    /// The moment before which no bar of the frame can change any more, once <paramref name="time"/> has been heard of: the start of the
    /// bucket around it, with or without trading at that very moment; the moment itself where there is none.
    /// </summary>
    public long SettledBy(Frame frame, Timestamp time)
    {
        var bucket = BucketAt(frame, time);
        if (bucket.IsOpen) return bucket.Start;
        if (frame < Frame.OneDay) return time.Nanoseconds;

        // The venue's date is that of UTC or one beside it.
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
