using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Calendars;

/// <summary>
/// A session of a compiled calendar: from <paramref name="Open"/> (included) to <paramref name="End"/> (excluded), in nanoseconds since
/// 1970 UTC. From <paramref name="Close"/> on, only closing prints count.
/// </summary>
/// <param name="Date">The trading day, in days since 1970-01-01.</param>
/// <param name="Open">The open.</param>
/// <param name="Close">The close; equal to the end if every price counts.</param>
/// <param name="End">The end of the time in which prices count.</param>
public readonly record struct TradingSession(int Date, long Open, long Close, long End);

/// <summary>
/// A calendar compiled into UTC intervals. It needs no time zone and no rules at runtime: each query is a table lookup. There is no trading
/// outside of the compiled dates. Immutable and thread-safe.
/// </summary>
public sealed class SessionCalendar : TradingCalendar
{
    private readonly TradingSession[] sessions;
    private readonly string[] conditions;
    private readonly long[] midnights;
    private readonly int firstDate;
    private readonly int[] ofUtcDay; // the first session that ends after the start of that UTC day
    private readonly int firstUtcDay;
    private readonly int[] ofDate; // the first session of that date or a later one

    /// <summary>Creates a calendar from its sessions.</summary>
    /// <param name="origin">The definition from which it was compiled.</param>
    /// <param name="sessions">All sessions, in order. Sessions must not overlap, and their dates must not decrease.</param>
    /// <param name="firstDate">The first date compiled, in days since 1970-01-01.</param>
    /// <param name="midnights">Start of each date at the venue, from the first date on, and the end of the last date.</param>
    /// <exception cref="ArgumentException">The sessions are not in order.</exception>
    public SessionCalendar(CalendarOrigin origin, IEnumerable<TradingSession> sessions, int firstDate, IEnumerable<long> midnights)
    {
        (Name, Json, Fingerprint, Zone) = (origin.Name, origin.Json, origin.Fingerprint, origin.Zone);
        conditions = [.. origin.ClosingConditions];
        this.sessions = [.. sessions];
        this.midnights = [.. midnights];
        this.firstDate = firstDate;
        for (var i = 0; i < this.sessions.Length; i++)
        {
            var (session, last) = (this.sessions[i], i == 0 ? default : this.sessions[i - 1]);
            var isInOrder = session.Open < session.Close && session.Close <= session.End
                && (i == 0 || (last.End <= session.Open && last.Date <= session.Date));
            if (!isInOrder) throw new ArgumentException($"session {i} of date {session.Date} is not in order", nameof(sessions));
        }

        firstUtcDay = new Timestamp(this.midnights[0]).DayNumber;
        var lastUtcDay = new Timestamp(this.midnights[^1]).DayNumber;
        ofUtcDay = Index(lastUtcDay - firstUtcDay + 1, (session, day) => session.End > (firstUtcDay + day) * Timestamp.Day);
        ofDate = Index(this.midnights.Length, (session, date) => session.Date >= firstDate + date);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Zone { get; }

    /// <inheritdoc/>
    public override string Json { get; }

    /// <inheritdoc/>
    public override string Fingerprint { get; }

    /// <inheritdoc/>
    public override bool HasClosingConditions => conditions.Length > 0;

    /// <summary>All sessions, in their order.</summary>
    public ReadOnlySpan<TradingSession> Sessions => sessions;

    /// <inheritdoc/>
    public override Bucket SessionAt(Timestamp time)
    {
        var at = IndexAt(time);
        return at < 0 ? Bucket.None : new Bucket(sessions[at].Open, sessions[at].End, sessions[at].Date);
    }

    /// <inheritdoc/>
    public override Bucket DayOf(int date)
    {
        var day = date - firstDate;
        if (day < 0 || day + 1 >= ofDate.Length) return Bucket.None;
        var (first, next) = (ofDate[day], ofDate[day + 1]);
        return first == next ? Bucket.None : new Bucket(sessions[first].Open, sessions[next - 1].End, date);
    }

    /// <summary>
    /// Midnight UTC means that date. A time within a session means the date of that session. Any other time means the venue's local date.
    /// </summary>
    public override int DateOfDailyBar(Timestamp stamp)
    {
        if (stamp.Nanoseconds % Timestamp.Day == 0) return stamp.DayNumber;
        var session = SessionAt(stamp);
        if (session.IsOpen) return session.Session;
        var at = midnights.AsSpan().BinarySearch(stamp.Nanoseconds);
        return firstDate + (at >= 0 ? at : ~at - 1);
    }

    /// <inheritdoc/>
    public override bool Counts(Timestamp time, string? condition)
    {
        var at = IndexAt(time);
        return at >= 0 && (time.Nanoseconds < sessions[at].Close || conditions.Length == 0 || IsClosing(condition));
    }

    private int IndexAt(Timestamp time)
    {
        var day = time.DayNumber - firstUtcDay;
        if (day < 0 || day >= ofUtcDay.Length) return -1;
        var at = ofUtcDay[day];
        while (at < sessions.Length && sessions[at].End <= time.Nanoseconds) at++;
        return at < sessions.Length && sessions[at].Open <= time.Nanoseconds ? at : -1;
    }

    /// <summary>Whether the sale condition is one of a closing print, alone or as one of several words.</summary>
    private bool IsClosing(ReadOnlySpan<char> condition)
    {
        foreach (var known in conditions)
        {
            if (condition.SequenceEqual(known)) return true;
            foreach (var word in condition.SplitAny(' ', ','))
            {
                if (condition[word].SequenceEqual(known)) return true;
            }
        }

        return false;
    }

    /// <summary>For each day the first session that satisfies the predicate. The predicate must be monotonic over the days.</summary>
    private int[] Index(int days, Func<TradingSession, int, bool> holds)
    {
        var index = new int[days];
        var at = 0;
        for (var day = 0; day < days; day++)
        {
            while (at < sessions.Length && !holds(sessions[at], day)) at++;
            index[day] = at;
        }

        return index;
    }
}

/// <summary>The origin of a compiled calendar.</summary>
/// <param name="Name">See <see cref="TradingCalendar.Name"/>.</param>
/// <param name="Json">See <see cref="TradingCalendar.Json"/>.</param>
/// <param name="Fingerprint">See <see cref="TradingCalendar.Fingerprint"/>.</param>
/// <param name="ClosingConditions">The sale conditions of closing prints; empty if every price within a session counts.</param>
public sealed record CalendarOrigin(string Name, string Json, string Fingerprint, IReadOnlyList<string> ClosingConditions)
{
    /// <summary>See <see cref="TradingCalendar.Zone"/>.</summary>
    public string Zone { get; init; } = "UTC";
}
