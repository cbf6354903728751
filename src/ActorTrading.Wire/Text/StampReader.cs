using System.Globalization;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Reads the times of one input. All numbers have one unit: the configured one, otherwise the unit of the first number with only one
/// reading. Numbers that are not valid in that unit are rejected, with their other possible meanings. Texts are read by
/// <see cref="SpelledTime"/>. One per input; not thread-safe.
/// </summary>
internal sealed class StampReader
{
    private readonly InputZone zone;
    private readonly SpelledTime spelled;
    private readonly TimePattern? pattern;
    private readonly bool isGiven;
    private readonly StampEvidence? evidence;
    private readonly Action<StampForm>? onStamp;
    private LastDate date;
    private long length = 1;
    private long least = long.MaxValue;
    private long most = long.MinValue;

    public StampReader(ParserOptions options)
    {
        zone = options.Zone;
        pattern = options.TimeFormat;
        spelled = new SpelledTime(zone) { Order = options.DateOrder };
        isGiven = options.TimeUnit is not null && !options.IsUnitFound;
        evidence = options.Evidence;
        onStamp = options.OnStamp;
        if (evidence is not null) spelled.OnSlashed = evidence.AddSlashed;
        if (options.TimeUnit is { } unit) Fix(unit);
    }

    /// <summary>The unit of numbers; null if not known yet.</summary>
    public TimeUnit? Unit { get; private set; }

    /// <summary>Whether a number was read before the unit was known: then the meaning of numbers depends on earlier ones.</summary>
    public bool DependsOnEarlier { get; private set; }

    /// <summary>Details about the last rejected time, beyond the reason; otherwise null.</summary>
    public string? Hint { get; private set; }

    /// <summary>The parser of written times.</summary>
    public SpelledTime Spelled => spelled;

    /// <summary>Whether times are read directly: no pattern is set and no callback is needed.</summary>
    public bool IsPlain => pattern is null && evidence is null && onStamp is null;

    /// <summary>Fast path for ISO 8601, if <see cref="IsPlain"/>; false if a text needs the general path.</summary>
    public bool TryReadIso(ReadOnlySpan<byte> text, out Stamp stamp) =>
        IsoTime.TryParse(text, zone, ref date, out stamp) == RejectReason.None;

    /// <summary>Fast path for a whole number of the known unit, from 1973 on; false if it needs the general path.</summary>
    public bool TryReadWhole(long count, out long nanoseconds)
    {
        nanoseconds = count * length;
        return count >= least && count <= most;
    }

    /// <summary>Reads a time. A quoted text is not a count if it looks like the digits of a date.</summary>
    public RejectReason Read(ReadOnlySpan<byte> text, bool isQuoted, out Stamp stamp)
    {
        var reason = ReadAny(text, isQuoted, out stamp);
        onStamp?.Invoke(stamp.Form);
        return reason;
    }

    /// <summary>Reads a time with a separate zone name. A number, a date without time and a text with a zone ignore that name.</summary>
    public RejectReason ReadIn(ReadOnlySpan<byte> zoneName, ReadOnlySpan<byte> text, out Stamp stamp)
    {
        const int Longest = 128;
        var isLocal = pattern is null && text.Contains((byte)':') && StampEvidence.IsLocal(text);
        if (!isLocal || text.Length + zoneName.Length >= Longest) return Read(text, true, out stamp);
        Span<byte> whole = stackalloc byte[Longest];
        text.CopyTo(whole);
        whole[text.Length] = (byte)' ';
        zoneName.CopyTo(whole[(text.Length + 1)..]);
        return Read(whole[..(text.Length + 1 + zoneName.Length)], true, out stamp);
    }

    private RejectReason ReadAny(ReadOnlySpan<byte> text, bool isQuoted, out Stamp stamp)
    {
        Hint = null;
        if (pattern is not null) return pattern.TryParse(text, zone, spelled, out stamp);
        evidence?.AddText(text);
        if (text.Length >= 10 && text[4] == '-' && IsoTime.TryParse(text, zone, ref date, out stamp) is { } verdict) return verdict;
        if (TimeNumber.TryParse(text, out var number)) return ReadNumber(number, isQuoted && text.Length == 8, out stamp);
        if (IsTooLong(text))
        {
            stamp = default;
            return RejectReason.TimeAbsurd;
        }

        var reason = spelled.TryParse(text, out stamp);
        if (reason != RejectReason.None && spelled.IsEitherOrder)
            Hint = "the day or the month may come first: set --time-format to dd/MM/yyyy or MM/dd/yyyy, followed by the time of day if "
                + "there is one";
        return reason;
    }

    /// <summary>Reads a date and a time of day in two texts.</summary>
    public RejectReason Join(ReadOnlySpan<byte> date, ReadOnlySpan<byte> clock, out Stamp stamp)
    {
        Hint = null;
        evidence?.AddText(clock);
        var reason = spelled.TryJoin(date, clock, out stamp);
        onStamp?.Invoke(stamp.Form == StampForm.Date ? StampForm.Midnight : stamp.Form);
        return reason;
    }

    /// <summary>Starts an item whose time may be missing.</summary>
    public void Begin() => Hint = null;

    private RejectReason ReadNumber(in TimeNumber number, bool isEightDigitText, out Stamp stamp)
    {
        if (evidence is not null)
        {
            evidence.Add(number);
            stamp = default;
            return RejectReason.None;
        }

        if (isEightDigitText && !isGiven && number.Calendar() == CalendarReading.Certain)
            return number.Read(TimeUnit.Calendar, zone, out stamp);
        if (Unit is not { } unit)
        {
            DependsOnEarlier = true;
            if (!TryDecide(number, out unit, out var reason))
            {
                stamp = default;
                return reason;
            }
        }

        var verdict = number.Read(unit, zone, out stamp);
        if (isGiven || (verdict == RejectReason.None && (unit > TimeUnit.Nanoseconds || (number.StrongUnit() ?? unit) == unit)))
            return verdict;
        var all = number.SpellAll();
        if (Unit is not null)
        {
            Hint = all.Length == 0
                ? $"times of this input are in {unit.Name()}"
                : $"times of this input are in {unit.Name()}; this one could be {all}";
        }
        return verdict == RejectReason.None ? RejectReason.TimeAbsurd : verdict;
    }

    /// <summary>
    /// Determines the unit from a number with only one possible unit. A small number is read as seconds, but does not determine the unit.
    /// </summary>
    private bool TryDecide(in TimeNumber number, out TimeUnit unit, out RejectReason reason)
    {
        unit = TimeUnit.Seconds;
        reason = RejectReason.None;
        var calendar = number.Calendar();
        if (calendar == CalendarReading.Certain)
        {
            Fix(unit = TimeUnit.Calendar);
            return true;
        }

        if (calendar == CalendarReading.Possible)
        {
            Hint = $"this could be {number.SpellAll()}: set --time-unit (time_unit in a hello or a request)";
            reason = RejectReason.BadTime;
            return false;
        }

        if (number.StrongUnit() is { } strong)
        {
            Fix(unit = strong);
            return true;
        }

        if (number.IsPossible(TimeUnit.Seconds) || number.SpellAll() is { Length: 0 } or null) return true;
        Hint = $"this could be {number.SpellAll()}: set --time-unit (time_unit in a hello or a request)";
        reason = RejectReason.TimeAbsurd;
        return false;
    }

    private void Fix(TimeUnit unit)
    {
        Unit = unit;
        if (unit > TimeUnit.Nanoseconds) return;
        length = unit.Length();
        least = 100_000_000 * (Timestamp.Second / length); // March 1973; earlier times take the general path
        most = long.MaxValue / length;
    }

    /// <summary>Whether the number exceeds the range of decimal.</summary>
    private static bool IsTooLong(ReadOnlySpan<byte> text) =>
        text.Length > 18 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && Math.Abs(value) > 1e18;
}
