using NodaTime;
using NodaTime.TimeZones;

namespace ActorTrading.Calendars;

/// <summary>The tz database that is part of the program; the machine's own is not used.</summary>
public static class TimeZones
{
    /// <summary>The version, such as <c>2025b</c>.</summary>
    public static string Version => TzdbDateTimeZoneSource.Default.TzdbVersion;

    /// <summary>The names of all zones.</summary>
    public static IEnumerable<string> Names => TzdbDateTimeZoneSource.Default.GetIds();

    /// <summary>The zone of that name, or null.</summary>
    public static DateTimeZone? Find(string name) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(name);
}
