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
    [InlineData(99_999_999_999L, 0, "seconds from 1e11 on would be the year 5138")]
    [InlineData(100_000_000_000L, 100_000_000_000_000_000, "milliseconds")]
    [InlineData(9_223_372_036_854L, 9_223_372_036_854_000_000, "milliseconds")]
    [InlineData(99_999_999_999_999L, 0, "milliseconds beyond 2262")]
    [InlineData(100_000_000_000_000L, 100_000_000_000_000_000, "microseconds")]
    [InlineData(9_223_372_036_854_775L, 9_223_372_036_854_775_000, "microseconds")]
    [InlineData(99_999_999_999_999_999L, 0, "microseconds beyond 2262")]
    [InlineData(100_000_000_000_000_000L, 100_000_000_000_000_000, "nanoseconds")]
    public void Unit_IsToldByTheSize(long count, long nanoseconds, string unit)
    {
        var expected = nanoseconds == 0 ? RejectReason.TimeAbsurd : RejectReason.None;
        Assert.True(Read(count.ToString(CultureInfo.InvariantCulture), out var read) == expected, unit);
        if (nanoseconds != 0) Assert.Equal(nanoseconds, read);
    }

    [Theory]
    [InlineData("", RejectReason.BadTime)]
    [InlineData("now", RejectReason.BadTime)]
    [InlineData("NaN", RejectReason.BadTime)]
    [InlineData("2024-7-9", RejectReason.BadTime)]
    [InlineData("2024-13-01", RejectReason.BadTime)]
    [InlineData("2023-02-29", RejectReason.BadTime)]
    [InlineData("1900-02-29", RejectReason.BadTime)]
    [InlineData("2024-00-10", RejectReason.BadTime)]
    [InlineData("2024-01-00", RejectReason.BadTime)]
    [InlineData("2024-04-31", RejectReason.BadTime)]
    [InlineData("0000-01-01", RejectReason.BadTime)]
    [InlineData("20241301", RejectReason.BadTime)]
    [InlineData("2024-07-09T", RejectReason.BadTime)]
    [InlineData("2024-07-09T11", RejectReason.BadTime)]
    [InlineData("2024-07-09T24:00:00Z", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:60:00Z", RejectReason.BadTime)]
    [InlineData("2024-07-09T23:59:60Z", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00.Z", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00.1234567890Z", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00 Z", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00X", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00+", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00+24:00", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00+02:60", RejectReason.BadTime)]
    [InlineData("2024-07-09T11:00:00+02:00:00", RejectReason.BadTime)]
    [InlineData("2024/07/09", RejectReason.BadTime)]
    [InlineData("1,720,522,800", RejectReason.BadTime)]
    [InlineData("1e99999", RejectReason.BadTime)]
    [InlineData("0001-01-01T00:00:00Z", RejectReason.TimeAbsurd)]
    [InlineData("2262-04-12T00:00:00Z", RejectReason.TimeAbsurd)]
    [InlineData("9223372037", RejectReason.TimeAbsurd)]
    [InlineData("9223372036854775808", RejectReason.TimeAbsurd)]
    [InlineData("1e20", RejectReason.TimeAbsurd)]
    public void WhatIsNoStamp_IsRefused(string text, RejectReason reason) => Assert.Equal(reason, Read(text, out _));

    [Fact]
    public void EightDigitsAsANumber_AreSeconds()
    {
        Assert.Equal(RejectReason.None, TimeText.TryParse("20240709"u8, quoted: false, InputZone.Utc, out var read));
        Assert.Equal(20_240_709L * Timestamp.Second, read);
    }

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
        TimeText.TryParse(Encoding.ASCII.GetBytes(text), quoted: true, InputZone.Utc, out nanoseconds);
}
