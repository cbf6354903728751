using System.Globalization;

namespace ActorTrading.Domain.Values;

/// <summary>Conversions of decimal fixed-point integers: to text, to double, and between units.</summary>
public static class FixedPoint
{
    /// <summary>Maximum length of the text of a 64-bit integer, in bytes.</summary>
    public const int MaxFormattedLength = 24 + Units.MaxCarried;

    /// <summary>A conversion may change a value by less than one part in this many.</summary>
    public const long Tolerance = 1_000_000_000;

    private static readonly Int128[] Powers = MakePowers();
    private static readonly double[] PowersAsDoubles = [.. Powers.Take(Units.MaxDecimals + 1).Select(power => (double)power)];

    /// <summary>Ten to the power of 0 to <see cref="Units.MaxCarried"/>.</summary>
    public static Int128 PowerOfTen(int exponent) => Powers[exponent];

    /// <summary>
    /// How many units of that many decimals make 1, as a double. Exact, since a double represents powers of ten up to 10^22 exactly.
    /// </summary>
    public static double One(int decimals) => PowersAsDoubles[decimals];

    /// <summary>The number as a double, correctly rounded for values below 2^53 units.</summary>
    public static double ToDouble(Int128 units, int decimals) => (double)units / PowersAsDoubles[decimals];

    /// <summary>Writes the shortest decimal text of a number. Returns its length in bytes.</summary>
    public static int Format(long units, int decimals, Span<byte> destination)
    {
        if (decimals == Fixed8.Decimals) return Fixed8.Format(units, destination);
        var magnitude = units < 0 ? 0 - (ulong)units : (ulong)units;
        Span<byte> digits = stackalloc byte[MaxFormattedLength];
        var at = digits.Length; // written from the last digit on, without trailing zeros
        var isNeeded = false;
        for (var place = 0; place <= decimals || magnitude != 0; place++)
        {
            if (place == decimals && isNeeded) digits[--at] = (byte)'.';
            (magnitude, var digit) = Math.DivRem(magnitude, 10);
            isNeeded |= digit != 0 || place >= decimals;
            if (isNeeded) digits[--at] = (byte)('0' + digit);
        }

        if (units < 0) digits[--at] = (byte)'-';
        digits[at..].CopyTo(destination);
        return digits.Length - at;
    }

    /// <summary>The shortest decimal text of a number.</summary>
    public static string Format(Int128 units, int decimals)
    {
        if (decimals == 0) return units.ToString(CultureInfo.InvariantCulture);
        var digits = UInt128.CreateTruncating(units < 0 ? -units : units).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var fraction = digits[^decimals..].TrimEnd('0');
        var whole = digits[..^decimals];
        var sign = units < 0 ? "-" : "";
        return fraction.Length == 0 ? sign + whole : $"{sign}{whole}.{fraction}";
    }

    /// <summary>
    /// Converts a number to units of other decimals, rounded half to even if it has more decimals. <paramref name="isRounded"/>: the value
    /// changed. <paramref name="isClose"/>: it changed by less than one part in <see cref="Tolerance"/>. Returns false if the result
    /// exceeds 128 bits.
    /// </summary>
    public static bool TryShift(Int128 units, int from, int to, out Int128 shifted, out bool isRounded, out bool isClose)
    {
        isRounded = false;
        isClose = true;
        shifted = units;
        if (from == to || units == 0) return true;
        var power = Powers[Math.Abs(to - from)];
        if (to > from)
        {
            if (units > Int128.MaxValue / power || units < Int128.MinValue / power) return false;
            shifted = units * power;
            return true;
        }

        var (quotient, rest) = Int128.DivRem(units, power);
        var lost = rest < 0 ? -rest : rest;
        if (lost == 0)
        {
            shifted = quotient;
            return true;
        }

        var isUp = lost > power - lost || (lost == power - lost && !Int128.IsEvenInteger(quotient));
        if (isUp)
        {
            quotient += units < 0 ? -1 : 1;
            lost = power - lost;
        }

        shifted = quotient;
        isRounded = true;
        var magnitude = units < 0 ? -units : units;
        isClose = lost <= (magnitude - 1) / Tolerance;
        return true;
    }

    private static Int128[] MakePowers()
    {
        var powers = new Int128[Units.MaxCarried + 1];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++) powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
