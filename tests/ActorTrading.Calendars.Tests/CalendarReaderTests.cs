using System.Text;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Calendars.Tests;

public class CalendarReaderTests
{
    private const string Oslo = """
        {
          "zone": "Europe/Oslo", "sessions": [{ "open": "09:00", "close": "16:20" }], "closing_auction": { "within": "5min" },
          "holidays": ["01-01", "easter -3", "easter -2", "easter +1", "05-01", "05-17", "easter +39", "easter +50", "12-25", "12-26"], "half_days": []
        }
        """;

    [Theory]
    [InlineData("\"lsee\"", "$.calendar", "'lsee' is not a known calendar; did you mean 'lse'? Known: 24h, us-equities, lse")]
    [InlineData("7", "$.calendar", "found the number 7")]
    [InlineData("{}", "$.calendar", "a calendar without a base needs a zone and sessions")]
    [InlineData("""{ "base": "lse", "zones": "UTC" }""", "$.calendar.zones", "did you mean 'zone'?")]
    [InlineData("""{ "base": "lse", "zone": "Europe/Londn" }""", "$.calendar.zone", "did you mean 'Europe/London'?")]
    [InlineData("""{ "base": "lse", "zone": "GMT+1" }""", "$.calendar.zone", "is not a time zone of the tz database")]
    [InlineData("""{ "base": "lse", "weekend": ["funday"] }""", "$.calendar.weekend[0]", "'funday' is not a known weekday")]
    [InlineData(
        """{ "base": "lse", "weekend": ["sunday","monday","tuesday","wednesday","thursday","friday","saturday"] }""", "$.calendar.weekend",
        "must not be listed here")]
    [InlineData("""{ "base": "lse", "sessions": [] }""", "$.calendar.sessions", "1 to 50 sessions")]
    [InlineData("""{ "base": "lse", "sessions": [{ "open": "09:00" }] }""", "$.calendar.sessions[0]", "needs 'open' and 'close'")]
    [InlineData(
        """{ "base": "lse", "sessions": [{ "open": "9:00", "close": "17:00" }] }""", "$.calendar.sessions[0].open",
        "'9:00' is not a time of day")]
    [InlineData(
        """{ "base": "lse", "sessions": [{ "open": "09:00", "close": "24:01" }] }""", "$.calendar.sessions[0].close",
        "'24:01' is not a time of day")]
    [InlineData(
        """{ "base": "lse", "sessions": [{ "open": "09:00", "close": "17:00", "from": "2024-02-30" }] }""", "$.calendar.sessions[0].from",
        "is not a date")]
    [InlineData(
        """{ "base": "lse", "sessions": [{ "open": "09:00", "close": "12:00" }, { "open": "11:00", "close": "17:00" }] }""", "$.calendar",
        "sessions overlap")]
    [InlineData("""{ "base": "fx", "closing_auction": { "within": "5min" } }""", "$.calendar", "sessions overlap")]
    [InlineData("""{ "base": "lse", "holidays": ["13-01"] }""", "$.calendar.holidays[0]", "'13-01' is not a day such as")]
    [InlineData("""{ "base": "lse", "holidays": ["fifth monday of may"] }""", "$.calendar.holidays[0]", "is not a day such as")]
    [InlineData(
        """{ "base": "lse", "holidays": [{ "day": "12-25", "moves": "sideways" }] }""", "$.calendar.holidays[0].moves",
        "'sideways' is not a known move")]
    [InlineData("""{ "base": "lse", "holidays": [{ "from": 2020 }] }""", "$.calendar.holidays[0]", "a holiday needs 'day'")]
    [InlineData(
        """{ "base": "lse", "holidays": [{ "day": "12-25", "from": 20 }] }""", "$.calendar.holidays[0].from", "a year from 1900 to 2199")]
    [InlineData(
        """{ "base": "lse", "half_days": [{ "day": "12-24" }] }""", "$.calendar.half_days[0]", "a half day needs 'day' and 'close'")]
    [InlineData("""{ "base": "lse", "closing_auction": {} }""", "$.calendar.closing_auction", "needs 'within'")]
    [InlineData(
        """{ "base": "lse", "closing_auction": { "within": "5min", "grace": "5s" } }""", "$.calendar.closing_auction",
        "'grace' needs 'conditions'")]
    [InlineData(
        """{ "base": "lse", "closing_auction": { "within": "13hour" } }""", "$.calendar.closing_auction.within",
        "not a duration of up to 12 hours")]
    [InlineData("""{ "base": "lse", "special_days": { "yesterday": [] } }""", "$.calendar.special_days.yesterday", "is not a date")]
    public void ABadCalendar_IsRefused_WithThePathAndWhatWouldBeRight(string calendar, string path, string message)
    {
        Assert.False(
            Plan.TryParse(Encoding.UTF8.GetBytes($$"""{ "calendar": {{calendar}} }"""), VenueCalendars.Source, out _, out var errors));
        var error = Assert.Single(errors);
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void AnOwnCalendar_HasItsDaysAndHours()
    {
        var oslo = Plans.CalendarOf(Oslo);
        Assert.Equal("own, Europe/Oslo", oslo.Name);
        Assert.Equal(Plans.At("2024-07-09T07:00:00Z").Nanoseconds, oslo.SessionAt(Plans.At("2024-07-09T10:00:00Z")).Start);
        Assert.True(oslo.SessionAt(Plans.At("2024-07-09T14:24:59Z")).IsOpen);
        Assert.False(oslo.SessionAt(Plans.At("2024-07-09T14:25:00Z")).IsOpen);
        Assert.All(
            ["2024-05-17", "2024-05-09", "2024-05-20", "2024-03-28"],
            day => Assert.False(oslo.SessionAt(Plans.At(day + "T10:00:00Z")).IsOpen, day));
    }

    [Fact]
    public void Keys_ReplaceThoseOfTheBase_AndDaysCanBeAdded()
    {
        var calendar = Plans.CalendarOf(
            """{ "base": "lse", "also_closed": ["2024-07-09"], "half_days": [{ "day": "2024-07-10", "close": "10:00" }] }""");
        Assert.False(calendar.SessionAt(Plans.At("2024-07-09T10:00:00Z")).IsOpen);
        Assert.False(calendar.SessionAt(Plans.At("2024-12-25T10:00:00Z")).IsOpen);
        Assert.Equal(Plans.At("2024-07-10T09:05:00Z").Nanoseconds, calendar.SessionAt(Plans.At("2024-07-10T08:00:00Z")).End);
        Assert.True(calendar.SessionAt(Plans.At("2024-12-24T15:00:00Z")).IsOpen);
    }

    [Fact]
    public void ASessionOverMidnight_IsNamedByItsClose_OrByItsOpenWhereThePlanSaysSo()
    {
        const string Sessions = """ "zone": "Asia/Hong_Kong", "weekend": [], "sessions": [{ "open": "08:00", "close": "08:00" }] """;
        var time = Plans.At("2024-07-09T12:00:00Z");
        var byClose = Plans.CalendarOf($$"""{ {{Sessions}} }""").SessionAt(time);
        var byOpen = Plans.CalendarOf($$"""{ {{Sessions}}, "date": "open" }""").SessionAt(time);
        Assert.Equal((Plans.At("2024-07-09").Nanoseconds, Plans.At("2024-07-10").Nanoseconds), (byClose.Start, byClose.End));
        Assert.Equal(byOpen with { Session = byOpen.Session + 1 }, byClose);
        Assert.Equal(time.DayNumber, byOpen.Session);
    }

    [Fact]
    public void Canonical_ReadsBackToTheSameCalendar()
    {
        var plan = Plans.With(Oslo);
        var again = Plan.Parse(plan.ToJson(), VenueCalendars.Source);
        Assert.Equal(plan.Hash, again.Hash);
        Assert.Equal(plan.Settings.Calendar.Json, again.Settings.Calendar.Json);
        Assert.Equal(plan.ToJson(), again.ToJson());
    }

    [Fact]
    public void TheHash_CoversTheTimeZoneDataAndWhatANamedCalendarSays()
    {
        var lse = Plans.CalendarOf("\"lse\"");
        Assert.Contains($"tz {TimeZones.Version} ", lse.Fingerprint);
        Assert.Contains("2022-09-19", lse.Fingerprint);
        Assert.NotEqual(Plans.With("\"lse\"").Hash, Plans.With("\"xetra\"").Hash);
        Assert.NotEqual(Plans.With("\"lse\"").Hash, Plans.With("""{ "base": "lse" }""").Hash);
        Assert.NotEqual(Plans.With("""{ "base": "lse" }""").Hash, Plans.With("""{ "base": "lse", "also_closed": ["2024-07-09"] }""").Hash);
    }

    [Theory]
    [InlineData("\"24h\"")]
    [InlineData("\"us-equities\"")]
    public void TheHashOfEarlierCalendars_IsAsItWas(string calendar)
    {
        var plan = Plans.With(calendar);
        Assert.Equal(Plan.Parse($$"""{ "calendar": {{calendar}} }""").Hash, plan.Hash);
        Assert.Empty(plan.Settings.Calendar.Fingerprint);
    }

    [Fact]
    public void CalendarsThatAPlanDefines_AreLimitedInNumber()
    {
        Assert.True(Plan.TryParse(PlanOf(16), VenueCalendars.Source, out _, out _));
        Assert.False(Plan.TryParse(PlanOf(17), VenueCalendars.Source, out _, out var errors));
        Assert.Equal("$.symbols.S16.calendar", Assert.Single(errors).Path);

        static byte[] PlanOf(int calendars)
        {
            var symbols = Enumerable.Range(0, calendars).Select(
                i => $$"""  "S{{i}}": { "calendar": { "base": "24h", "zone": "Asia/Tokyo" } }""");
            return Encoding.UTF8.GetBytes($$"""{ "symbols": { {{string.Join(", ", symbols)}} } }""");
        }
    }

    [Fact]
    public void SymbolsOfOnePlan_HaveTheirVenues()
    {
        var plan = Plans.With(
            "\"24h\"", """, "symbols": { "VOD": { "calendar": "lse" }, "7203": { "calendar": "jpx" }, "EURUSD": { "calendar": "fx" } }""");
        Assert.Equal("lse", plan.For(Symbol.Parse("VOD")).Calendar.Name);
        Assert.Equal("jpx", plan.For(Symbol.Parse("7203")).Calendar.Name);
        Assert.Equal(plan.Hash, Plan.Parse(plan.ToJson(), VenueCalendars.Source).Hash);
    }
}
