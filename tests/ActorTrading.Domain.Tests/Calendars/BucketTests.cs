using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTrading.Domain.Tests.Calendars;

/// <summary>Properties of every calendar that bars depend on.</summary>
public class BucketTests
{
    private static readonly Frame[] BarFrames = [.. Frames.Common.Where(frame => frame is > Frame.Tick and <= Frame.OneDay)];

    public static TheoryData<string> Calendars => [.. BuiltInCalendars.All.Select(calendar => calendar.Name)];

    [Theory]
    [MemberData(nameof(Calendars))]
    public void EveryBucket_HoldsItsMoment_AndLiesInOneBucketOfEveryLargerFrame(string name)
    {
        var calendar = BuiltInCalendars.Find(name)!;
        var property = Prop.ForAll(Moments1960To2060().ToArbitrary(), time => HoldsAndNests(calendar, time));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), property);
    }

    [Theory]
    [MemberData(nameof(Calendars))]
    public void BucketsOfASession_FollowEachOtherFromOpenToClose(string name)
    {
        var calendar = BuiltInCalendars.Find(name)!;
        string[] noons =
            ["2024-07-09T18:00:00Z", "2024-01-09T18:00:00Z", "2024-07-03T16:00:00Z", "2024-12-24T17:00:00Z", "1992-12-24T17:00:00Z"];
        foreach (var session in noons.Select(noon => calendar.SessionAt(Moments.Utc(noon))))
        {
            Assert.True(session.IsOpen);
            foreach (var frame in BarFrames)
            {
                var next = session.Start;
                while (next < session.End)
                {
                    var bucket = calendar.BucketAt(frame, new(next));
                    Assert.Equal(next, bucket.Start);
                    Assert.True(bucket.End == session.End || bucket.End - bucket.Start == frame.Length());
                    Assert.Equal(session.Session, bucket.Session);
                    next = bucket.End;
                }

                Assert.Equal(session.End, next);
            }
        }
    }

    [Fact]
    public void HoursOfUsEquities_AreCountedFromTheOpen_AndTheLastIsShort()
    {
        var calendar = BuiltInCalendars.Find("us-equities")!;
        var last = calendar.BucketAt(Frame.OneHour, Moments.Utc("2024-07-09T19:45:00Z"));
        Assert.Equal(Moments.Utc("2024-07-09T19:30:00Z").Nanoseconds, last.Start);
        Assert.Equal(Moments.Utc("2024-07-09T20:00:00Z").Nanoseconds, last.End);
    }

    private static void HoldsAndNests(TradingCalendar calendar, Timestamp time)
    {
        var isOpen = calendar.SessionAt(time).IsOpen;
        for (var i = 0; i < BarFrames.Length; i++)
        {
            var bucket = calendar.BucketAt(BarFrames[i], time);
            if (!isOpen)
            {
                Assert.Equal(Bucket.None, bucket);
                continue;
            }

            Assert.True(bucket.Start <= time.Nanoseconds && time.Nanoseconds < bucket.End, $"{BarFrames[i].Name()} at {time}");
            Assert.Equal(bucket, calendar.BucketAt(BarFrames[i], new(bucket.Start)));
            Assert.Equal(bucket, calendar.BucketAt(BarFrames[i], new(bucket.End - 1)));
            foreach (var larger in BarFrames[(i + 1)..])
            {
                var around = calendar.BucketAt(larger, time);
                Assert.True(
                    around.Start <= bucket.Start && bucket.End <= around.End, $"{BarFrames[i].Name()} leaves {larger.Name()} at {time}");
                Assert.Equal(around.Session, bucket.Session);
            }
        }
    }

    /// <summary>Random times: a third anywhere, a third at the edges of minutes, a third in the trading hours of US equities.</summary>
    private static Gen<Timestamp> Moments1960To2060()
    {
        var days = Gen.Choose(Moments.Date("1960-01-01"), Moments.Date("2060-01-01"));
        var anywhere = Gen.Choose(0, 86_399);
        var edges = Gen.Choose(0, 1_439).Select(minute => minute * 60);
        var trading = Gen.Choose(13 * 3_600, 21 * 3_600);
        var nanoseconds = Gen.OneOf(Gen.Choose(0, 999_999_999), Gen.Choose(-1, 1));
        return
            from day in days
            from second in Gen.OneOf(anywhere, edges, trading)
            from nanosecond in nanoseconds
            select new Timestamp((day * Timestamp.Day) + (second * Timestamp.Second) + nanosecond);
    }
}
