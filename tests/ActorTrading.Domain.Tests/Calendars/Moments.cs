using System.Globalization;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Calendars;

/// <summary>Times and dates written as text.</summary>
internal static class Moments
{
    /// <summary>The time of a text such as <c>2024-07-09T13:30:00Z</c>.</summary>
    public static Timestamp Utc(string text) => Timestamp.FromDateTime(
        DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal));

    /// <summary>Days since 1970-01-01 of a date such as <c>2024-07-09</c>.</summary>
    public static int Date(string text) => Utc(text).DayNumber;

    /// <summary>Nanoseconds since midnight of a time such as <c>09:30</c>.</summary>
    public static long TimeOfDay(string text) => TimeOnly.Parse(text, CultureInfo.InvariantCulture).Ticks * 100;

    /// <summary>A date of days since 1970-01-01 as text.</summary>
    public static string Text(int date) => new Timestamp(date * Timestamp.Day).ToString()[..10];
}
