namespace ActorTrading.Domain.Values;

/// <summary>
/// A decimal number read from text: <paramref name="Mantissa"/> · 10^-<paramref name="Decimals"/>, with 0 to <see cref="Units.MaxCarried"/>
/// decimals. <paramref name="IsInexact"/>: the text has more digits than fit; the relative error is then below 1e-17.
/// </summary>
public readonly record struct DecimalNumber(Int128 Mantissa, int Decimals, bool IsInexact)
{
    private const int MostDigits = 36;

    /// <summary>
    /// Parses decimal text like <see cref="Fixed8.TryParse(ReadOnlySpan{byte}, out long)"/>, but without loss.
    /// <see cref="NumberStatus.OutOfRange"/> is beyond 1e36 here. A number of which only zeros fit is
    /// <see cref="NumberStatus.TooPrecise"/>.
    /// </summary>
    public static NumberStatus TryParse(ReadOnlySpan<byte> text, out DecimalNumber number)
    {
        number = default;
        var status = Fixed8.Scan(text, out var digits, out var exponent, out var isInexact, out var isNegative);
        if (status != NumberStatus.Ok || digits == 0) return status;

        var mantissa = (Int128)digits;
        while (exponent < -Fixed8.Decimals && mantissa % 10 == 0)
        {
            mantissa /= 10;
            exponent++;
        }

        if (exponent > 0)
        {
            if (exponent > MostDigits || mantissa > FixedPoint.PowerOfTen(MostDigits) / FixedPoint.PowerOfTen(exponent))
                return NumberStatus.OutOfRange;
            mantissa *= FixedPoint.PowerOfTen(exponent);
            exponent = 0;
        }

        var surplus = -exponent - Units.MaxCarried;
        if (surplus > 0)
        {
            var kept = surplus > MostDigits ? 0 : mantissa / FixedPoint.PowerOfTen(surplus);
            if (kept < FixedPoint.PowerOfTen(MostDigits / 2)) return NumberStatus.TooPrecise;
            mantissa = kept;
            exponent = -Units.MaxCarried;
            isInexact = true;
        }

        number = new DecimalNumber(isNegative ? -mantissa : mantissa, -exponent, isInexact);
        return NumberStatus.Ok;
    }

    /// <summary>
    /// The largest number of decimals with which the number does not exceed the limit; below zero if it exceeds the limit without decimals.
    /// </summary>
    public int MostDecimalsWithin(Int128 limit)
    {
        var magnitude = Mantissa < 0 ? -Mantissa : Mantissa;
        var decimals = Decimals;
        while (decimals >= 0 && magnitude > limit)
        {
            magnitude = (magnitude + 9) / 10;
            decimals--;
        }

        while (decimals < Units.MaxCarried && magnitude <= limit / 10)
        {
            magnitude *= 10;
            decimals++;
        }

        return decimals;
    }
}
