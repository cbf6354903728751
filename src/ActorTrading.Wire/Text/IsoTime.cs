using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Text;

/// <summary>The quick way through ISO 8601: a date, or date and time with <c>T</c> or a blank between, up to nine decimals, with or without an offset.</summary>
internal static class IsoTime
{
    /// <summary>Reads a text whose fifth byte is a hyphen; null where it is anything but that, and to be read the slow way.</summary>
    public static RejectReason? TryParse(ReadOnlySpan<byte> text, InputZone zone, out Stamp stamp)
    {
        stamp = default;
        if (text[7] != '-'
            || !TryParseDigits(text[..4], out var year)
            || !TryParseDigits(text.Slice(5, 2), out var month)
            || !TryParseDigits(text.Slice(8, 2), out var day)) return null;
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

        if (!CivilDate.TryCompose(year, month, day, secondOfDay, out var seconds)) return RejectReason.BadTime;
        if (rest.IsEmpty) return Stamp.OfLocal(seconds, fraction, form, zone, out stamp);
        return InputZone.TryParseOffset(rest, out var offset) ? Stamp.OfOffset(seconds, fraction, form, offset, out stamp) : null;
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
