using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Calendars;

public class UsEquitiesCalendarTests
{
    private readonly UsEquitiesCalendar calendar = new();

    [Fact]
    public void Plans_FindTheCalendarByName() => Assert.IsType<UsEquitiesCalendar>(BuiltInCalendars.Find("us-equities"));

    [Theory]
    [InlineData("2024-07-09", "13:30", "20:00")] // summer
    [InlineData("2024-01-09", "14:30", "21:00")] // winter
    [InlineData("2024-03-08", "14:30", "21:00")] // the Friday before the clocks change, and the Monday after
    [InlineData("2024-03-11", "13:30", "20:00")]
    [InlineData("2024-11-01", "13:30", "20:00")]
    [InlineData("2024-11-04", "14:30", "21:00")]
    [InlineData("2006-03-13", "14:30", "21:00")] // summer began in April then
    [InlineData("2006-04-03", "13:30", "20:00")]
    [InlineData("2007-03-12", "13:30", "20:00")]
    [InlineData("1987-04-06", "13:30", "20:00")]
    [InlineData("1986-04-07", "14:30", "21:00")]
    [InlineData("1974-01-07", "13:30", "20:00")] // summer time in January
    public void Session_IsHalfPastNineToFourInNewYork(string date, string open, string close)
    {
        var session = calendar.SessionAt(At(date, open));
        Assert.Equal(new Bucket(At(date, open).Nanoseconds, At(date, close).Nanoseconds, Moments.Date(date)), session);
        Assert.Equal(Bucket.None, calendar.SessionAt(new(session.Start - 1)));
        Assert.Equal(session, calendar.SessionAt(new(session.End - 1)));
        Assert.Equal(Bucket.None, calendar.SessionAt(new(session.End)));
    }

    [Theory]
    [InlineData(1986, "01-01 02-17 03-28 05-26 07-04 09-01 11-27 12-25")] // no Martin Luther King, no Juneteenth yet
    [InlineData(1985, "01-01 02-18 04-05 05-27 07-04 09-02 09-27 11-28 12-25")] // Gloria
    [InlineData(1994, "02-21 04-01 04-27 05-30 07-04 09-05 11-24 12-26")] // 1 January on a Saturday, Christmas on a Sunday; Nixon
    [InlineData(1998, "01-01 01-19 02-16 04-10 05-25 07-03 09-07 11-26 12-25")] // 4 July on a Saturday
    [InlineData(1999, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24")] // Christmas on a Saturday, and no 31 December
    [InlineData(2001, "01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25")]
    [InlineData(2007, "01-01 01-02 01-15 02-19 04-06 05-28 07-04 09-03 11-22 12-25")] // Ford
    [InlineData(2010, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24")]
    [InlineData(2011, "01-17 02-21 04-22 05-30 07-04 09-05 11-24 12-26")]
    [InlineData(2012, "01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25")] // Sandy
    [InlineData(2021, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24")] // Juneteenth a law, not yet a holiday of the exchange
    [InlineData(2022, "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26")] // Juneteenth on a Sunday
    [InlineData(2024, "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25")]
    [InlineData(2025, "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25")] // Carter
    [InlineData(2026, "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25")]
    [InlineData(2027, "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24")] // Juneteenth on a Saturday
    public void Holidays_AreThoseOfTheExchange(int year, string days) =>
        Assert.Equal(days.Split(' ').Select(day => $"{year}-{day}"), WeekdaysWithoutSession(year));

    [Theory]
    [InlineData(1989, "")]
    [InlineData(1990, "12-24 14:00")]
    [InlineData(1992, "11-27 14:00, 12-24 14:00")]
    [InlineData(1993, "11-26 13:00")]
    [InlineData(1995, "07-03 13:00, 11-24 13:00")]
    [InlineData(1996, "01-08 14:00, 07-05 13:00, 11-29 13:00, 12-24 13:00")] // the Friday after Thursday the fourth; snow
    [InlineData(1997, "07-03 13:00, 10-27 15:30, 11-28 13:00, 12-24 13:00, 12-26 13:00")]
    [InlineData(1998, "11-27 13:00, 12-24 13:00")]
    [InlineData(1999, "11-26 13:00")]
    [InlineData(2002, "07-05 13:00, 11-29 13:00, 12-24 13:00")]
    [InlineData(2003, "07-03 13:00, 11-28 13:00, 12-24 13:00, 12-26 13:00")]
    [InlineData(2008, "07-03 13:00, 11-28 13:00, 12-24 13:00")] // not 26 December, although it is a Friday
    [InlineData(2009, "11-27 13:00, 12-24 13:00")]
    [InlineData(2012, "07-03 13:00, 11-23 13:00, 12-24 13:00")]
    [InlineData(2013, "07-03 13:00, 11-29 13:00, 12-24 13:00")] // from this year on, the Wednesday before Thursday the fourth
    [InlineData(2015, "11-27 13:00, 12-24 13:00")] // 3 July was the holiday, 2 July a full day
    [InlineData(2016, "11-25 13:00")]
    [InlineData(2019, "07-03 13:00, 11-29 13:00, 12-24 13:00")]
    [InlineData(2020, "11-27 13:00, 12-24 13:00")]
    [InlineData(2021, "11-26 13:00")]
    [InlineData(2022, "11-25 13:00")]
    [InlineData(2023, "07-03 13:00, 11-24 13:00")]
    [InlineData(2024, "07-03 13:00, 11-29 13:00, 12-24 13:00")]
    [InlineData(2025, "07-03 13:00, 11-28 13:00, 12-24 13:00")]
    public void HalfDays_AreThoseOfTheExchange(int year, string days) =>
        Assert.Equal(days, string.Join(", ", SessionsOf(year)
            .Select(session => (session.Session, Close: TimeInNewYork(session.End)))
            .Where(session => session.Close != "16:00")
            .Select(session => $"{Moments.Text(session.Session)[5..]} {session.Close}")));

    [Fact]
    public void AfterTheCrashOf1987_TradingStoppedEarlyForThreeWeeks() =>
        Assert.Equal(
            "10-23 10-26 10-27 10-28 10-29 10-30 11-02 11-03 11-04 11-05 11-06 11-09 11-10 11-11",
            string.Join(' ', SessionsOf(1987).Where(session => TimeInNewYork(session.End) != "16:00")
                .Select(session => Moments.Text(session.Session)[5..])));

    [Fact]
    public void EverySession_OpensAtHalfPastNine() =>
        Assert.All(Enumerable.Range(1970, 100).SelectMany(SessionsOf), session => Assert.Equal("09:30", TimeInNewYork(session.Start)));

    [Theory]
    [InlineData("2024-07-09T00:00:00Z", "2024-07-09")] // bare date
    [InlineData("2024-07-09T04:00:00Z", "2024-07-09")] // midnight in New York, summer
    [InlineData("2024-01-09T05:00:00Z", "2024-01-09")] // midnight in New York, winter
    [InlineData("2024-07-09T13:30:00Z", "2024-07-09")] // open
    [InlineData("2024-07-09T17:11:12.5Z", "2024-07-09")]
    [InlineData("2024-07-09T20:00:00Z", "2024-07-09")] // close
    [InlineData("2024-07-10T03:59:59Z", "2024-07-09")] // the evening in New York
    public void DailyBar_IsAboutTheDateThatItsStampSays(string stamp, string date)
    {
        var session = calendar.SessionOfDailyBar(Moments.Utc(stamp));
        Assert.Equal(Moments.Date(date), session.Session);
        Assert.Equal(session, calendar.BucketOfBar(Frame.OneDay, Moments.Utc(stamp)));
        Assert.Equal("09:30", TimeInNewYork(session.Start));
    }

    [Theory]
    [InlineData("2024-07-04T00:00:00Z")]
    [InlineData("2024-07-04T14:00:00Z")]
    [InlineData("2024-07-06T00:00:00Z")] // a Saturday
    [InlineData("2024-07-07T00:00:00Z")] // a Sunday
    [InlineData("2024-12-25T05:00:00Z")]
    public void DailyBar_OfADayWithoutTrading_HasNoSession(string stamp)
    {
        Assert.Equal(Bucket.None, calendar.SessionOfDailyBar(Moments.Utc(stamp)));
        Assert.Equal(Bucket.None, calendar.SessionAt(Moments.Utc(stamp)));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MinValue + Timestamp.Day)]
    [InlineData(long.MaxValue - Timestamp.Day)]
    [InlineData(long.MaxValue)]
    public void AbsurdMoment_IsAnsweredWithoutFailing(long nanoseconds)
    {
        var session = calendar.SessionAt(new(nanoseconds));
        Assert.True(!session.IsOpen || (session.Start <= nanoseconds && nanoseconds < session.End));
        calendar.SessionOfDailyBar(new(nanoseconds));
    }

    [Fact]
    public void ManyThreads_SeeTheSameSessions()
    {
        var days = Enumerable.Range(0, 20_000).ToArray();
        var expected = days.Select(calendar.DayOf).ToArray();
        var shared = new UsEquitiesCalendar();
        Parallel.For(0, 8, _ =>
        {
            foreach (var day in days) Assert.Equal(expected[day], shared.DayOf(day));
        });
    }

    private IEnumerable<Bucket> SessionsOf(int year)
    {
        for (var day = Moments.Date($"{year}-01-01"); day < Moments.Date($"{year + 1}-01-01"); day++)
        {
            if (calendar.DayOf(day) is { IsOpen: true } session) yield return session;
        }
    }

    private IEnumerable<string> WeekdaysWithoutSession(int year)
    {
        for (var day = Moments.Date($"{year}-01-01"); day < Moments.Date($"{year + 1}-01-01"); day++)
        {
            var weekday = new Timestamp(day * Timestamp.Day).ToDateTime().DayOfWeek;
            var session = calendar.DayOf(day);
            if (weekday is DayOfWeek.Saturday or DayOfWeek.Sunday) Assert.Equal(Bucket.None, session);
            else if (!session.IsOpen) yield return Moments.Text(day);
        }
    }

    private static Timestamp At(string date, string utc) => Moments.Utc($"{date}T{utc}:00Z");

    private static string TimeInNewYork(long nanoseconds) =>
        new Timestamp(nanoseconds + NewYorkTime.OffsetAt(new(nanoseconds))).ToDateTime().ToString("HH:mm");
}
