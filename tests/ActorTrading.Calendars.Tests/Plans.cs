using System.Globalization;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Calendars.Tests;

/// <summary>Short methods for plans and times.</summary>
internal static class Plans
{
    /// <summary>A plan with that calendar: a name in quotes, or an object.</summary>
    public static Plan With(string calendar, string rest = "") =>
        Plan.Parse($$"""{ "calendar": {{calendar}}{{rest}} }""", VenueCalendars.Source);

    public static TradingCalendar CalendarOf(string calendar) => With(calendar).Settings.Calendar;

    public static Timestamp At(string utc) =>
        Timestamp.FromDateTime(
            DateTime.Parse(utc, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal));
}
