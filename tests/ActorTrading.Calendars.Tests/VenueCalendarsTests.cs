using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTrading.Calendars.Tests;

/// <summary>Properties of every named calendar that bars depend on.</summary>
public class VenueCalendarsTests
{
    private static readonly Frame[] BarFrames =
        [Frame.OneSecond, (Frame)90, (Frame)180, Frame.FiveMinutes, Frame.FifteenMinutes, Frame.OneHour, (Frame)(4 * 3_600), Frame.OneDay,
            Frame.OneWeek, Frame.OneMonth];

    public static TheoryData<string> Names => [.. VenueCalendars.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryBucket_HoldsItsMoment_AndLiesInOneBucketOfEveryFrameThatItDivides(string name)
    {
        var calendar = VenueCalendars.Find(name)!;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(Moments.ToArbitrary(), time => HoldsAndNests(calendar, time)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SettledBy_IsTheStartOfTheBucketAround_OrTheMomentItself(string name)
    {
        var calendar = VenueCalendars.Find(name)!;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Moments.ToArbitrary(), time =>
        {
            foreach (var frame in BarFrames)
            {
                var settled = calendar.SettledBy(frame, time);
                var bucket = calendar.BucketAt(frame, new(settled));
                var around = bucket.Holds(time) && bucket.Start == settled;
                Assert.True(around || settled == time.Nanoseconds, $"{frame.Name()} at {time}: {new Timestamp(settled)}");
                if (calendar.SessionAt(time).IsOpen) Assert.True(around);
            }
        }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ABareDate_IsThatDate_WhateverTheZone(string name)
    {
        var calendar = VenueCalendars.Find(name)!;
        for (var date = 16_000; date < 20_500; date++)
        {
            var day = calendar.SessionOfDailyBar(new(date * Timestamp.Day));
            Assert.Equal(calendar.DayOf(date), day);
            if (!day.IsOpen) continue;
            Assert.Equal(date, day.Session);
            Assert.Equal(day, calendar.SessionOfDailyBar(new(day.Start)));
            Assert.Equal(day, calendar.SessionOfDailyBar(new(day.End - 1)));
        }
    }

    [Theory]
    [InlineData("hkex", "2024-01-05T00:00:00+08:00", "2024-01-05T01:30:00Z")]
    [InlineData("asx", "2024-01-05T00:00:00+11:00", "2024-01-04T23:00:00Z")]
    [InlineData("jpx", "2024-01-05T00:00:00+09:00", "2024-01-05T00:00:00Z")]
    [InlineData("lse", "2024-07-05T00:00:00+01:00", "2024-07-05T07:00:00Z")]
    [InlineData("us-equities", "2024-07-05T00:00:00-04:00", "2024-07-05T13:30:00Z")]
    [InlineData("cme-globex", "2024-07-09T00:00:00-05:00", "2024-07-08T22:00:00Z")]
    [InlineData("fx", "2024-07-09T00:00:00-04:00", "2024-07-08T21:00:00Z")]
    public void ADailyBarStampedAtMidnightOfTheVenue_IsThatDate(string name, string stamp, string open) =>
        Assert.Equal(Plans.At(open).Nanoseconds, VenueCalendars.Find(name)!.SessionOfDailyBar(Plans.At(stamp)).Start);

    [Fact]
    public void HoursOfIndia_AreCountedFromAQuarterPastNine()
    {
        var nse = VenueCalendars.Find("nse")!;
        var day = nse.BucketAt(Frame.OneDay, Plans.At("2023-02-27T05:00:00Z"));
        List<string> hours = [];
        for (var at = day.Start; at < day.End; at = nse.BucketAt(Frame.OneHour, new(at)).End)
            hours.Add(new Timestamp(at).ToString()[11..16]);
        Assert.Equal(["03:45", "04:45", "05:45", "06:45", "07:45", "08:45", "09:45"], hours);
        Assert.Equal(Plans.At("2023-02-27T10:00:00Z").Nanoseconds, day.End);
    }

    [Fact]
    public void ABucket_DoesNotSpanTheLunchBreak_AndTheDayDoes()
    {
        var hkex = VenueCalendars.Find("hkex")!;
        Assert.Equal(
            (Plans.At("2024-07-09T03:30:00Z").Nanoseconds, Plans.At("2024-07-09T04:00:00Z").Nanoseconds),
            StartAndEnd(hkex.BucketAt(Frame.OneHour, Plans.At("2024-07-09T03:45:00Z"))));
        Assert.Equal(Bucket.None, hkex.BucketAt(Frame.OneHour, Plans.At("2024-07-09T04:30:00Z")));
        Assert.Equal(Bucket.None, hkex.BucketAt(Frame.OneDay, Plans.At("2024-07-09T04:30:00Z")));
        Assert.Equal(
            (Plans.At("2024-07-09T01:30:00Z").Nanoseconds, Plans.At("2024-07-09T08:10:00Z").Nanoseconds),
            StartAndEnd(hkex.BucketAt(Frame.OneDay, Plans.At("2024-07-09T05:30:00Z"))));
    }

    [Fact]
    public void WeeksAndMonths_RunFromTheFirstOpenToTheLastClose()
    {
        var lse = VenueCalendars.Find("lse")!;
        var christmas = Plans.At("2024-12-24T09:00:00Z");
        Assert.Equal(
            (Plans.At("2024-12-23T08:00:00Z").Nanoseconds, Plans.At("2024-12-27T16:35:00Z").Nanoseconds),
            StartAndEnd(lse.BucketAt(Frame.OneWeek, christmas)));
        Assert.Equal(
            (Plans.At("2024-12-02T08:00:00Z").Nanoseconds, Plans.At("2024-12-31T12:35:00Z").Nanoseconds),
            StartAndEnd(lse.BucketAt(Frame.OneMonth, christmas)));
    }

    [Fact]
    public void UsEquitiesAsData_AreThoseOfTheRules_From1971On()
    {
        var rules = BuiltInCalendars.Find("us-equities")!;
        var data = Plans.CalendarOf("""{ "base": "us-equities" }""");
        for (var date = new DateOnly(1971, 1, 1); date.Year < 2100; date = date.AddDays(1))
        {
            var day = date.DayNumber - new DateOnly(1970, 1, 1).DayNumber;
            Assert.True(rules.DayOf(day) == data.DayOf(day), $"{date:O}: {rules.DayOf(day)} {data.DayOf(day)}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ANamedCalendar_CanBeWrittenOut_AndReadAsAnOwn(string name)
    {
        var own = (SessionCalendar)Plans.CalendarOf(VenueCalendars.JsonOf(name));
        var named = (SessionCalendar)Plans.CalendarOf($$"""{ "base": "{{name}}" }""");
        Assert.True(own.Sessions.SequenceEqual(named.Sessions));
    }

    private static (long Start, long End) StartAndEnd(in Bucket bucket) => (bucket.Start, bucket.End);

    private static void HoldsAndNests(TradingCalendar calendar, Timestamp time)
    {
        var isOpen = calendar.SessionAt(time).IsOpen;
        foreach (var frame in BarFrames)
        {
            var bucket = calendar.BucketAt(frame, time);
            Assert.Equal(isOpen, bucket.IsOpen);
            if (!isOpen) continue;
            Assert.True(bucket.Holds(time), $"{frame.Name()} at {time}");
            Assert.Equal(bucket, calendar.BucketAt(frame, new(bucket.Start)));
            foreach (var larger in BarFrames.Where(larger => frame.Divides(larger)))
            {
                var around = calendar.BucketAt(larger, time);
                Assert.True(around.Start <= bucket.Start && bucket.End <= around.End, $"{frame.Name()} leaves {larger.Name()} at {time}");
            }
        }
    }

    private static Gen<Timestamp> Moments =>
        from day in Gen.Choose(0, 47_000) // 1970 to 2098
        from second in Gen.OneOf(Gen.Choose(0, 86_399), Gen.Choose(0, 287).Select(five => five * 300))
        from nanosecond in Gen.OneOf(Gen.Choose(0, 999_999_999), Gen.Choose(-1, 1))
        select new Timestamp((day * Timestamp.Day) + (second * Timestamp.Second) + nanosecond);
}
