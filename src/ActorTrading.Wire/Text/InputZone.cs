using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// The time zone of times without a zone: a fixed offset (<c>UTC</c>, <c>+01:00</c>, <c>UTC-05</c>) or an IANA name (<c>Europe/Berlin</c>)
/// from the machine's time-zone data. A time that occurs twice when clocks go back means the first one (daylight saving). A time that is
/// skipped when clocks go forward is moved later by the length of the gap.
/// </summary>
/// <remarks>Thread-safe: cached values are replaced atomically.</remarks>
public sealed class InputZone
{
    /// <summary>Universal time, the default.</summary>
    public static readonly InputZone Utc = new("UTC", null, 0);

    // Clocks change on quarter hours, so an offset applies to a whole quarter; both ends are compared nevertheless.
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

    /// <summary>The name as given.</summary>
    public string Name { get; }

    /// <summary>Parses a zone's name; false if there is no such zone.</summary>
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

    /// <summary>Converts local time in this zone (seconds since 1970 and nanoseconds) to nanoseconds since 1970 UTC.</summary>
    internal RejectReason TryToUtc(long localSeconds, int fraction, out long nanoseconds) =>
        TryCombine(localSeconds - (zone is null ? fixedOffset : OffsetAt(localSeconds)), fraction, out nanoseconds);

    /// <summary>Converts seconds since 1970 UTC to local seconds since 1970 in this zone.</summary>
    internal long LocalSeconds(long seconds) => seconds + (zone is null ? fixedOffset : OffsetAtUtc(seconds));

    /// <summary>Combines seconds and nanoseconds to nanoseconds, if they fit.</summary>
    internal static RejectReason TryCombine(long seconds, int fraction, out long nanoseconds)
    {
        nanoseconds = 0;
        if (seconds is < (long.MinValue / Timestamp.Second) or >= (long.MaxValue / Timestamp.Second)) return RejectReason.TimeAbsurd;
        nanoseconds = (seconds * Timestamp.Second) + fraction;
        return RejectReason.None;
    }

    /// <summary>Parses <c>Z</c>, <c>+01:00</c>, <c>+0100</c>, <c>+01</c> or <c>+1</c> to seconds east of Greenwich.</summary>
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
    /// The offset of a local time: the one before a change of clocks if both or neither are valid. So a repeated hour means the first one,
    /// and a skipped time is moved later.
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
        var clamped = Math.Clamp(seconds, -62_135_596_800, 253_402_300_799); // the range of DateTime
        return (long)zone!.GetUtcOffset(DateTime.UnixEpoch.AddSeconds(clamped)).TotalSeconds;
    }

    private sealed record Remembered(long Quarter, long Offset);
}
