using System.Numerics;
using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>The logarithm against integers of 640 binary places, and against the platform's function.</summary>
public class DeterministicMathTests
{
    private const int Places = 640;

    private static readonly BigInteger One = BigInteger.One << Places;
    private static readonly BigInteger Ln2 = TwiceArtanh(One / 3);

    public static TheoryData<double, double> Ranges => new()
    {
        { 1e-100, 1e-20 }, { 1e-20, 1e-12 }, { 1e-12, 1e-6 }, { 1e-6, 1e-3 }, { 1e-3, 0.1 }, { 0.1, 0.4 }, { 0.4, 0.42 },
        { 0.42, 1 }, { 1, 2 }, { 2, 32 }, { 32, 1e6 }, { 1e6, 1e20 }, { 1e20, 1e150 },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void LogOnePlus_OfAGrowingPrice_IsWithinTwoUnitsInTheLastPlace(double from, double to) =>
        Assert.InRange(WorstError(from, to, sign: 1), 0, 2);

    [Theory]
    [InlineData(1e-100, 1e-20)]
    [InlineData(1e-20, 1e-12)]
    [InlineData(1e-12, 1e-6)]
    [InlineData(1e-6, 1e-3)]
    [InlineData(1e-3, 0.1)]
    [InlineData(0.1, 0.28)]
    [InlineData(0.28, 0.3)]
    [InlineData(0.3, 0.5)]
    [InlineData(0.5, 0.75)]
    [InlineData(0.75, 0.99999999)]
    public void LogOnePlus_OfAFallingPrice_IsWithinTwoUnitsInTheLastPlace(double from, double to) =>
        Assert.InRange(WorstError(from, to, sign: -1), 0, 2);

    [Fact]
    public void LogOnePlus_OfWholePrices_IsThePlatformsLogarithm()
    {
        for (var y = 2.0; y < 1e15; y = Math.Ceiling(y * 1.01))
        {
            var expected = Math.Log(y);
            Assert.InRange(DeterministicMath.LogOnePlus(y - 1), expected - (2 * Ulp(expected)), expected + (2 * Ulp(expected)));
        }
    }

    [Fact]
    public void LogOnePlus_OfAFlatMarket_IsZero() => Assert.Equal(0L, BitConverter.DoubleToInt64Bits(DeterministicMath.LogOnePlus(0)));

    /// <summary>The largest error over the range, sampled evenly over its magnitudes, in units of the last place.</summary>
    private static double WorstError(double from, double to, int sign)
    {
        var random = new Random(5);
        var worst = 0.0;
        for (var i = 0; i < 1000; i++)
        {
            var x = sign * from * Math.Pow(to / from, random.NextDouble());
            var actual = DeterministicMath.LogOnePlus(x);
            var error = BigInteger.Abs(Fixed(actual) - Ln(One + Fixed(x)));
            worst = Math.Max(worst, (double)(error << 20) / (double)(Fixed(Ulp(actual)) << 20));
        }

        return worst;
    }

    private static double Ulp(double x) => Math.BitIncrement(Math.Abs(x)) - Math.Abs(x);

    /// <summary>A double as an integer multiple of 2^-640; exact for the magnitudes tested.</summary>
    private static BigInteger Fixed(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(x));
        var mantissa = (BigInteger)((bits & 0xF_FFFF_FFFF_FFFF) | 0x10_0000_0000_0000);
        var shift = (int)(bits >> 52) - 1075 + Places;
        return Math.Sign(x) * (shift >= 0 ? mantissa << shift : mantissa >> -shift);
    }

    private static BigInteger Ln(BigInteger y)
    {
        var exponent = (int)y.GetBitLength() - 1 - Places;
        var reduced = exponent >= 0 ? y >> exponent : y << -exponent; // from 1 to 2
        return (exponent * Ln2) + TwiceArtanh(((reduced - One) << Places) / (reduced + One));
    }

    private static BigInteger TwiceArtanh(BigInteger s)
    {
        var square = (s * s) >> Places;
        var sum = BigInteger.Zero;
        var power = s;
        for (var k = 1; !power.IsZero && power != -1; k += 2, power = (power * square) >> Places) sum += power / k;
        return 2 * sum;
    }
}
