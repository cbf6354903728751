using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Text;

/// <summary>
/// A time format set by the user, in the notation of .NET and Java (<c>dd/MM/yyyy HH:mm:ss.fff</c>) or of strptime (<c>%d/%m/%Y
/// %H:%M:%S</c>): <c>yyyy yy MMM MM M dd d HH H hh h mm m ss s f tt zzz</c>. One or more <c>f</c> match any number of decimals; other
/// characters match themselves.
/// </summary>
public sealed class TimePattern
{
    private static readonly (string Theirs, string Ours)[] Strptime =
    [
        ("%Y", "yyyy"), ("%y", "yy"), ("%m", "MM"), ("%d", "dd"), ("%H", "HH"), ("%I", "hh"), ("%M", "mm"), ("%S", "ss"), ("%f", "f"),
        ("%p", "tt"), ("%z", "zzz"), ("%Z", "zzz"), ("%b", "MMM"), ("%B", "MMM"), ("%T", "HH:mm:ss"), ("%F", "yyyy-MM-dd"),
    ];

    private readonly (char Kind, byte[] Literal)[] parts;

    private TimePattern(string text, (char Kind, byte[] Literal)[] parts)
    {
        Text = text;
        this.parts = parts;
    }

    /// <summary>The text of the pattern.</summary>
    public string Text { get; }

    private bool HasClock => parts.Any(part => part.Kind is 'H' or 'h');

    /// <summary>Parses a pattern; false if it does not contain a year, a month and a day, or has an unknown letter.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TimePattern? pattern)
    {
        pattern = null;
        var plain = text;
        foreach (var (theirs, ours) in Strptime) plain = plain.Replace(theirs, ours, StringComparison.Ordinal);
        var parts = new List<(char, byte[])>();
        for (var i = 0; i < plain.Length;)
        {
            var c = plain[i];
            var run = 1;
            while (i + run < plain.Length && plain[i + run] == c) run++;
            if (c == '\'' && plain.IndexOf('\'', i + 1) is > 0 and var end)
            {
                parts.Add((' ', Encoding.UTF8.GetBytes(plain[(i + 1)..end])));
                i = end + 1;
                continue;
            }

            char? kind = (c, run) switch
            {
                ('y', 4) => 'Y', ('y', 2) => 'y', ('M', 3 or 4) => 'N', ('M', <= 2) => 'M', ('d', <= 2) => 'd', ('H', <= 2) => 'H',
                ('h', <= 2) => 'h', ('m', <= 2) => 'm', ('s', <= 2) => 's', ('f' or 'F', _) => 'f', ('t', <= 2) => 't',
                ('z' or 'K' or 'X' or 'Z', _) => 'z', ('T' or 'D', 1) => ' ',
                _ => char.IsLetter(c) || c == '%' ? null : ' ',
            };
            if (kind is null) return false;
            parts.Add((kind.Value, kind == ' ' ? Encoding.UTF8.GetBytes(plain.Substring(i, run)) : []));
            i += run;
        }

        var kinds = parts.Select(part => part.Item1).ToList();
        if (!kinds.Any(kind => kind is 'Y' or 'y') || !kinds.Any(kind => kind is 'M' or 'N') || !kinds.Contains('d')) return false;
        pattern = new TimePattern(text, [.. parts]);
        return true;
    }

    /// <summary>Parses a time in this format.</summary>
    internal RejectReason TryParse(ReadOnlySpan<byte> text, InputZone zone, SpelledTime names, out Stamp stamp)
    {
        stamp = default;
        text = text.Trim(" \t"u8);
        int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0, half = -1;
        int? offset = null;
        foreach (var (kind, literal) in parts)
        {
            bool read;
            switch (kind)
            {
                case ' ':
                    read = text.StartsWith(literal);
                    if (read) text = text[literal.Length..];
                    break;
                case 'Y': read = TryDigits(ref text, 4, 4, out year); break;
                case 'y':
                    read = TryDigits(ref text, 2, 2, out year);
                    year += year >= 69 ? 1900 : 2000;
                    break;
                case 'M': read = TryDigits(ref text, 1, 2, out month); break;
                case 'N': read = TryName(ref text, out month); break;
                case 'd': read = TryDigits(ref text, 1, 2, out day); break;
                case 'H' or 'h': read = TryDigits(ref text, 1, 2, out hour); break;
                case 'm': read = TryDigits(ref text, 1, 2, out minute); break;
                case 's': read = TryDigits(ref text, 1, 2, out second); break;
                case 'f': read = TryFraction(ref text, out fraction); break;
                case 't': read = TryHalf(ref text, out half); break;
                default:
                    if (InputZone.TryParseOffset(text, out var east)) offset = east;
                    else if (names.FindZone(text) is { } named) zone = named;
                    else return RejectReason.BadTime;
                    read = true;
                    text = default;
                    break;
            }

            if (!read) return RejectReason.BadTime;
        }

        if (half >= 0) hour = hour is >= 1 and <= 12 ? (hour % 12) + (12 * half) : 99;
        if (!text.IsEmpty || hour > 23 || minute > 59 || second > 59
            || !CivilDate.TryCompose(year, month, day, (hour * 3600) + (minute * 60) + second, out var local)) return RejectReason.BadTime;
        var form = HasClock ? StampForm.Moment : StampForm.Date;
        return offset is { } known
            ? Stamp.OfOffset(local, fraction, form, known, out stamp)
            : Stamp.OfLocal(local, fraction, form, zone, out stamp);
    }

    private static bool TryDigits(ref ReadOnlySpan<byte> text, int least, int most, out int value)
    {
        value = 0;
        var count = 0;
        while (count < most && count < text.Length && (uint)(text[count] - '0') <= 9) value = (value * 10) + (text[count++] - '0');
        text = text[count..];
        return count >= least;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> text, out int nanoseconds)
    {
        nanoseconds = 0;
        var count = 0;
        for (; count < text.Length && (uint)(text[count] - '0') <= 9; count++)
        {
            if (count < 9) nanoseconds = (nanoseconds * 10) + (text[count] - '0');
        }

        for (var i = count; i < 9; i++) nanoseconds *= 10;
        text = text[count..];
        return count > 0;
    }

    private static bool TryName(ref ReadOnlySpan<byte> text, out int month)
    {
        month = 0;
        var length = 0;
        while (length < text.Length && (text[length] | 0x20) is >= 'a' and <= 'z') length++;
        if (length < 3) return false;
        ReadOnlySpan<byte> names = "janfebmaraprmayjunjulaugsepoctnovdec"u8;
        for (var i = 0; i < 12; i++)
        {
            if (Ascii.EqualsIgnoreCase(text[..3], names.Slice(i * 3, 3))) month = i + 1;
        }

        text = text[length..];
        return month > 0;
    }

    private static bool TryHalf(ref ReadOnlySpan<byte> text, out int half)
    {
        half = text.Length < 2 || (text[1] | 0x20) != 'm' ? -1 : (text[0] | 0x20) switch { 'a' => 0, 'p' => 1, _ => -1 };
        if (half >= 0) text = text[2..];
        return half >= 0;
    }
}
