using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Calendars;

/// <summary>
/// Local time of New York: UTC-5, in summer UTC-4, changed at two in the morning. Rules: the Uniform Time Act of 1966 and its amendments,
/// with exceptions for the two winters of the oil crisis (1974, 1975). The rule of 1967 is applied to all earlier years; New York used it
/// from 1955 on, not before.
/// </summary>
public static class NewYorkTime
{
    /// <summary>Nanoseconds to add to UTC in winter.</summary>
    public const long Standard = -5 * Timestamp.Hour;

    /// <summary>Nanoseconds to add to UTC in summer.</summary>
    public const long Daylight = -4 * Timestamp.Hour;

    /// <summary>Nanoseconds to add to UTC at that moment.</summary>
    public static long OffsetAt(Timestamp utc)
    {
        var year = YearDays.FromEpoch(utc.DayNumber).Year;
        return utc >= SummerBegins(year) && utc < SummerEnds(year) ? Daylight : Standard;
    }

    /// <summary>The date in New York at that moment, in days since 1970-01-01.</summary>
    public static int DateAt(Timestamp utc) => new Timestamp(utc.Nanoseconds + OffsetAt(utc)).DayNumber;

    /// <summary>
    /// Converts New York time to UTC: <paramref name="timeOfDay"/> (nanoseconds since midnight, below 24 hours) on a date (days since
    /// 1970-01-01). A time that occurs twice in autumn means the first one. A time that is skipped in spring is read as winter time.
    /// </summary>
    public static Timestamp At(int date, long timeOfDay)
    {
        var clock = (date * Timestamp.Day) + timeOfDay;
        var summer = new Timestamp(clock - Daylight);
        return OffsetAt(summer) == Daylight ? summer : new Timestamp(clock - Standard);
    }

    private static Timestamp SummerBegins(int year) => TwoInTheMorning(
        year switch
        {
            >= 2007 => YearDays.Nth(2, DayOfWeek.Sunday, year, 3),
            >= 1987 => YearDays.Nth(1, DayOfWeek.Sunday, year, 4),
            1975 => new DateOnly(1975, 2, 23),
            1974 => new DateOnly(1974, 1, 6),
            _ => YearDays.Last(DayOfWeek.Sunday, year, 4),
        },
        Standard);

    private static Timestamp SummerEnds(int year) => TwoInTheMorning(
        year >= 2007 ? YearDays.Nth(1, DayOfWeek.Sunday, year, 11) : YearDays.Last(DayOfWeek.Sunday, year, 10),
        Daylight);

    private static Timestamp TwoInTheMorning(DateOnly date, long offset) =>
        new((date.SinceEpoch() * Timestamp.Day) + (2 * Timestamp.Hour) - offset);
}
