using ActorTrading.Domain.Values;
using NodaTime;

namespace ActorTrading.Calendars;

/// <summary>
/// The clocks of a zone from 1899 to 2201, as a table of offsets: what a compiler asks half a million times. Of a time that comes
/// twice it is the first; one that the clocks skip is as much later.
/// </summary>
internal sealed class LocalClock
{
    private const long LongestOffset = 26 * 3_600;

    private readonly long[] starts; // in UTC, in seconds; the last one is where the table ends
    private readonly long[] offsets;

    public LocalClock(DateTimeZone zone)
    {
        var intervals = zone.GetZoneIntervals(Instant.FromUtc(1899, 1, 1, 0, 0), Instant.FromUtc(2201, 1, 1, 0, 0)).ToList();
        starts = [.. intervals.Select(interval => interval.HasStart ? interval.Start.ToUnixTimeSeconds() : long.MinValue), long.MaxValue];
        offsets = [.. intervals.Select(interval => (long)interval.WallOffset.Seconds)];
    }

    /// <summary>
    /// Nanoseconds since 1970 UTC when the clocks show so many seconds after the midnight that begins a date (days since 1970-01-01).
    /// </summary>
    public long At(int date, int seconds)
    {
        var shown = (date * (Timestamp.Day / Timestamp.Second)) + seconds;
        var at = Array.BinarySearch(starts, shown - LongestOffset);
        if (at < 0) at = Math.Max(0, ~at - 1);
        while (shown - offsets[at] >= starts[at + 1]) at++;

        // Skipped: before its interval has begun by the offset after the change, behind its end by the one before.
        var moment = shown - offsets[at];
        return (moment < starts[at] ? shown - offsets[at - 1] : moment) * Timestamp.Second;
    }
}
