using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests.Calendars;

/// <summary>The calendar against recorded trades.</summary>
public class UsEquitiesReferenceTests
{
    private readonly UsEquitiesCalendar calendar = new();

    [ReferenceTheory]
    [InlineData("spy_1d_2017_2018.csv", 502)]
    [InlineData("msft_1d_1990.csv", 8_111)]
    [InlineData("spx_1d_longish.csv", 5_285)]
    public void DaysThatTraded_AreExactlyTheDaysWithASession(string file, int days)
    {
        var traded = StampsOf(file).Select(stamp => Moments.Date(stamp[..10])).ToHashSet();
        Assert.Equal(days, traded.Count);
        for (var day = traded.Min(); day <= traded.Max(); day++)
            Assert.True(traded.Contains(day) == calendar.DayOf(day).IsOpen, Moments.Text(day));
        Assert.All(traded, day => Assert.Equal(day, calendar.SessionOfDailyBar(new(day * Timestamp.Day)).Session));
    }

    [ReferenceFact]
    public void MinutesOfSpy_LieInTheSession_ButForTheRowOfTheClose()
    {
        var stamps = StampsOf("spy_1m_20201215_18.csv").ToArray();
        Assert.Equal(4 * 391, stamps.Length);
        foreach (var stamp in stamps)
        {
            var minute = calendar.BucketAt(Frame.OneMinute, InNewYork(stamp));
            Assert.Equal(!stamp.EndsWith("T16:00:00", StringComparison.Ordinal), minute.IsOpen);
            if (minute.IsOpen) Assert.Equal((InNewYork(stamp).Nanoseconds, Moments.Date(stamp[..10])), (minute.Start, minute.Session));
        }
    }

    [ReferenceFact]
    public void MinutesOfSpy_InJanuary2011_FillEveryMinuteOfEverySession()
    {
        // Stamped at the end of the minute, UTC, including trading before and after hours.
        var minutes = StampsOf("spy_1m_201101.csv.gz")
            .Select(stamp => calendar.BucketAt(Frame.OneMinute, new(Moments.Utc(stamp).Nanoseconds - Timestamp.Minute)))
            .Where(bucket => bucket.IsOpen)
            .GroupBy(bucket => bucket.Session)
            .ToArray();
        Assert.Equal(20, minutes.Length);
        Assert.All(minutes, day => Assert.Equal(390, day.Distinct().Count()));
    }

    private static Timestamp InNewYork(string stamp) =>
        NewYorkTime.At(Moments.Date(stamp[..10]), Moments.TimeOfDay(stamp[11..]));

    private static IEnumerable<string> StampsOf(string file) =>
        ReferenceData.Lines("bars", file).Skip(1).Select(line => line.Split(',')[0]);
}
