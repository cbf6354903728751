using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// The time zone of stamps that name none: a fixed offset (<c>UTC</c>, <c>+01:00</c>, <c>UTC-05</c>) or an IANA name
/// (<c>Europe/Berlin</c>) from the machine's time-zone data. Where clocks go back, a time that comes twice is taken
/// the first time (daylight saving); where they go forward, a time that does not exist is moved on by the gap.
/// </summary>
/// <remarks>Safe for any number of threads: what it remembers is replaced as a whole.</remarks>
public sealed class InputZone
{
    /// <summary>Universal time, the default.</summary>
    public static readonly InputZone Utc = new("UTC", null, 0);

    // Clocks change on quarter hours, so an offset holds for the quarter; both ends are compared all the same.
    private const long Quarter = 15 * 60;

    private readonly TimeZoneInfo? zone;
    private readonly long fixedOffset;
    private Remembered remembered = new(long.MinValue, 0);

    private InputZone(string name, TimeZoneInfo? zone, long fixedOffset)
    {
        Name = name;
        this.zone = zone;
        this.fixedOffset = fixedOffset;
    }

    /// <summary>The name as it was given.</summary>
    public string Name { get; }

    /// <summary>Reads a zone's name; false when there is no such zone.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out InputZone? zone)
    {
        zone = null;
        var trimmed = text.Trim();
        var bare = trimmed.StartsWith("UTC", StringComparison.OrdinalIgnoreCase)
            || trimmed.StartsWith("GMT", StringComparison.OrdinalIgnoreCase)
            ? trimmed[3..]
            : trimmed;
        if (bare.Length == 0 && trimmed.Length > 0)
        {
            zone = Utc;
        }
        else if (bare.Length is > 0 and <= 6 && TryParseOffset(Encoding.UTF8.GetBytes(bare), out var offset))
        {
            zone = new InputZone(trimmed, null, offset);
        }
        else if (trimmed.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(trimmed, out var found))
        {
            zone = new InputZone(trimmed, found, 0);
        }

        return zone is not null;
    }

    /// <summary>Nanoseconds since 1970 UTC of a clock reading in this zone, given as seconds since 1970 there and nanoseconds.</summary>
    internal RejectReason TryToUtc(long localSeconds, int fraction, out long nanoseconds) =>
        TryCombine(localSeconds - (zone is null ? fixedOffset : OffsetAt(localSeconds)), fraction, out nanoseconds);

    /// <summary>What a clock in this zone shows, as seconds since 1970 there, at so many seconds since 1970 UTC.</summary>
    internal long LocalSeconds(long seconds) => seconds + (zone is null ? fixedOffset : OffsetAtUtc(seconds));

    /// <summary>Seconds and nanoseconds to nanoseconds, if they fit.</summary>
    internal static RejectReason TryCombine(long seconds, int fraction, out long nanoseconds)
    {
        nanoseconds = 0;
        if (seconds is < (long.MinValue / Timestamp.Second) or >= (long.MaxValue / Timestamp.Second)) return RejectReason.TimeAbsurd;
        nanoseconds = (seconds * Timestamp.Second) + fraction;
        return RejectReason.None;
    }

    /// <summary>Reads <c>Z</c>, <c>+01:00</c>, <c>+0100</c>, <c>+01</c> or <c>+1</c> as seconds east of Greenwich.</summary>
    internal static bool TryParseOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.Length == 1) return text[0] is (byte)'Z' or (byte)'z';
        if (text.IsEmpty || text[0] is not ((byte)'+' or (byte)'-')) return false;
        var negative = text[0] == '-';
        text = text[1..];
        var hourDigits = text.Length >= 2 && text[1] != ':' ? 2 : 1;
        if (!DecimalText.TryParseWhole(text[..hourDigits], out var hours) || hours > 23) return false;
        text = text[hourDigits..];
        long minutes = 0;
        if (!text.IsEmpty)
        {
            if (text[0] == ':') text = text[1..];
            if (text.Length != 2 || !DecimalText.TryParseWhole(text, out minutes) || minutes > 59) return false;
        }

        seconds = (int)((hours * 3600) + (minutes * 60));
        if (negative) seconds = -seconds;
        return true;
    }

    private long OffsetAt(long local)
    {
        var quarter = local - (((local % Quarter) + Quarter) % Quarter);
        var known = remembered;
        if (known.Quarter == quarter) return known.Offset;
        var offset = Resolve(quarter);
        if (offset != Resolve(quarter + Quarter - 1)) return Resolve(local);
        remembered = new Remembered(quarter, offset);
        return offset;
    }

    /// <summary>
    /// The offset by which to read a local time: the one before a change of clocks where both or neither would do,
    /// which takes a repeated hour the first time and moves a missing one on.
    /// </summary>
    private long Resolve(long local)
    {
        const long Day = 86_400;
        var before = OffsetAtUtc(local - Day);
        var after = OffsetAtUtc(local + Day);
        if (before == after || OffsetAtUtc(local - before) == before) return before;
        return OffsetAtUtc(local - after) == after ? after : before;
    }

    private long OffsetAtUtc(long seconds)
    {
        var clamped = Math.Clamp(seconds, -62_135_596_800, 253_402_300_799); // what DateTime holds
        return (long)zone!.GetUtcOffset(DateTime.UnixEpoch.AddSeconds(clamped)).TotalSeconds;
    }

    private sealed record Remembered(long Quarter, long Offset);
}
