using System.Globalization;
using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Tests.Text;

public class InputZoneTests
{
    [Theory]
    [InlineData("UTC", "2024-07-09T11:00:00Z")]
    [InlineData("utc", "2024-07-09T11:00:00Z")]
    [InlineData("Z", "2024-07-09T11:00:00Z")]
    [InlineData("+01:00", "2024-07-09T10:00:00Z")]
    [InlineData("UTC-05", "2024-07-09T16:00:00Z")]
    [InlineData("UTC-5", "2024-07-09T16:00:00Z")]
    [InlineData("GMT+5:30", "2024-07-09T05:30:00Z")]
    [InlineData("-0930", "2024-07-09T20:30:00Z")]
    [InlineData("America/New_York", "2024-07-09T15:00:00Z")]
    [InlineData("Europe/Berlin", "2024-07-09T09:00:00Z")]
    [InlineData("Asia/Kolkata", "2024-07-09T05:30:00Z")]
    public void ElevenOClock_IsAnotherMomentInEachZone(string zone, string utc) => Assert.Equal(utc, Utc("2024-07-09T11:00:00", zone));

    [Theory]
    [InlineData("2024-01-09T11:00:00", "2024-01-09T10:00:00Z")] // winter
    [InlineData("2024-03-31T01:59:59.999", "2024-03-31T00:59:59.999Z")] // the last moment before clocks go forward
    [InlineData("2024-03-31T02:00:00", "2024-03-31T01:00:00Z")] // does not exist: moved forward by an hour
    [InlineData("2024-03-31T02:30:00", "2024-03-31T01:30:00Z")]
    [InlineData("2024-03-31T03:00:00", "2024-03-31T01:00:00Z")]
    [InlineData("2024-10-27T01:59:59", "2024-10-26T23:59:59Z")]
    [InlineData("2024-10-27T02:00:00", "2024-10-27T00:00:00Z")] // occurs twice: the first one
    [InlineData("2024-10-27T02:59:59", "2024-10-27T00:59:59Z")]
    [InlineData("2024-10-27T03:00:00", "2024-10-27T02:00:00Z")]
    public void ChangeOfClocksInBerlin(string local, string utc) => Assert.Equal(utc, Utc(local, "Europe/Berlin"));

    [Theory]
    [InlineData("2020-11-01T01:30:00", "2020-11-01T05:30:00Z")]
    [InlineData("2020-11-01T02:00:00", "2020-11-01T07:00:00Z")]
    [InlineData("2021-03-14T02:30:00", "2021-03-14T07:30:00Z")]
    public void ChangeOfClocksInNewYork(string local, string utc) => Assert.Equal(utc, Utc(local, "America/New_York"));

    [Fact]
    public void ExplicitZone_CountsMoreThanTheReaders() =>
        Assert.Equal("2024-07-09T11:00:00Z", Utc("2024-07-09T11:00:00Z", "America/New_York"));

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Europe/Berlin")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Asia/Kathmandu")]
    public void EveryQuarterHourOfSomeYears_AgreesWithTheFramework(string name)
    {
        var info = TimeZoneInfo.FindSystemTimeZoneById(name);
        Assert.True(InputZone.TryParse(name, out var zone));
        for (var local = new DateTime(2019, 1, 1); local.Year < 2022; local = local.AddMinutes(15))
        {
            if (info.IsInvalidTime(local)) continue;
            var offset = info.IsAmbiguousTime(local) ? info.GetAmbiguousTimeOffsets(local).Max() : info.GetUtcOffset(local);
            var seconds = (local.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
            Assert.Equal(RejectReason.None, zone.TryToUtc(seconds, 5, out var read));
            Assert.True(((seconds - (long)offset.TotalSeconds) * Timestamp.Second) + 5 == read, $"{local:O} in {name}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Mars/Olympus_Mons")]
    [InlineData("+25:00")]
    [InlineData("UTC+")]
    [InlineData("5")]
    public void UnknownZone_IsRefused(string name) => Assert.False(InputZone.TryParse(name, out _));

    private static string Utc(string stamp, string name)
    {
        Assert.True(InputZone.TryParse(name, out var zone));
        Assert.Equal(RejectReason.None, TimeText.TryParse(Encoding.ASCII.GetBytes(stamp), zone, out var nanoseconds));
        return string.Create(CultureInfo.InvariantCulture, $"{new Timestamp(nanoseconds)}");
    }
}
