using System.Text;
using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Parser of written times: a date, then optionally a time of day, then optionally a zone. Date: year first with <c>-</c>, <c>/</c>,
/// <c>.</c> or no separator; day first with points; with the name of the month; day or month first according to the order. Time of day:
/// <c>09:30</c>, <c>093000</c>, <c>9:30 PM</c>, with any number of decimals behind a point or comma, of which nine are used. Zone:
/// <c>Z</c>, an offset, a name, a name in square brackets. Not thread-safe.
/// Long because of the many ways to write a time.
/// </summary>
internal sealed class SpelledTime(InputZone zone)
{
    private readonly Dictionary<string, InputZone?> zones = new(StringComparer.Ordinal);

    /// <summary>The first part of dates of the form <c>01/05/2024</c>.</summary>
    public DateOrder Order { get; set; }

    /// <summary>Called for each such date with the first number, the second number and the year.</summary>
    public Action<int, int, int>? OnSlashed { get; set; }

    /// <summary>Whether the last text was ambiguous: either the day or the month may be first.</summary>
    public bool IsEitherOrder { get; private set; }

    /// <summary>Whether four or fewer digits of a time in a separate column are minutes and seconds of <c>HHmmss</c>.</summary>
    public bool ClockHasSeconds { get; set; }

    /// <summary>Parses a text.</summary>
    public RejectReason TryParse(ReadOnlySpan<byte> text, out Stamp stamp)
    {
        stamp = default;
        var scan = new TimeScan(text);
        if (!TryParseDate(ref scan, out var midnight)) return RejectReason.BadTime;
        if (scan.IsEnd) return Stamp.OfLocal(midnight, 0, StampForm.Date, zone, out stamp);
        return TrySkipToClock(ref scan) && TryParseClock(ref scan, out var second, out var fraction)
            ? Finish(ref scan, midnight + second, fraction, out stamp)
            : RejectReason.BadTime;
    }

    /// <summary>Parses a date and a time of day in two texts.</summary>
    public RejectReason TryJoin(ReadOnlySpan<byte> date, ReadOnlySpan<byte> clock, out Stamp stamp)
    {
        stamp = default;
        var days = new TimeScan(date);
        if (!TryParseDate(ref days, out var midnight)) return RejectReason.BadTime;
        if (!days.IsEnd)
        {
            // A date column may contain a meaningless midnight: 2024-01-02 00:00:00.
            if (!TrySkipToClock(ref days) || !TryParseClock(ref days, out var none, out var zero) || none != 0 || zero != 0 || !days.IsEnd)
                return RejectReason.BadTime;
        }

        var time = new TimeScan(clock);
        return TryParseBareClock(ref time, out var second, out var fraction) || TryParseClock(ref time, out second, out fraction)
            ? Finish(ref time, midnight + second, fraction, out stamp)
            : RejectReason.BadTime;
    }

    /// <summary>Whether a text is a time of day only.</summary>
    public static bool IsClock(ReadOnlySpan<byte> text)
    {
        var scan = new TimeScan(text);
        return scan.Peek is >= (byte)'0' and <= (byte)'9'
            && (IsBareClock(text) || TryParseClock(ref scan, out _, out _))
            && (IsBareClock(text) || scan.IsEnd);
    }

    /// <summary>Finds a zone by name; the result is cached.</summary>
    public InputZone? FindZone(ReadOnlySpan<byte> name)
    {
        Span<char> characters = stackalloc char[48];
        if (name.Length > characters.Length
            || Ascii.ToUtf16(name, characters, out var length) != System.Buffers.OperationStatus.Done) return null;
        var lookup = zones.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(characters[..length], out var known)) return known;
        var text = characters[..length].ToString();
        var found = text switch
        {
            "EST" => Fixed("-05:00"),
            "EDT" => Fixed("-04:00"),
            "CET" or "MEZ" => Fixed("+01:00"),
            "CEST" or "MESZ" => Fixed("+02:00"),
            "PST" => Fixed("-08:00"),
            "PDT" => Fixed("-07:00"),
            "HKT" or "SGT" => Fixed("+08:00"),
            "JST" or "KST" => Fixed("+09:00"),
            _ => InputZone.TryParse(text, out var zone) ? zone : null,
        };
        if (zones.Count < 1_000) zones.Add(text, found);
        return found;

        static InputZone? Fixed(string offset) => InputZone.TryParse(offset, out var zone) ? zone : null;
    }

    private RejectReason Finish(ref TimeScan scan, long local, int fraction, out Stamp stamp)
    {
        stamp = default;
        scan.SkipBlanks();
        if (scan.IsEnd) return Stamp.OfLocal(local, fraction, StampForm.Moment, zone, out stamp);
        var rest = scan.Rest;
        var bracket = rest.IndexOf((byte)'[');
        if (bracket >= 0 && rest[^1] == ']')
        {
            // The offset before the bracket is exact; the name only explains it.
            var name = rest[(bracket + 1)..^1];
            rest = rest[..bracket].TrimEnd((byte)' ');
            if (rest.IsEmpty) rest = name;
        }

        if (InputZone.TryParseOffset(rest, out var offset)) return Stamp.OfOffset(local, fraction, StampForm.Moment, offset, out stamp);
        return FindZone(rest) is { } named ? Stamp.OfLocal(local, fraction, StampForm.Moment, named, out stamp) : RejectReason.BadTime;
    }

    private bool TryParseDate(ref TimeScan scan, out long midnight)
    {
        midnight = 0;
        IsEitherOrder = false;
        if (scan.IsLetter) SkipWeekday(ref scan);
        if (scan.IsLetter) return TryParseMonthFirstByName(ref scan, out midnight);
        if (!scan.TryNumber(out var first, out var digits)) return false;
        switch (digits)
        {
            case 8:
                return CivilDate.TryCompose(first / 10_000, first / 100 % 100, first % 100, 0, out midnight);
            case 4:
                return TryParseYearFirst(ref scan, first, out midnight);
            case 1 or 2:
                return TryParseDayOrMonthFirst(ref scan, first, out midnight);
            default:
                return false;
        }
    }

    private static bool TryParseYearFirst(ref TimeScan scan, int year, out long midnight)
    {
        midnight = 0;
        if (scan.TryTake("年"u8))
        {
            return scan.TryNumber(out var m, out _) && scan.TryTake("月"u8) && scan.TryNumber(out var d, out _)
                && CivilDate.TryCompose(year, m, d, 0, out midnight) && (scan.TryTake("日"u8) || scan.IsEnd);
        }

        var separator = scan.Peek;
        if (separator is not ((byte)'-' or (byte)'/' or (byte)'.')) return false;
        scan.Skip(1);
        scan.SkipBlanks();
        if (!TryMonth(ref scan, out var month) || scan.Peek != separator) return false;
        scan.Skip(1);
        scan.SkipBlanks();
        return scan.TryNumber(out var day, out var digits) && digits <= 2 && CivilDate.TryCompose(year, month, day, 0, out midnight);
    }

    private bool TryParseDayOrMonthFirst(ref TimeScan scan, int first, out long midnight)
    {
        midnight = 0;
        var separator = scan.Peek;
        if (scan.IsLetter)
        {
            return TryMonth(ref scan, out var named) && TryYear(ref scan, out var namedYear)
                && CivilDate.TryCompose(namedYear, named, first, 0, out midnight);
        }
        if (separator is not ((byte)'-' or (byte)'/' or (byte)'.' or (byte)' ')) return false;
        scan.Skip(1);
        if (scan.IsLetter)
        {
            if (!TryMonth(ref scan, out var month)) return false;
            if (scan.Peek is (byte)'-' or (byte)'/' or (byte)'.' or (byte)' ' or (byte)',') scan.Skip(1);
            return TryYear(ref scan, out var year) && CivilDate.TryCompose(year, month, first, 0, out midnight);
        }

        if (separator == ' ' || !scan.TryNumber(out var second, out var digits) || digits > 2 || scan.Peek != separator) return false;
        scan.Skip(1);
        return TryYear(ref scan, out var last) && TryOrder(separator, first, second, last, out midnight);
    }

    /// <summary>
    /// Two numbers and a year: with points the day is first. Otherwise the numbers, or the order of the input, decide which one is the day.
    /// </summary>
    private bool TryOrder(byte separator, int first, int second, int year, out long midnight)
    {
        if (separator == '.') return CivilDate.TryCompose(year, second, first, 0, out midnight);
        OnSlashed?.Invoke(first, second, year);
        if (first == second) return CivilDate.TryCompose(year, first, second, 0, out midnight);
        var order = Order != DateOrder.Unknown ? Order
            : first > 12 ? DateOrder.DayFirst
            : second > 12 ? DateOrder.MonthFirst
            : DateOrder.Unknown;
        if (order != DateOrder.Unknown)
        {
            return order == DateOrder.DayFirst
                ? CivilDate.TryCompose(year, second, first, 0, out midnight)
                : CivilDate.TryCompose(year, first, second, 0, out midnight);
        }

        midnight = 0;
        IsEitherOrder = true;
        return OnSlashed is not null;
    }

    private static bool TryParseMonthFirstByName(ref TimeScan scan, out long midnight)
    {
        midnight = 0;
        if (!TryMonth(ref scan, out var month)) return false;
        if (scan.Peek is (byte)'-' or (byte)'/' or (byte)'.') scan.Skip(1);
        scan.SkipBlanks();
        if (!scan.TryNumber(out var day, out var digits) || digits > 2) return false;
        if (scan.Peek is (byte)'-' or (byte)'/' or (byte)',') scan.Skip(1);
        return TryYear(ref scan, out var year) && CivilDate.TryCompose(year, month, day, 0, out midnight);
    }

    private static void SkipWeekday(ref TimeScan scan)
    {
        var ahead = scan;
        var word = ahead.TakeWord();
        if (word.Length < 3 || !IsWeekday(word[..3])) return;
        if (ahead.Peek is (byte)',' or (byte)'.') ahead.Skip(1);
        ahead.SkipBlanks();
        scan = ahead;
    }

    private static bool IsWeekday(ReadOnlySpan<byte> letters)
    {
        ReadOnlySpan<byte> names = "montuewedthufrisatsun"u8;
        for (var i = 0; i < names.Length; i += 3)
        {
            if (Ascii.EqualsIgnoreCase(letters, names.Slice(i, 3))) return true;
        }

        return false;
    }

    /// <summary>A month as one or two digits, or by its English name or the first three letters of it.</summary>
    private static bool TryMonth(ref TimeScan scan, out int month)
    {
        if (!scan.IsLetter) return scan.TryNumber(out month, out var digits) && digits <= 2;
        var word = scan.TakeWord();
        month = 0;
        if (word.Length < 3) return false;
        ReadOnlySpan<byte> names = "janfebmaraprmayjunjulaugsepoctnovdec"u8;
        for (var i = 0; i < 12; i++)
        {
            if (Ascii.EqualsIgnoreCase(word[..3], names.Slice(i * 3, 3))) month = i + 1;
        }

        return month > 0;
    }

    /// <summary>A year of four digits, or of two: 1969 to 2068.</summary>
    private static bool TryYear(ref TimeScan scan, out int year)
    {
        scan.SkipBlanks();
        if (!scan.TryNumber(out year, out var digits) || digits is not (2 or 4)) return false;
        if (digits == 2) year += year >= 69 ? 1900 : 2000;
        return true;
    }

    private static bool TrySkipToClock(ref TimeScan scan)
    {
        if (scan.Peek is (byte)'T' or (byte)'t' or (byte)'D' or (byte)'-' or (byte)'_' or (byte)',' or (byte)' ' or (byte)';' or (byte)':')
        {
            scan.Skip(1);
            scan.SkipBlanks();
            return true;
        }

        return false;
    }

    /// <summary>A time of day with colons, or as 4, 6 or 9 digits; then decimals; then AM or PM.</summary>
    private static bool TryParseClock(ref TimeScan scan, out int seconds, out int fraction)
    {
        seconds = 0;
        fraction = 0;
        if (!scan.TryNumber(out var hour, out var digits)) return false;
        int minute, second = 0;
        if (digits is 1 or 2)
        {
            if (scan.Peek != ':') return false;
            scan.Skip(1);
            if (!scan.TryNumber(out minute, out digits) || digits != 2) return false;
            if (scan.Peek == ':')
            {
                scan.Skip(1);
                if (!scan.TryNumber(out second, out digits) || digits != 2) return false;
                if (scan.Peek == ':' && scan.TryMilliseconds(out fraction)) digits = 2; // 09:30:00:123
            }
        }
        else if (digits == 4)
        {
            (hour, minute) = (hour / 100, hour % 100);
        }
        else if (digits == 6)
        {
            (hour, minute, second) = (hour / 10_000, hour / 100 % 100, hour % 100);
        }
        else if (digits == 9)
        {
            fraction = hour % 1_000 * 1_000_000;
            (hour, minute, second) = (hour / 10_000_000, hour / 100_000 % 100, hour / 1_000 % 100);
        }
        else
        {
            return false;
        }

        if (scan.Peek is (byte)'.' or (byte)',' && !scan.TryFraction(out fraction)) return false;
        if (!TryHalfDay(ref scan, ref hour)) return false;
        return TrySecondOfDay(hour, minute, second, fraction, out seconds);
    }

    /// <summary>A time of day in a separate column, whose leading zeros may be missing.</summary>
    private bool TryParseBareClock(ref TimeScan scan, out int seconds, out int fraction)
    {
        seconds = 0;
        fraction = 0;
        if (!IsBareClock(scan.Rest)) return false;
        scan.TryNumber(out var number, out var digits);
        if (digits <= 4 && !ClockHasSeconds) number *= 100;
        if (digits >= 8)
        {
            fraction = number % 1_000 * 1_000_000;
            number /= 1_000;
        }

        return TrySecondOfDay(number / 10_000, number / 100 % 100, number % 100, fraction, out seconds);
    }

    private static bool IsBareClock(ReadOnlySpan<byte> text) =>
        text.Length is >= 1 and <= 9 and not 7 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool TryHalfDay(ref TimeScan scan, ref int hour)
    {
        var ahead = scan;
        ahead.SkipBlanks();
        var first = ahead.Peek | 0x20;
        if (first is not ('a' or 'p')) return true;
        ahead.Skip(1);
        if (ahead.Peek == '.') ahead.Skip(1);
        if ((ahead.Peek | 0x20) != 'm') return true; // the name of a zone
        ahead.Skip(1);
        if (ahead.Peek == '.') ahead.Skip(1);
        if (ahead.IsLetter || ahead.Peek == '/') return true;
        if (hour is < 1 or > 12) return false;
        hour = (hour % 12) + (first == 'p' ? 12 : 0);
        scan = ahead;
        return true;
    }

    /// <summary>
    /// Converts to the second of the day. Second 60 is a leap second, counted as the next second; hour 24 is the end of the day.
    /// </summary>
    private static bool TrySecondOfDay(int hour, int minute, int second, int fraction, out int seconds)
    {
        seconds = (hour * 3600) + (minute * 60) + second;
        return minute <= 59
            && (hour <= 23 || (hour == 24 && minute == 0 && second == 0 && fraction == 0))
            && (second <= 59 || (second == 60 && minute == 59));
    }
}
