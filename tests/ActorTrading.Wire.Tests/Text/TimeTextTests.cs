using System.Globalization;
using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Tests.Text;

public class TimeTextTests
{
    private const long Eleven = Reading.Eleven;

    [Theory]
    [InlineData("1720522800", Eleven)]
    [InlineData("1720522800000", Eleven)]
    [InlineData("1720522800000000", Eleven)]
    [InlineData("1720522800000000000", Eleven)]
    [InlineData("1720522800.5", Eleven + 500_000_000)]
    [InlineData("1720522800.123456789", Eleven + 123_456_789)]
    [InlineData("1720522800.1234567899", Eleven + 123_456_789)]
    [InlineData("1720522800000.25", Eleven + 250_000)]
    [InlineData("1720522800000000.5", Eleven + 500)]
    [InlineData("1.7205228e9", Eleven)]
    [InlineData("1.7205228E+18", Eleven)]
    [InlineData("-1", -1_000_000_000)]
    [InlineData("-0.000000001", -1)]
    [InlineData("-1720522800000", -Eleven)]
    [InlineData("0", 0)]
    [InlineData("9223372036", 9_223_372_036_000_000_000)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("2024-07-09T11:00:00Z", Eleven)]
    [InlineData("2024-07-09t11:00:00z", Eleven)]
    [InlineData("2024-07-09 11:00:00Z", Eleven)]
    [InlineData("2024-07-09T11:00Z", Eleven)]
    [InlineData("2024-07-09T11:00:00", Eleven)]
    [InlineData("2024-07-09 11:00", Eleven)]
    [InlineData("2024-07-09T11:00:00.1Z", Eleven + 100_000_000)]
    [InlineData("2024-07-09T11:00:00.123456789Z", Eleven + 123_456_789)]
    [InlineData("2024-07-09T11:00:00.000000001", Eleven + 1)]
    [InlineData("2024-07-09T13:00:00+02:00", Eleven)]
    [InlineData("2024-07-09T13:00:00+0200", Eleven)]
    [InlineData("2024-07-09T13:00:00+02", Eleven)]
    [InlineData("2024-07-09T05:30:00.5-05:30", Eleven + 500_000_000)]
    [InlineData("2024-07-09", Eleven - (11 * Timestamp.Hour))]
    [InlineData("20240709", Eleven - (11 * Timestamp.Hour))]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1969-12-31T23:59:59.999999999Z", -1)]
    [InlineData("2000-02-29T00:00:00Z", 951_782_400_000_000_000)]
    [InlineData("1900-03-01T00:00:00Z", -2_203_891_200_000_000_000)]
    public void Stamp_IsReadToTheNanosecond(string text, long nanoseconds)
    {
        Assert.Equal(RejectReason.None, Read(text, out var read));
        Assert.Equal(nanoseconds, read);
    }

    [Theory]
    [InlineData("2024-01-02 09:30:00 UTC")]
    [InlineData("2024-01-02 09:30:00 +0000")]
    [InlineData("2024-01-02 09:30:00.000000+00:00")]
    [InlineData("2024-01-02T04:30:00-05:00[America/New_York]")]
    [InlineData("2024-01-02T04:30:00[America/New_York]")]
    [InlineData("20240102 04:30:00 US/Eastern")]
    [InlineData("20240102 04:30:00 EST")]
    [InlineData("2024/01/02 09:30:00")]
    [InlineData("2024/1/2 9:30")]
    [InlineData("2024.01.02 09:30:00")]
    [InlineData("2024-01-02D09:30:00.000000000")]
    [InlineData("2024-01-02T09:30:00.0000000009Z")]
    [InlineData("2024-01-02T9:30:00Z")]
    [InlineData("2024-01-02T0930Z")]
    [InlineData("2024-01-02 09:30:00,000")]
    [InlineData(" 2024-01-02 09:30:00 ")]
    [InlineData("20240102  09:30:00")]
    [InlineData("20240102-09:30:00")]
    [InlineData("20240102 093000")]
    [InlineData("20240102 093000000")]
    [InlineData("20240102T093000")]
    [InlineData("02.01.2024 09:30:00.000")]
    [InlineData("2.1.2024 09:30")]
    [InlineData("02-Jan-2024 09:30")]
    [InlineData("2 January 2024 09:30")]
    [InlineData("Jan 02, 2024 9:30 AM")]
    [InlineData("Tue, 02 Jan 2024 09:30:00 GMT")]
    [InlineData("2024年01月02日 09:30")]
    [InlineData("202401020930")]
    [InlineData("20240102093000")]
    [InlineData("20240102093000000")]
    [InlineData("1704187800.0")]
    [InlineData("1.7041878e18")]
    public void EverydaySpellings_AreRead(string text)
    {
        Assert.Equal(RejectReason.None, Read(text, out var read));
        Assert.Equal("2024-01-02T09:30:00Z", new Timestamp(read).ToString());
    }

    [Theory]
    [InlineData("2024-01-02 24:00:00", "2024-01-03T00:00:00Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z")]
    [InlineData("13/01/2024", "2024-01-13T00:00:00Z")]
    [InlineData("01/13/2024", "2024-01-13T00:00:00Z")]
    [InlineData("02/02/2024 12:00 AM", "2024-02-02T00:00:00Z")]
    [InlineData("2024-01-02 12:30 pm", "2024-01-02T12:30:00Z")]
    [InlineData("5-Jan-98", "1998-01-05T00:00:00Z")]
    public void SpecialSpellings_AreRead(string text, string time)
    {
        Assert.Equal(RejectReason.None, Read(text, out var read));
        Assert.Equal(time, new Timestamp(read).ToString());
    }

    [Theory]
    [InlineData("99999999999999999999", RejectReason.TimeAbsurd)]
    [InlineData("20240732", RejectReason.None)]
    public void NumbersThatMakeNoDate_AreCounts(string text, RejectReason reason) => Assert.Equal(reason, Read(text, out _));

    [Theory]
    [InlineData("", RejectReason.BadTime)]
    [InlineData("now", RejectReason.BadTime)]
    [InlineData("NaN", RejectReason.BadTime)]
    [InlineData("2024-13-01", RejectReason.BadTime)]
    [InlineData("2023-02-29", RejectReason.BadTime)]
    [InlineData("1900-02-29", RejectReason.BadTime)]
    [InlineData("2024-00-10", RejectReason.BadTime)]
    [InlineData("2024-01-00", RejectReason.BadTime)]
    [InlineData("2024-04-31", RejectReason.BadTime)]
    [InlineData("0000-01-01", RejectReason.BadTime)]
    [InlineData("2024-07-09T", RejectReason.BadTime)]
    [InlineData("2024-07-09T11", RejectReason.BadTime)]
    [InlineData("2024-07-09T24:00:01Z", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:60:00Z", RejectReason.BadTime)]
    [InlineData("2024-07-09T23:58:60Z", RejectReason.BadTime)]
    [InlineData("01/02/2024", RejectReason.BadTime)]
    [InlineData("2024010209", RejectReason.BadTime)]
    [InlineData("240102", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00.Z", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00X", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00+", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00+24:00", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00+02:60", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00+02:00:00", RejectReason.BadTime)]
    [InlineData("1,720,522,800", RejectReason.BadTime)]
    [InlineData("1e99999", RejectReason.BadTime)]
    [InlineData("0001-01-01T00:00:00Z", RejectReason.TimeAbsurd)]
    [InlineData("2262-04-12T00:00:00Z", RejectReason.TimeAbsurd)]
    [InlineData("63072000000", RejectReason.TimeAbsurd)]
    [InlineData("9223372036854775808", RejectReason.TimeAbsurd)]
    [InlineData("1e20", RejectReason.TimeAbsurd)]
    public void WhatIsNoStamp_IsRefused(string text, RejectReason reason) => Assert.Equal(reason, Read(text, out _));

    [Fact]
    public void EveryDay_AgreesWithTheCalendarOfTheFramework()
    {
        for (var day = new DateTime(1678, 1, 1); day.Year < 2262; day = day.AddDays(1))
        {
            Assert.Equal(RejectReason.None, Read(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), out var read));
            Assert.Equal((day.Ticks - DateTime.UnixEpoch.Ticks) * 100, read);
        }
    }

    private static RejectReason Read(string text, out long nanoseconds) =>
        TimeText.TryParse(Encoding.UTF8.GetBytes(text), InputZone.Utc, out nanoseconds);
}
