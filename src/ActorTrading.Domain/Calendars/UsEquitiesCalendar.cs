using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Calendars;

/// <summary>
/// The regular session of US equities: 09:30 to 16:00 New York time, to 13:00 on half days, none on weekends and holidays. The open is
/// included, the close is excluded. See docs/calendars.md for the years that are covered.
/// </summary>
public sealed class UsEquitiesCalendar : TradingCalendar
{
    private const int FirstYear = 1677;
    private const int LastYear = 2262;
    private const long Open = (9 * Timestamp.Hour) + (30 * Timestamp.Minute);
    private const long Close = 16 * Timestamp.Hour;

    // The sessions of each year by day of year, created at first use. Two threads may create the same table; both copies are equal, and a
    // reference is written atomically.
    private readonly Bucket[]?[] years = new Bucket[LastYear - FirstYear + 1][];

    /// <inheritdoc/>
    public override string Name => "us-equities";

    /// <inheritdoc/>
    public override string Zone => "America/New_York";

    /// <inheritdoc/>
    public override Bucket SessionAt(Timestamp time)
    {
        // A session is between 13:30 and 21:00 UTC, so New York and UTC have the same date.
        var session = DayOf(time.DayNumber);
        return time.Nanoseconds >= session.Start && time.Nanoseconds < session.End ? session : Bucket.None;
    }

    /// <inheritdoc/>
    public override Bucket DayOf(int date)
    {
        var day = YearDays.FromEpoch(date);
        var sessions = years[day.Year - FirstYear] ??= SessionsOf(day.Year);
        return sessions[day.DayOfYear - 1];
    }

    /// <summary>Midnight UTC means that date; any other time means its New York date.</summary>
    public override int DateOfDailyBar(Timestamp stamp) =>
        stamp.Nanoseconds % Timestamp.Day == 0 ? stamp.DayNumber : NewYorkTime.DateAt(stamp);

    private static Bucket[] SessionsOf(int year)
    {
        var first = new DateOnly(year, 1, 1);
        var sessions = new Bucket[DateTime.IsLeapYear(year) ? 366 : 365];
        for (var i = 0; i < sessions.Length; i++)
        {
            var day = first.AddDays(i);
            sessions[i] = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? Bucket.None : Session(day, Close);
        }

        foreach (var (day, close) in UsEquitiesHolidays.EarlyCloses(year))
        {
            if (sessions[day.DayOfYear - 1].IsOpen) sessions[day.DayOfYear - 1] = Session(day, close.Ticks * 100);
        }

        foreach (var day in UsEquitiesHolidays.Closings(year)) sessions[day.DayOfYear - 1] = Bucket.None;
        return sessions;
    }

    private static Bucket Session(DateOnly day, long close)
    {
        var date = day.SinceEpoch();
        return new Bucket(NewYorkTime.At(date, Open).Nanoseconds, NewYorkTime.At(date, close).Nanoseconds, date);
    }
}
