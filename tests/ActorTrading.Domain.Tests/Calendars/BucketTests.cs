using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Calendars;

/// <summary>What bars rely on, for every calendar there is.</summary>
public class BucketTests
{
    private static readonly Frame[] BarFrames = [.. Frames.All.Where(frame => frame != Frame.Tick)];

    public static TheoryData<string> Calendars => [.. TradingCalendar.All.Select(calendar => calendar.Name)];

    [Theory]
    [MemberData(nameof(Calendars))]
    public void EveryBucket_HoldsItsMoment_AndLiesInOneBucketOfEveryLargerFrame(string name)
    {
        var calendar = TradingCalendar.Find(name)!;
        foreach (var time in SomeMoments(20_000))
        {
            var isOpen = calendar.SessionAt(time).IsOpen;
            for (var i = 0; i < BarFrames.Length; i++)
            {
                var bucket = calendar.BucketAt(BarFrames[i], time);
                Assert.Equal(isOpen, bucket.IsOpen);
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
                    Assert.True(around.Start <= bucket.Start && bucket.End <= around.End, $"{BarFrames[i].Name()} leaves {larger.Name()} at {time}");
                    Assert.Equal(around.Session, bucket.Session);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Calendars))]
    public void BucketsOfASession_FollowEachOtherFromOpenToClose(string name)
    {
        var calendar = TradingCalendar.Find(name)!;
        string[] noons = ["2024-07-09T18:00:00Z", "2024-01-09T18:00:00Z", "2024-07-03T16:00:00Z", "2024-12-24T17:00:00Z", "1992-12-24T17:00:00Z"];
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
        var calendar = TradingCalendar.Find("us-equities")!;
        var last = calendar.BucketAt(Frame.OneHour, Moments.Utc("2024-07-09T19:45:00Z"));
        Assert.Equal(Moments.Utc("2024-07-09T19:30:00Z").Nanoseconds, last.Start);
        Assert.Equal(Moments.Utc("2024-07-09T20:00:00Z").Nanoseconds, last.End);
    }

    /// <summary>Moments of 1960 to 2060, seeded; half of them on the edge of a minute.</summary>
    private static IEnumerable<Timestamp> SomeMoments(int count)
    {
        var random = new Random(20240709);
        var from = Timestamp.OfDate(1960, 1, 1).Nanoseconds;
        var to = Timestamp.OfDate(2060, 1, 1).Nanoseconds;
        for (var i = 0; i < count; i++)
        {
            var time = random.NextInt64(from, to);
            yield return new(i % 2 == 0 ? time : time - (time % Timestamp.Minute) - random.Next(2));
        }
    }
}
