using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Fast parser of ISO 8601: a date, or date and time with <c>T</c> or a blank between them, up to nine decimals, with or without an offset.
/// </summary>
internal static class IsoTime
{
    /// <summary>Parses a text of ten bytes or more; null if the text needs the general parser.</summary>
    public static RejectReason? TryParse(ReadOnlySpan<byte> text, InputZone zone, ref LastDate date, out Stamp stamp)
    {
        stamp = default;
        if (!date.TryRead(text, out var midnight, out var isDate)) return null;
        var secondOfDay = 0;
        var fraction = 0;
        var rest = text[10..];
        var form = StampForm.Date;
        if (rest.Length > 0)
        {
            if (rest[0] is not ((byte)'T' or (byte)'t' or (byte)' ')) return null;
            rest = rest[1..];
            form = StampForm.Moment;
            if (!TryParseTimeOfDay(ref rest, out secondOfDay, out fraction)) return null;
        }

        if (!isDate) return RejectReason.BadTime;
        var seconds = midnight + secondOfDay;
        if (rest.IsEmpty) return Stamp.OfLocal(seconds, fraction, form, zone, out stamp);
        return InputZone.TryParseOffset(rest, out var offset) ? Stamp.OfOffset(seconds, fraction, form, offset, out stamp) : null;
    }

    /// <summary>Parses HH:MM, HH:MM:SS or HH:MM:SS.fffffffff; leaves the zone, if any, in <paramref name="text"/>.</summary>
    private static bool TryParseTimeOfDay(ref ReadOnlySpan<byte> text, out int seconds, out int fraction)
    {
        seconds = 0;
        fraction = 0;
        if (text.Length < 5 || text[2] != ':'
            || !DigitText.TryReadTwo(text, out var hour) || hour > 23
            || !DigitText.TryReadTwo(text[3..], out var minute) || minute > 59) return false;
        text = text[5..];
        seconds = (hour * 3600) + (minute * 60);
        if (text.Length < 3 || text[0] != ':') return true;
        if (!DigitText.TryReadTwo(text[1..], out var second) || second > 59) return false;
        seconds += second;
        text = text[3..];
        if (text.IsEmpty || text[0] != '.') return true;

        var digits = text[1..];
        var decimals = 0;
        if (digits.Length >= 8 && DigitText.TryReadEight(digits, out var eight)) (fraction, decimals) = ((int)eight, 8);
        for (; decimals < digits.Length && (uint)(digits[decimals] - '0') <= 9; decimals++)
        {
            if (decimals == 9) return false;
            fraction = (fraction * 10) + (digits[decimals] - '0');
        }

        if (decimals == 0) return false;
        fraction *= (int)DecimalText.PowersOfTen[9 - decimals];
        text = digits[decimals..];
        return true;
    }
}
