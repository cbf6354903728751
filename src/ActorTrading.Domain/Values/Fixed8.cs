using System.Globalization;

namespace ActorTrading.Domain.Values;

/// <summary>Result of parsing a decimal number.</summary>
public enum NumberStatus : byte
{
    /// <summary>The text is a number in range.</summary>
    Ok,

    /// <summary>The text is not a decimal number.</summary>
    Malformed,

    /// <summary>The text is NaN or infinity.</summary>
    NotFinite,

    /// <summary>The number is beyond ±92,233,720,368.54775807.</summary>
    OutOfRange,

    /// <summary>The number is so small that none of its digits fits.</summary>
    TooPrecise,
}

/// <summary>
/// Conversion between decimal text and integers in units of 1e-8 (the unit of prices, quantities and scores). Text with at most eight
/// decimals keeps its value. Further decimals are rounded half to even, so that floating-point noise such as <c>227.99000000000001</c>
/// disappears.
/// </summary>
public static class Fixed8
{
    /// <summary>Number of units in 1.</summary>
    public const long One = 100_000_000;

    /// <summary>Number of decimals of a unit.</summary>
    public const int Decimals = 8;

    /// <summary>Maximum length of the text that <see cref="Format(long, Span{byte})"/> writes, in bytes.</summary>
    public const int MaxFormattedLength = 21;

    /// <summary>The number as a double, correctly rounded for values below 2^53 units.</summary>
    public static double ToDouble(long units) => units / (double)One;

    /// <summary>
    /// Parses decimal text: an optional sign, digits with an optional point, an optional exponent (<c>-12.5</c>, <c>.5</c>, <c>1e-5</c>).
    /// No blanks, no thousands separators.
    /// </summary>
    public static NumberStatus TryParse(ReadOnlySpan<byte> text, out long units)
    {
        units = 0;
        var status = Scan(text, out var mantissa, out var exponent, out var sticky, out var negative);
        return status == NumberStatus.Ok ? Scale(mantissa, exponent + Decimals, sticky, negative, out units) : status;
    }

    /// <summary>
    /// Parses decimal text as digits times a power of ten. <paramref name="sticky"/>: digits after the first 36 are not all zero.
    /// </summary>
    internal static NumberStatus Scan(ReadOnlySpan<byte> text, out UInt128 mantissa, out int exponent, out bool sticky, out bool negative)
    {
        (mantissa, exponent, sticky, negative) = (0, 0, false, false);
        var i = 0;
        if (i < text.Length && text[i] is (byte)'-' or (byte)'+') negative = text[i++] == '-';

        // Mantissa digits without leading zeros. Digits after the first 36 matter only as "not zero".
        var significant = 0;
        var digits = 0;
        var point = false;
        for (; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '.')
            {
                if (point) return NumberStatus.Malformed;
                point = true;
                continue;
            }

            var digit = c - '0';
            if ((uint)digit > 9) break;
            digits++;
            if (significant < 36)
            {
                mantissa = (mantissa * 10) + (uint)digit;
                if (mantissa != 0) significant++;
                if (point) exponent--;
            }
            else
            {
                sticky |= digit != 0;
                if (!point) exponent++;
            }
        }

        if (digits == 0) return IsNotFinite(text) ? NumberStatus.NotFinite : NumberStatus.Malformed;
        if (i < text.Length)
        {
            if (text[i] is not ((byte)'e' or (byte)'E')) return NumberStatus.Malformed;
            if (!TryParseExponent(text[(i + 1)..], out var written)) return NumberStatus.Malformed;
            exponent += written;
        }

        return NumberStatus.Ok;
    }

    /// <summary>Parses decimal text, see <see cref="TryParse(ReadOnlySpan{byte}, out long)"/>.</summary>
    public static NumberStatus TryParse(ReadOnlySpan<char> text, out long units)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (text.Length > bytes.Length)
        {
            bytes = new byte[text.Length];
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] > 127)
            {
                units = 0;
                return NumberStatus.Malformed;
            }

            bytes[i] = (byte)text[i];
        }

        return TryParse(bytes[..text.Length], out units);
    }

    /// <summary>Writes the shortest decimal text that parses to the same units. Returns its length in bytes.</summary>
    public static int Format(long units, Span<byte> destination)
    {
        var length = 0;
        var magnitude = (ulong)units;
        if (units < 0)
        {
            destination[length++] = (byte)'-';
            magnitude = 0 - magnitude;
        }

        var (whole, fraction) = Math.DivRem(magnitude, One);
        whole.TryFormat(destination[length..], out var written, default, CultureInfo.InvariantCulture);
        length += written;
        if (fraction == 0) return length;

        Span<byte> decimals = stackalloc byte[Decimals];
        for (var i = Decimals - 1; i >= 0; i--)
        {
            var rest = fraction / 10;
            decimals[i] = (byte)('0' + (fraction - (rest * 10)));
            fraction = rest;
        }

        decimals = decimals.TrimEnd((byte)'0');
        destination[length++] = (byte)'.';
        decimals.CopyTo(destination[length..]);
        length += decimals.Length;
        return length;
    }

    /// <summary>The shortest decimal text that parses to the same units.</summary>
    public static string Format(long units)
    {
        Span<byte> text = stackalloc byte[MaxFormattedLength];
        return System.Text.Encoding.ASCII.GetString(text[..Format(units, text)]);
    }

    /// <summary>The shortest decimal text of a sum, which may exceed the range of a single number.</summary>
    public static string Format(Int128 units)
    {
        if (units >= long.MinValue && units <= long.MaxValue) return Format((long)units);
        var (whole, fraction) = Int128.DivRem(units, One);
        var text = whole.ToString(CultureInfo.InvariantCulture);
        return fraction == 0 ? text : $"{text}.{Int128.Abs(fraction):d8}".TrimEnd('0');
    }

    private static NumberStatus Scale(UInt128 mantissa, int exponent, bool sticky, bool negative, out long units)
    {
        units = 0;
        if (mantissa == 0) return NumberStatus.Ok;
        for (; exponent > 0; exponent--)
        {
            if (mantissa > long.MaxValue) return NumberStatus.OutOfRange;
            mantissa *= 10;
        }

        if (exponent < -37) return NumberStatus.Ok; // below half a unit, whatever the 36 digits are
        if (exponent < 0)
        {
            UInt128 divisor = 1;
            for (; exponent < 0; exponent++) divisor *= 10;
            var (quotient, remainder) = UInt128.DivRem(mantissa, divisor);
            var half = divisor / 2;
            if (remainder > half || (remainder == half && (sticky || !UInt128.IsEvenInteger(quotient)))) quotient++;
            mantissa = quotient;
        }

        if (mantissa > long.MaxValue) return NumberStatus.OutOfRange;
        units = negative ? -(long)mantissa : (long)mantissa;
        return NumberStatus.Ok;
    }

    private static bool TryParseExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        var i = 0;
        var negative = false;
        if (i < text.Length && text[i] is (byte)'-' or (byte)'+') negative = text[i++] == '-';
        if (i == text.Length) return false;
        for (; i < text.Length; i++)
        {
            var digit = text[i] - '0';
            if ((uint)digit > 9) return false;
            exponent = Math.Min((exponent * 10) + digit, 100_000);
        }

        if (negative) exponent = -exponent;
        return true;
    }

    private static bool IsNotFinite(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+') text = text[1..];
        return System.Text.Ascii.EqualsIgnoreCase(text, "nan"u8)
            || System.Text.Ascii.EqualsIgnoreCase(text, "inf"u8)
            || System.Text.Ascii.EqualsIgnoreCase(text, "infinity"u8);
    }
}
