using System.Globalization;
using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Stamps as text. Numbers count seconds, milliseconds, microseconds or nanoseconds since 1970 UTC, told apart by
/// their size: below 1e11, 1e14, 1e17, above; a fraction is a fraction of that unit. Anything else is ISO 8601:
/// a date, or date and time with <c>T</c> or a blank between, up to nine decimals, with or without a zone.
/// </summary>
public static class TimeText
{
    private const long UnixEpochDay = 719_468; // of the civil calendar that begins its years in March

    /// <summary>
    /// Reads a stamp: <see cref="RejectReason.BadTime"/> where it is none, <see cref="RejectReason.TimeAbsurd"/>
    /// where it is one outside of 1677 to 2262. Eight digits that came as text, not as a JSON number, are a date
    /// (<c>20240808</c>).
    /// </summary>
    public static RejectReason TryParse(ReadOnlySpan<byte> text, bool quoted, InputZone zone, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length >= 10 && text[4] == '-') return TryParseIso(text, zone, out nanoseconds);
        if (quoted && text.Length == 8 && TryParseDigits(text, out var compact))
        {
            var (year, rest) = Math.DivRem(compact, 10_000);
            return TryCompose(year, rest / 100, rest % 100, 0, out var midnight)
                ? zone.TryToUtc(midnight, 0, out nanoseconds)
                : RejectReason.BadTime;
        }

        return DecimalText.TryParseWhole(text, out var whole) ? FromWhole(whole, out nanoseconds) : TryParseDecimal(text, out nanoseconds);
    }

    /// <summary>A whole number, from zero up, of the unit that its size tells.</summary>
    public static RejectReason FromWhole(long count, out long nanoseconds)
    {
        var unit = count switch
        {
            < 100_000_000_000 => 1_000_000_000L,
            < 100_000_000_000_000 => 1_000_000L,
            < 100_000_000_000_000_000 => 1_000L,
            _ => 1L,
        };
        nanoseconds = count * unit;
        return count <= long.MaxValue / unit ? RejectReason.None : RejectReason.TimeAbsurd;
    }

    private static RejectReason TryParseDecimal(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        nanoseconds = 0;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var value)) return RejectReason.BadTime;
        var unit = Math.Abs(value) switch
        {
            < 1e11m => 1_000_000_000m,
            < 1e14m => 1_000_000m,
            < 1e17m => 1_000m,
            _ => 1m,
        };
        if (Math.Abs(value) > long.MaxValue) return RejectReason.TimeAbsurd;
        value = Math.Floor(value * unit);
        if (value is < long.MinValue or > long.MaxValue) return RejectReason.TimeAbsurd;
        nanoseconds = (long)value;
        return RejectReason.None;
    }

    private static RejectReason TryParseIso(ReadOnlySpan<byte> text, InputZone zone, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text[7] != '-'
            || !TryParseDigits(text[..4], out var year)
            || !TryParseDigits(text.Slice(5, 2), out var month)
            || !TryParseDigits(text.Slice(8, 2), out var day)) return RejectReason.BadTime;
        var secondOfDay = 0;
        var fraction = 0;
        var rest = text[10..];
        if (rest.Length > 0)
        {
            if (rest[0] is not ((byte)'T' or (byte)'t' or (byte)' ')) return RejectReason.BadTime;
            rest = rest[1..];
            if (!TryParseTimeOfDay(ref rest, out secondOfDay, out fraction)) return RejectReason.BadTime;
        }

        if (!TryCompose(year, month, day, secondOfDay, out var seconds)) return RejectReason.BadTime;
        if (rest.IsEmpty) return zone.TryToUtc(seconds, fraction, out nanoseconds);
        return InputZone.TryParseOffset(rest, out var offset)
            ? InputZone.TryCombine(seconds - offset, fraction, out nanoseconds)
            : RejectReason.BadTime;
    }

    /// <summary>HH:MM, HH:MM:SS or HH:MM:SS.fffffffff; leaves the zone, if any, in <paramref name="text"/>.</summary>
    private static bool TryParseTimeOfDay(ref ReadOnlySpan<byte> text, out int seconds, out int fraction)
    {
        seconds = 0;
        fraction = 0;
        if (text.Length < 5 || text[2] != ':'
            || !TryParseDigits(text[..2], out var hour) || hour > 23
            || !TryParseDigits(text.Slice(3, 2), out var minute) || minute > 59) return false;
        text = text[5..];
        seconds = (hour * 3600) + (minute * 60);
        if (text.Length < 3 || text[0] != ':') return true;
        if (!TryParseDigits(text.Slice(1, 2), out var second) || second > 59) return false;
        seconds += second;
        text = text[3..];
        if (text.IsEmpty || text[0] != '.') return true;

        var decimals = 0;
        while (decimals + 1 < text.Length && (uint)(text[decimals + 1] - '0') <= 9)
        {
            if (++decimals > 9) return false;
            fraction = (fraction * 10) + (text[decimals] - '0');
        }

        text = text[(decimals + 1)..];
        for (var i = decimals; i < 9; i++) fraction *= 10;
        return decimals > 0;
    }

    /// <summary>Seconds from 1970 to a moment of the civil calendar; false when there is no such date.</summary>
    private static bool TryCompose(int year, int month, int day, int secondOfDay, out long seconds)
    {
        seconds = 0;
        if (year < 1 || month is < 1 or > 12 || day < 1 || (day > 28 && day > DateTime.DaysInMonth(year, month))) return false;
        var y = month <= 2 ? year - 1 : year;
        var era = y / 400;
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        seconds = ((((long)era * 146_097) + dayOfEra - UnixEpochDay) * 86_400) + secondOfDay;
        return true;
    }

    private static bool TryParseDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            var digit = c - '0';
            if ((uint)digit > 9) return false;
            value = (value * 10) + digit;
        }

        return true;
    }
}
