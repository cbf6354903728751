using System.Globalization;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Parses numbers from text. Fixed-point numbers follow the rules of <see cref="Fixed8"/>; a fast path reads simple ones.
/// </summary>
internal static class DecimalText
{
    /// <summary>Ten to the power of 0 to 8.</summary>
    public static readonly long[] PowersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    /// <summary>Parses a number in units of 1e-8, exactly: more decimals are too precise, a value beyond 64 bits is out of range.</summary>
    public static RejectReason TryParseUnits(ReadOnlySpan<byte> text, out long units)
    {
        if (text.Length <= 19 && TryParsePlain(text, out units)) return RejectReason.None;
        var verdict = TryParseWide(text, out var wide);
        units = (long)wide;
        return verdict == RejectReason.None && wide != units ? RejectReason.OutOfRange : verdict;
    }

    /// <summary>Parses a number in units of 1e-8 to 128 bits, for the volumes of bars.</summary>
    public static RejectReason TryParseWide(ReadOnlySpan<byte> text, out Int128 units)
    {
        units = 0;
        var verdict = TryParseNumber(text, out var number);
        if (verdict != RejectReason.None) return verdict;
        if (number.IsInexact || number.Decimals > Fixed8.Decimals) return RejectReason.TooPrecise;
        return FixedPoint.TryShift(number.Mantissa, number.Decimals, Fixed8.Decimals, out units, out _, out _)
            ? RejectReason.None
            : RejectReason.OutOfRange;
    }

    /// <summary>Parses a number with all its digits.</summary>
    public static RejectReason TryParseNumber(ReadOnlySpan<byte> text, out DecimalNumber number) =>
        ReasonOf(DecimalNumber.TryParse(text, out number));

    /// <summary>Parses a number in units of 1e-8, rounded half to even: a score, or a ratio.</summary>
    public static RejectReason TryParseRounded(ReadOnlySpan<byte> text, out long units)
    {
        if (text.Length <= 19 && TryParsePlain(text, out units)) return RejectReason.None;
        return ReasonOf(Fixed8.TryParse(text, out units));
    }

    private static RejectReason ReasonOf(NumberStatus status) => status switch
    {
        NumberStatus.Ok => RejectReason.None,
        NumberStatus.NotFinite => RejectReason.NotFinite,
        NumberStatus.OutOfRange => RejectReason.OutOfRange,
        NumberStatus.TooPrecise => RejectReason.TooPrecise,
        _ => RejectReason.NotANumber,
    };

    /// <summary>Parses a finite double.</summary>
    public static RejectReason TryParseDouble(ReadOnlySpan<byte> text, out double value)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (double.TryParse(text, Style, CultureInfo.InvariantCulture, out value) && double.IsFinite(value)) return RejectReason.None;
        return Fixed8.TryParse(text, out _) switch
        {
            NumberStatus.NotFinite => RejectReason.NotFinite,
            NumberStatus.OutOfRange => RejectReason.OutOfRange,
            _ => RejectReason.NotANumber,
        };
    }

    /// <summary>Parses a whole number from zero up, such as an epoch or a seq.</summary>
    public static bool TryParseWhole(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > 19) return false;
        ulong sum = 0; // 19 digits fit
        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit > 9) return false;
            sum = (sum * 10) + digit;
        }

        value = (long)sum;
        return sum <= long.MaxValue;
    }

    /// <summary>
    /// Parses a whole number that may have a point and zeros, as in the output of programs that store whole numbers as doubles.
    /// </summary>
    public static bool TryParseWholeValue(ReadOnlySpan<byte> text, out long value)
    {
        var point = text.IndexOf((byte)'.');
        if (point > 0 && point < text.Length - 1 && !text[(point + 1)..].ContainsAnyExcept((byte)'0')) text = text[..point];
        return TryParseWhole(text, out value);
    }

    /// <summary>Fast path: up to 18 digits, with an optional point, at most eight decimals. No rounding, no 128-bit arithmetic.</summary>
    private static bool TryParsePlain(ReadOnlySpan<byte> text, out long units)
    {
        units = 0;
        long value = 0;
        var point = -1;
        for (var i = 0; i < text.Length; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit <= 9)
            {
                value = (value * 10) + digit;
            }
            else if (text[i] == '.' && point < 0)
            {
                point = i;
            }
            else
            {
                return false;
            }
        }

        var digits = point < 0 ? text.Length : text.Length - 1;
        var decimals = point < 0 ? 0 : text.Length - 1 - point;
        if (digits is 0 or > 18 || decimals > Fixed8.Decimals) return false;
        var power = PowersOfTen[Fixed8.Decimals - decimals];
        if (value > 92_233_720_368 && value > long.MaxValue / power) return false; // times 1e8, smaller values always fit
        units = value * power;
        return true;
    }
}
