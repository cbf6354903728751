namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Elementary functions whose results enter the state hash. They use only additions, multiplications and divisions, so they give the same
/// bits on every machine; the platform's own functions do not guarantee that.
/// </summary>
public static class DeterministicMath
{
    private const double Ln2High = 6.93147180369123816490e-01; // ln 2 in two parts, the first with its last bits zero
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>
    /// ln(1 + x) for x &gt; −1, within 2 units in the last place. For small x by 2 · artanh(x / (2 + x)); for larger ones
    /// after taking powers of two out of 1 + x.
    /// </summary>
    public static double LogOnePlus(double x)
    {
        if (x is > -0.29 and < 0.41) return TwiceArtanh(x / (2 + x));

        var y = 1 + x;
        var lost = x - (y - 1); // what the addition rounded away
        var bits = BitConverter.DoubleToInt64Bits(y);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xF_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }

        return (exponent * Ln2High) + (TwiceArtanh((mantissa - 1) / (mantissa + 1)) + ((exponent * Ln2Low) + (lost / y)));
    }

    /// <summary>2 · (s + s³/3 + s⁵/5 + …) for |s| ≤ 0.1716, where the term after the last is below 1e-18.</summary>
    private static double TwiceArtanh(double s)
    {
        var z = s * s;
        var series = 0.0;
        for (var k = 23; k >= 3; k -= 2) series = (series + (1.0 / k)) * z;
        return 2 * (s + (s * series));
    }
}
