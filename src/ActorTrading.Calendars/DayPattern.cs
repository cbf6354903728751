using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrading.Domain.Calendars;

namespace ActorTrading.Calendars;

/// <summary>
/// Date patterns in calendars: <c>2024-09-06</c>, <c>2019-04-30..2019-05-02</c>, <c>12-25</c>, <c>easter -2</c>, <c>last monday of may</c>,
/// <c>lunar 01-01</c> (the Chinese calendar), <c>qingming</c>, <c>vernal equinox</c> and <c>autumnal equinox</c> (of Japan), each with an
/// optional offset in days.
/// </summary>
internal sealed partial class DayPattern
{
    public const string Expected =
        "a day such as 2024-09-06, 2019-04-30..2019-05-02, 12-25, easter -2, last monday of may, lunar 01-01, qingming, "
        + "vernal equinox or autumnal equinox";

    private static readonly string[] Ordinals = ["first", "second", "third", "fourth"];
    private static readonly string[] Months =
        [.. CultureInfo.InvariantCulture.DateTimeFormat.MonthNames.Select(name => name.ToLowerInvariant())];
    private static readonly ChineseLunisolarCalendar Chinese = new();

    private readonly Func<int, IEnumerable<DateOnly>> inYear;
    private readonly int offset;

    private DayPattern(string text, int offset, Func<int, IEnumerable<DateOnly>> inYear) =>
        (Text, this.offset, this.inYear) = (text, offset, inYear);

    /// <summary>The text of the pattern.</summary>
    public string Text { get; }

    /// <summary>The days of the pattern in a year.</summary>
    public IEnumerable<DateOnly> In(int year) => inYear(year).Select(day => day.AddDays(offset));

    /// <summary>Parses a pattern; null if the text is not one.</summary>
    public static DayPattern? Parse(string text)
    {
        var match = WithOffset().Match(text);
        if (!match.Success) return null;
        var offset = match.Groups["offset"] is { Success: true } group
            ? int.Parse(group.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        return OfDays(match.Groups["day"].Value) is { } days ? new DayPattern(text, offset, days) : null;
    }

    /// <summary>Parses a date, <c>yyyy-MM-dd</c>.</summary>
    public static bool TryParseDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    private static Func<int, IEnumerable<DateOnly>>? OfDays(string text)
    {
        if (TryParseDate(text, out var date)) return year => year == date.Year ? [date] : [];
        if (text.Split("..") is [var from, var to] && TryParseDate(from, out var first) && TryParseDate(to, out var last) && first <= last)
        {
            return year => Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays).Where(day => day.Year == year);
        }

        return text switch
        {
            "easter" => year => [YearDays.Easter(year)],
            "qingming" => year => [new DateOnly(year, 4, SolarTerm(year, 4.81))],
            "vernal equinox" => year => [new DateOnly(year, 3, Equinox(year, 20.8431))],
            "autumnal equinox" => year => [new DateOnly(year, 9, Equinox(year, 23.2488))],
            _ when text.StartsWith("lunar ", StringComparison.Ordinal) && TryParseMonthDay(text[6..], out var month, out var day)
                && day <= 30 => year => Lunar(year, month, day),
            _ when TryParseMonthDay(text, out var month, out var day) =>
                year => day <= DateTime.DaysInMonth(year, month) ? [new DateOnly(year, month, day)] : [],
            _ => OfWeekday(text),
        };
    }

    private static Func<int, IEnumerable<DateOnly>>? OfWeekday(string text)
    {
        if (text.Split(' ') is not [var which, var weekdayName, "of", var monthName]) return null;
        var (nth, month) = (Array.IndexOf(Ordinals, which) + 1, Array.IndexOf(Months, monthName) + 1);
        if (!Weekdays.TryParse(weekdayName, out var weekday) || month is < 1 or > 12 || (nth == 0 && which != "last")) return null;
        return year => [nth == 0 ? YearDays.Last(weekday, year, month) : YearDays.Nth(nth, weekday, year, month)];
    }

    private static bool TryParseMonthDay(string text, out int month, out int day)
    {
        (month, day) = (0, 0);
        // In a leap year, so that 02-29 is valid.
        if (!TryParseDate("2000-" + text, out var date)) return false;
        (month, day) = (date.Month, date.Day);
        return true;
    }

    /// <summary>
    /// A day of the Chinese year that begins in that year. None outside of 1901 to 2100, and none for a 30th if the month has 29 days.
    /// </summary>
    private static IEnumerable<DateOnly> Lunar(int year, int month, int day)
    {
        if (year is < 1901 or > 2100) return [];
        var leap = Chinese.GetLeapMonth(year); // as a number among 13; later months are shifted by one
        var place = leap > 0 && month >= leap ? month + 1 : month;
        return day <= Chinese.GetDaysInMonth(year, place) ? [DateOnly.FromDateTime(Chinese.ToDateTime(year, place, day, 0, 0, 0, 0))] : [];
    }

    /// <summary>
    /// The day in April of the solar term "pure brightness" (qingming), by the formula of almanacs; correct for 1901 to 2099.
    /// </summary>
    private static int SolarTerm(int year, double ofCentury)
    {
        var inCentury = year % 100;
        var constant = year < 2000 ? ofCentury + 0.78 : ofCentury;
        return (int)((inCentury * 0.2422) + constant) - (inCentury / 4);
    }

    /// <summary>The day of the month of an equinox in Japan, by the usual approximation; correct for 1980 to 2099.</summary>
    private static int Equinox(int year, double day1980) =>
        (int)(day1980 + (0.242194 * (year - 1980))) - (int)Math.Floor((year - 1980) / 4.0);

    [GeneratedRegex(@"^(?<day>\S.*?)( (?<offset>[+-][0-9]{1,3}))?$")]
    private static partial Regex WithOffset();
}
