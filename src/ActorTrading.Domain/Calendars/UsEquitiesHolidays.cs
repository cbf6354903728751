namespace ActorTrading.Domain.Calendars;

/// <summary>
/// Holidays and half days of US equities: the rules of the New York Stock Exchange (its Rule 7.2, formerly 51) and a list of dates that no
/// rule covers. Holidays are correct from 1971 on, early closes from 1985 on. For earlier years today's rules are applied. Source of the
/// dated lists: the exchange's own record of "Special Closings", as also kept by pandas_market_calendars and exchange_calendars.
/// </summary>
internal static class UsEquitiesHolidays
{
    private static readonly DateOnly[] SpecialClosings =
    [
        new(1972, 11, 7), // presidential election
        new(1972, 12, 28), // funeral of Truman
        new(1973, 1, 25), // funeral of Johnson
        new(1976, 11, 2), // presidential election
        new(1977, 7, 14), // blackout in New York
        new(1980, 11, 4), // presidential election
        new(1985, 9, 27), // hurricane Gloria
        new(1994, 4, 27), // funeral of Nixon
        new(2001, 9, 11), new(2001, 9, 12), new(2001, 9, 13), new(2001, 9, 14), // attack on the World Trade Center
        new(2004, 6, 11), // mourning for Reagan
        new(2007, 1, 2), // mourning for Ford
        new(2012, 10, 29), new(2012, 10, 30), // hurricane Sandy
        new(2018, 12, 5), // mourning for G. H. W. Bush
        new(2025, 1, 9), // mourning for Carter
    ];

    /// <summary>Early closes on the weekdays from the first day to the last, in New York time.</summary>
    private static readonly (DateOnly First, DateOnly Last, TimeOnly Close)[] SpecialEarlyCloses =
    [
        (new(1987, 10, 23), new(1987, 10, 30), new(14, 0)), // backlog after the crash
        (new(1987, 11, 2), new(1987, 11, 4), new(14, 30)),
        (new(1987, 11, 5), new(1987, 11, 6), new(15, 0)),
        (new(1987, 11, 9), new(1987, 11, 11), new(15, 30)),
        (new(1994, 2, 11), new(1994, 2, 11), new(14, 30)), // snow
        (new(1996, 1, 8), new(1996, 1, 8), new(14, 0)), // snow
        (new(1997, 10, 27), new(1997, 10, 27), new(15, 30)), // circuit breaker, all venues
        (new(1997, 12, 26), new(1997, 12, 26), new(13, 0)), // Friday after Christmas
        (new(2003, 12, 26), new(2003, 12, 26), new(13, 0)), // Friday after Christmas
    ];

    /// <summary>The weekdays of a year without trading.</summary>
    public static IEnumerable<DateOnly> Closings(int year) =>
        Regular(year).Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            .Concat(SpecialClosings.Where(day => day.Year == year));

    /// <summary>The half days of a year with their close. A holiday on the same day takes precedence.</summary>
    public static IEnumerable<(DateOnly Day, TimeOnly Close)> EarlyCloses(int year)
    {
        if (year >= 1992) yield return (Thanksgiving(year).AddDays(1), EarlyClose(year));
        if (year >= 1990 && IsMondayToThursday(new(year, 12, 24))) yield return (new(year, 12, 24), EarlyClose(year));
        if (year >= 1995 && AroundIndependenceDay(year) is { } day) yield return (day, EarlyClose(year));
        foreach (var (first, last, close) in SpecialEarlyCloses)
        {
            if (first.Year != year) continue;
            for (var special = first; special <= last; special = special.AddDays(1)) yield return (special, close);
        }
    }

    private static IEnumerable<DateOnly> Regular(int year)
    {
        // If New Year's Day is a Saturday, there is no holiday: the Friday before closes the books of the old year.
        yield return MondayIfSunday(new(year, 1, 1));
        if (year >= 1998) yield return YearDays.Nth(3, DayOfWeek.Monday, year, 1); // Martin Luther King
        yield return YearDays.Nth(3, DayOfWeek.Monday, year, 2); // Washington
        yield return YearDays.Easter(year).AddDays(-2); // Good Friday
        yield return YearDays.Last(DayOfWeek.Monday, year, 5); // Memorial Day
        if (year >= 2022) yield return NearestWeekday(new(year, 6, 19)); // Juneteenth
        yield return NearestWeekday(new(year, 7, 4)); // Independence Day
        yield return YearDays.Nth(1, DayOfWeek.Monday, year, 9); // Labor Day
        yield return Thanksgiving(year);
        yield return NearestWeekday(new(year, 12, 25)); // Christmas
    }

    private static DateOnly Thanksgiving(int year) => YearDays.Nth(4, DayOfWeek.Thursday, year, 11);

    private static TimeOnly EarlyClose(int year) => year < 1993 ? new(14, 0) : new(13, 0);

    /// <summary>
    /// The half day next to the Fourth of July, if that is a Tuesday to Friday: the day before. Until 2012, for a Thursday: the Friday
    /// after.
    /// </summary>
    private static DateOnly? AroundIndependenceDay(int year)
    {
        var fourth = new DateOnly(year, 7, 4);
        return fourth.DayOfWeek switch
        {
            DayOfWeek.Thursday when year < 2013 => fourth.AddDays(1),
            >= DayOfWeek.Tuesday and <= DayOfWeek.Friday => fourth.AddDays(-1),
            _ => null,
        };
    }

    private static bool IsMondayToThursday(DateOnly day) => day.DayOfWeek is >= DayOfWeek.Monday and <= DayOfWeek.Thursday;

    private static DateOnly MondayIfSunday(DateOnly day) => day.DayOfWeek == DayOfWeek.Sunday ? day.AddDays(1) : day;

    private static DateOnly NearestWeekday(DateOnly day) =>
        day.DayOfWeek == DayOfWeek.Saturday ? day.AddDays(-1) : MondayIfSunday(day);
}
