using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Calendars;

public class NewYorkTimeTests
{
    [Theory]
    [InlineData("1966-04-24T06:59:59Z", -5)] // until 1967 New York had its own rule
    [InlineData("1966-04-24T07:00:00Z", -4)]
    [InlineData("1973-12-31T12:00:00Z", -5)]
    [InlineData("1974-01-06T06:59:59Z", -5)] // the winter of the oil crisis
    [InlineData("1974-01-06T07:00:00Z", -4)]
    [InlineData("1974-10-27T05:59:59Z", -4)]
    [InlineData("1974-10-27T06:00:00Z", -5)]
    [InlineData("1975-02-23T06:59:59Z", -5)]
    [InlineData("1975-02-23T07:00:00Z", -4)]
    [InlineData("1976-04-25T07:00:00Z", -4)]
    [InlineData("1986-04-26T12:00:00Z", -5)] // last Sunday of April, for the last time
    [InlineData("1986-04-27T07:00:00Z", -4)]
    [InlineData("1987-04-05T06:59:59Z", -5)] // first Sunday of April, for the first time
    [InlineData("1987-04-05T07:00:00Z", -4)]
    [InlineData("1987-10-25T06:00:00Z", -5)]
    [InlineData("2006-04-02T07:00:00Z", -4)]
    [InlineData("2006-10-29T05:59:59Z", -4)]
    [InlineData("2006-10-29T06:00:00Z", -5)]
    [InlineData("2007-03-11T06:59:59Z", -5)] // second Sunday of March, for the first time
    [InlineData("2007-03-11T07:00:00Z", -4)]
    [InlineData("2007-11-04T06:00:00Z", -5)]
    [InlineData("2024-03-10T07:00:00Z", -4)]
    [InlineData("2024-11-03T05:59:59Z", -4)]
    [InlineData("2024-11-03T06:00:00Z", -5)]
    public void ClocksOfNewYork_ChangeWhenTheLawSaid(string moment, int hours) =>
        Assert.Equal(hours * Timestamp.Hour, NewYorkTime.OffsetAt(Moments.Utc(moment)));

    [Theory]
    [InlineData("2024-07-09T03:59:59Z", "2024-07-08")]
    [InlineData("2024-07-09T04:00:00Z", "2024-07-09")]
    [InlineData("2024-01-09T04:59:59Z", "2024-01-08")]
    [InlineData("2024-01-09T05:00:00Z", "2024-01-09")]
    public void NewYorksDate_ChangesAtItsOwnMidnight(string moment, string date) =>
        Assert.Equal(Moments.Date(date), NewYorkTime.DateAt(Moments.Utc(moment)));

    [Theory]
    [InlineData("2024-07-09", "09:30", "2024-07-09T13:30:00Z")]
    [InlineData("2024-01-09", "09:30", "2024-01-09T14:30:00Z")]
    [InlineData("2024-03-10", "01:59", "2024-03-10T06:59:00Z")]
    [InlineData("2024-03-10", "02:30", "2024-03-10T07:30:00Z")] // skipped: half past two in winter time
    [InlineData("2024-03-10", "03:00", "2024-03-10T07:00:00Z")]
    [InlineData("2024-11-03", "01:30", "2024-11-03T05:30:00Z")] // occurs twice: the first one
    [InlineData("2024-11-03", "02:00", "2024-11-03T07:00:00Z")]
    public void WallClockOfNewYork_IsOneMoment(string date, string time, string moment) =>
        Assert.Equal(Moments.Utc(moment), NewYorkTime.At(Moments.Date(date), Moments.TimeOfDay(time)));

    [TimeZoneFact]
    public void NewYorkTime_AgreesWithTheTimeZoneDatabase_HourByHour_1955To2037()
    {
        var newYork = TimeZoneInfo.FindSystemTimeZoneById(TimeZoneFactAttribute.Zone);
        var end = new DateTime(2038, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var hour = new DateTime(1955, 1, 1, 0, 0, 0, DateTimeKind.Utc); hour < end; hour = hour.AddHours(1))
        {
            var expected = newYork.GetUtcOffset(hour).Ticks * 100;
            if (NewYorkTime.OffsetAt(Timestamp.FromDateTime(hour)) != expected)
                Assert.Fail($"{hour:O}: the database says {expected / Timestamp.Hour} hours");
        }
    }
}
