using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Calendars.Tests;

/// <summary>Ten years of each venue against external tables of its sessions.</summary>
public class PublishedSessionsTests
{
    [Theory]
    [InlineData("lse", 5)]
    [InlineData("xetra", 5)]
    [InlineData("euronext", 10)]
    [InlineData("hkex", 10)]
    [InlineData("jpx", 0)]
    [InlineData("asx", 12)]
    [InlineData("nse", 0)]
    [InlineData("cme-globex", 0)]
    public void EverySessionOfTenYears_IsThePublishedOne_AndEndsWithTheClosingAuction(string venue, int auctionMinutes)
    {
        var table = PublishedSessions.Of(venue);
        Assert.True(table.First <= new DateOnly(2016, 1, 4) && table.Last >= new DateOnly(2025, 12, 30), $"{table.First} to {table.Last}");
        AssertSame(venue, table, auctionMinutes);
    }

    [Fact]
    public void UsEquities_AreThePublishedOnes() => AssertSame("us-equities", PublishedSessions.Of("us-equities"), auctionMinutes: 0);

    [Theory]
    [InlineData("2024-03-10T21:00:00Z", "2024-03-11")] // summer time began that morning: 17:00 in New York is 21:00
    [InlineData("2024-11-03T22:00:00Z", "2024-11-04")]
    [InlineData("2024-12-24T22:00:00Z", "2024-12-25")] // no holidays
    public void Fx_BeginsItsDayAtFiveInTheAfternoonInNewYork(string open, string date)
    {
        var fx = VenueCalendars.Find("fx")!;
        var day = fx.SessionAt(At(open));
        Assert.Equal(new Bucket(At(open).Nanoseconds, At(open).Nanoseconds + Timestamp.Day, Days(date)), day);
    }

    [Fact]
    public void Fx_RestsFromFridayToSunday()
    {
        var fx = VenueCalendars.Find("fx")!;
        Assert.True(fx.SessionAt(At("2024-07-12T20:59:59Z")).IsOpen);
        Assert.False(fx.SessionAt(At("2024-07-12T21:00:00Z")).IsOpen);
        Assert.False(fx.SessionAt(At("2024-07-14T20:59:59Z")).IsOpen);
        Assert.True(fx.SessionAt(At("2024-07-14T21:00:00Z")).IsOpen);
        var week = fx.BucketAt(Frame.OneWeek, At("2024-07-10T00:00:00Z"));
        Assert.Equal((At("2024-07-07T21:00:00Z").Nanoseconds, At("2024-07-12T21:00:00Z").Nanoseconds), (week.Start, week.End));
    }

    private static void AssertSame(string venue, PublishedSessions table, int auctionMinutes)
    {
        var calendar = Compile(venue);
        var sessions = calendar.Sessions.ToArray().ToLookup(session => session.Date);
        List<string> differ = [];
        for (var day = table.First; day <= table.Last; day = day.AddDays(1))
        {
            if (table.Uncertain.Contains(day)) continue;
            var published = table.On(day).ToList();
            if (auctionMinutes > 0 && published.Count > 0)
                published[^1] = published[^1] with { Close = published[^1].Close + (auctionMinutes * Timestamp.Minute) };
            var own = sessions[day.DayNumber - Epoch].Select(session => (session.Open, session.End)).ToList();
            if (!published.SequenceEqual(own)) differ.Add($"{day:yyyy-MM-dd dddd}: {Spell(own)}, published {Spell(published)}");
        }

        Assert.True(differ.Count == 0, string.Join('\n', differ));
    }

    /// <summary>The calendar as data; for US equities it differs from the calendar that plans get by name.</summary>
    private static SessionCalendar Compile(string venue) => (SessionCalendar)Plans.CalendarOf($$"""{ "base": "{{venue}}" }""");

    private static string Spell(IEnumerable<(long Open, long Close)> sessions) =>
        string.Join(" ", sessions.Select(session => $"{new Timestamp(session.Open)}/{new Timestamp(session.Close)}"));

    private static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;

    private static int Days(string date) => DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture).DayNumber - Epoch;

    private static Timestamp At(string utc) => Plans.At(utc);
}
