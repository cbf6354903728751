namespace ActorTrading.Domain.Calendars;

/// <summary>Computes dates by weekday, by Easter, or by days since 1970.</summary>
internal static class YearDays
{
    private static readonly int EpochDay = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>Days since 1970-01-01.</summary>
    public static int SinceEpoch(this DateOnly date) => date.DayNumber - EpochDay;

    /// <summary>The date that many days after 1970-01-01.</summary>
    public static DateOnly FromEpoch(int days) => DateOnly.FromDayNumber(EpochDay + days);

    /// <summary>Monday and Sunday of the week of a date, in days since 1970-01-01.</summary>
    public static (int First, int Last) WeekOf(int date)
    {
        var monday = date - ((((date + 3) % 7) + 7) % 7); // 1970-01-01 was a Thursday
        return (monday, monday + 6);
    }

    /// <summary>First and last day of the month of a date, in days since 1970-01-01.</summary>
    public static (int First, int Last) MonthOf(int date)
    {
        var day = FromEpoch(date);
        var first = date - day.Day + 1;
        return (first, first + DateTime.DaysInMonth(day.Year, day.Month) - 1);
    }

    /// <summary>The n-th of a weekday in a month, counted from 1.</summary>
    public static DateOnly Nth(int n, DayOfWeek weekday, int year, int month)
    {
        var first = new DateOnly(year, month, 1);
        return first.AddDays(((weekday - first.DayOfWeek + 7) % 7) + (7 * (n - 1)));
    }

    /// <summary>The last of a weekday in a month.</summary>
    public static DateOnly Last(DayOfWeek weekday, int year, int month)
    {
        var last = new DateOnly(year, month, DateTime.DaysInMonth(year, month));
        return last.AddDays(-((last.DayOfWeek - weekday + 7) % 7));
    }

    /// <summary>Easter Sunday of the Gregorian calendar, by the anonymous algorithm of 1876 (Meeus, Jones, Butcher).</summary>
    public static DateOnly Easter(int year)
    {
        var golden = year % 19;
        var (century, yearOfCentury) = Math.DivRem(year, 100);
        var moonCorrection = ((8 * century) + 13) / 25;
        var epact = ((19 * golden) + century - (century / 4) - moonCorrection + 15) % 30;
        var toSunday = (32 + (2 * (century % 4)) + (2 * (yearOfCentury / 4)) - epact - (yearOfCentury % 4)) % 7;
        var lateMoon = (golden + (11 * epact) + (22 * toSunday)) / 451;
        var (month, dayBefore) = Math.DivRem(epact + toSunday - (7 * lateMoon) + 114, 31);
        return new DateOnly(year, month, dayBefore + 1);
    }
}
