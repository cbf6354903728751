using System.Globalization;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>Confidence that a number consists of the digits of a date.</summary>
internal enum CalendarReading : byte
{
    /// <summary>Not a date.</summary>
    None,

    /// <summary>Possibly a date, but more likely something else.</summary>
    Possible,

    /// <summary>8, 12, 14 or 17 digits that make a date and a time from 1900 to 2199.</summary>
    Certain,
}

/// <summary>
/// A numeric time and its possible meanings. A reading from 1973 to 2262 (or before 1967) is strong: at most one unit has one. A reading
/// between these, more than a day from 1970, is weak.
/// </summary>
internal readonly struct TimeNumber
{
    private const decimal StrongFrom = 100_000_000;     // seconds: March 1973
    private const decimal WeakFrom = 100_000; // a day: a time nearer to zero is a missing one
    private const decimal First = -2_208_988_800;       // 1900
    private const decimal Last = 9_223_372_036.854775807m; // 2262
    private const int LeastDigits = 7; // a spreadsheet shows and exports six
    private const long ExcelEpoch = -2_209_161_600;     // 1899-12-30

    private readonly decimal value;

    private TimeNumber(decimal value) => this.value = value;

    /// <summary>
    /// Parses a number: a sign, digits, a point, an exponent. A number with an exponent and so few digits that most of a time is lost is
    /// not accepted.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out TimeNumber number)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        number = default;
        if (text.IsEmpty || text[0] is not ((>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+' or (byte)'.')) return false;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var value)) return false;
        var isCut = text.IndexOfAny((byte)'e', (byte)'E') is > 0 and var end && Digits(text[..end]) < LeastDigits;
        if (isCut && Math.Abs(value) is >= StrongFrom and <= long.MaxValue) return false;
        number = new TimeNumber(value);
        return true;
    }

    private static int Digits(ReadOnlySpan<byte> text) =>
        text.Length - text.Count((byte)'.') - text.Count((byte)'-') - text.Count((byte)'+');

    /// <summary>Creates a number from a whole count.</summary>
    public static TimeNumber Of(long count) => new(count);

    /// <summary>Whether the number has a strong reading in that unit.</summary>
    public bool IsStrong(TimeUnit unit)
    {
        if (unit > TimeUnit.Nanoseconds) return false;
        var seconds = SecondsIn(unit);
        return seconds is >= First and <= Last && Math.Abs(seconds) >= StrongFrom;
    }

    /// <summary>Whether the number has a reading, strong or weak, in that unit.</summary>
    public bool IsPossible(TimeUnit unit)
    {
        if (unit > TimeUnit.Nanoseconds) return false;
        var seconds = SecondsIn(unit);
        return seconds is >= First and <= Last && Math.Abs(seconds) >= WeakFrom;
    }

    /// <summary>The unit with the strong reading; null if there is none.</summary>
    public TimeUnit? StrongUnit()
    {
        for (var unit = TimeUnit.Seconds; unit <= TimeUnit.Nanoseconds; unit++)
        {
            if (IsStrong(unit)) return unit;
        }

        return null;
    }

    /// <summary>Whether the digits are those of a date.</summary>
    public CalendarReading Calendar()
    {
        if (!TryDigits(out var digits)) return CalendarReading.None;
        var reading = digits switch
        {
            >= 100_101 and <= 991_231 => CalendarReading.Possible,
            >= 1_900_010_100 and <= 2_199_123_123 => CalendarReading.Possible,
            _ => CalendarReading.Certain,
        };
        return TryReadCalendar(digits, out _, out _, out _) ? reading : CalendarReading.None;
    }

    /// <summary>Converts to nanoseconds since 1970 UTC in that unit, with the form of the time.</summary>
    public RejectReason Read(TimeUnit unit, InputZone zone, out Stamp stamp)
    {
        stamp = default;
        switch (unit)
        {
            case TimeUnit.Calendar:
                if (!TryDigits(out var digits) || !TryReadCalendar(digits, out var local, out var fraction, out var isDate))
                    return RejectReason.BadTime;
                return Stamp.OfLocal(local, fraction, isDate ? StampForm.Date : StampForm.Moment, zone, out stamp);
            case TimeUnit.Excel:
                if (value is < 1 or > 200_000) return RejectReason.TimeAbsurd;
                var precision = value.Scale <= 5 ? 1_000 : 1; // five decimals of a day resolve seconds at best
                var milliseconds = (long)Math.Round(value * 86_400_000 / precision) * precision;
                var form = value == Math.Floor(value) ? StampForm.Date : StampForm.Moment;
                return Stamp.OfLocal(ExcelEpoch + (milliseconds / 1_000), (int)(milliseconds % 1_000) * 1_000_000, form, zone, out stamp);
            default:
                if (Math.Abs(value) > long.MaxValue) return RejectReason.TimeAbsurd;
                var count = Math.Floor(value * unit.Length());
                if (count is < long.MinValue or > long.MaxValue) return RejectReason.TimeAbsurd;
                stamp = new Stamp((long)count);
                return RejectReason.None;
        }
    }

    /// <summary>The reading in that unit, for a message; null if it is not sensible.</summary>
    public string? Spell(TimeUnit unit)
    {
        if (unit <= TimeUnit.Nanoseconds ? !IsPossible(unit) : unit == TimeUnit.Calendar && Calendar() == CalendarReading.None) return null;
        if (Read(unit, InputZone.Utc, out var stamp) != RejectReason.None) return null;
        var moment = new Timestamp(stamp.Nanoseconds).ToString();
        return unit == TimeUnit.Calendar ? moment.TrimEnd('Z') : moment;
    }

    /// <summary>All readings, such as <c>2034-02-19T19:50:09Z in s, 2024-01-02T09:00:00 in calendar</c>.</summary>
    public string SpellAll()
    {
        var number = this;
        var readings = TimeUnits.All
            .Where(unit => unit != TimeUnit.Excel || number.value is > 20_000 and < 80_000)
            .Select(unit => (Unit: unit, Text: number.Spell(unit)))
            .Where(reading => reading.Text is not null)
            .Select(reading => $"{reading.Text} in {reading.Unit.Name()}");
        return string.Join(", ", readings);
    }

    /// <inheritdoc/>
    public override string ToString() => value.ToString(CultureInfo.InvariantCulture);

    private static bool TryReadCalendar(long digits, out long local, out int fraction, out bool isDate)
    {
        local = 0;
        fraction = 0;
        isDate = false;
        long date = digits, clock = 0;
        switch (digits)
        {
            case >= 100_101 and <= 991_231: // yyMMdd
                date = digits + (digits >= 690_000 ? 19_000_000 : 20_000_000);
                isDate = true;
                break;
            case >= 19_000_101 and <= 21_991_231: // yyyyMMdd
                isDate = true;
                break;
            case >= 1_900_010_100 and <= 2_199_123_123: // yyyyMMddHH
                (date, clock) = (digits / 100, digits % 100 * 10_000);
                break;
            case >= 190_001_010_000 and <= 219_912_312_359: // yyyyMMddHHmm
                (date, clock) = (digits / 10_000, digits % 10_000 * 100);
                break;
            case >= 19_000_101_000_000 and <= 21_991_231_235_959: // yyyyMMddHHmmss
                (date, clock) = (digits / 1_000_000, digits % 1_000_000);
                break;
            case >= 19_000_101_000_000_000 and <= 21_991_231_235_959_999: // yyyyMMddHHmmssfff
                fraction = (int)(digits % 1_000) * 1_000_000;
                digits /= 1_000;
                (date, clock) = (digits / 1_000_000, digits % 1_000_000);
                break;
            default:
                return false;
        }

        var (hour, minute, second) = ((int)(clock / 10_000), (int)(clock / 100 % 100), (int)(clock % 100));
        return hour <= 23 && minute <= 59 && second <= 59
            && CivilDate.TryCompose(
                (int)(date / 10_000), (int)(date / 100 % 100), (int)(date % 100), (hour * 3600) + (minute * 60) + second, out local);
    }

    private bool TryDigits(out long digits)
    {
        digits = 0;
        if (value is < 100_101 or > 21_991_231_235_959_999 || value != Math.Floor(value)) return false;
        digits = (long)value;
        return true;
    }

    private decimal SecondsIn(TimeUnit unit) => value / (1_000_000_000m / unit.Length());
}
