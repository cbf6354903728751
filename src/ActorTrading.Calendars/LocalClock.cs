using ActorTrading.Domain.Values;
using NodaTime;

namespace ActorTrading.Calendars;

/// <summary>
/// Local time of a zone from 1899 to 2201, as a table of offsets; the compiler queries it half a million times. A time that occurs twice
/// means the first one. A skipped time is moved later by the length of the gap.
/// </summary>
internal sealed class LocalClock
{
    private const long LongestOffset = 26 * 3_600;

    private readonly long[] starts; // in UTC, in seconds; the last one is the end of the table
    private readonly long[] offsets;

    public LocalClock(DateTimeZone zone)
    {
        var intervals = zone.GetZoneIntervals(Instant.FromUtc(1899, 1, 1, 0, 0), Instant.FromUtc(2201, 1, 1, 0, 0)).ToList();
        starts = [.. intervals.Select(interval => interval.HasStart ? interval.Start.ToUnixTimeSeconds() : long.MinValue), long.MaxValue];
        offsets = [.. intervals.Select(interval => (long)interval.WallOffset.Seconds)];
    }

    /// <summary>Converts local time to nanoseconds since 1970 UTC: seconds after midnight of a date (days since 1970-01-01).</summary>
    public long At(int date, int seconds)
    {
        var shown = (date * (Timestamp.Day / Timestamp.Second)) + seconds;
        var at = Array.BinarySearch(starts, shown - LongestOffset);
        if (at < 0) at = Math.Max(0, ~at - 1);
        while (shown - offsets[at] >= starts[at + 1]) at++;

        // A skipped time: before the start of its interval with the offset after the change, and behind the end with the offset before it.
        var moment = shown - offsets[at];
        return (moment < starts[at] ? shown - offsets[at - 1] : moment) * Timestamp.Second;
    }
}
