using System.Numerics;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Indicators.Parts;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>The moving sums against integers of unlimited size.</summary>
public class MovingMomentsTests
{
    public static TheoryData<string> Markets => ["prices", "returns", "small", "huge", "extremes", "near two to the 47", "one spike"];

    [Theory]
    [MemberData(nameof(Markets))]
    public void Deviations_OfAnyIntegers_AreTheRootOfTheExactVariance(string market)
    {
        foreach (var length in new[] { 2, 3, 20, 100, 1000 })
        {
            var moments = new Subject(length);
            var values = Values(market, seed: length).Take(3000).ToArray();
            for (var i = 0; i < values.Length; i++)
            {
                moments.Push(values[i]);
                Assert.Equal(i + 1 >= length, moments.IsFull);
                if (!moments.IsFull || (i % 7 != 0 && length > 20)) continue;

                var window = values.AsSpan(i + 1 - length, length);
                Assert.Equal(Sum(window), (BigInteger)moments.Sum);
                var scaled = ScaledVariance(window);
                AssertClose(Math.Sqrt((double)scaled / ((double)length * length)), moments.Population);
                AssertClose(Math.Sqrt((double)scaled / ((double)length * (length - 1))), moments.Sample);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_385_070_00)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void FlatWindow_AfterWildOnes_HasExactlyNoDeviation(long price)
    {
        var moments = new Subject(50);
        foreach (var value in Values("extremes", seed: 3).Take(200)) moments.Push(value);
        for (var i = 0; i < 50; i++) moments.Push(price);

        Assert.Equal(0, moments.Population);
        Assert.Equal(0, moments.Sample);
        Assert.Equal((Int128)price * 50, moments.Sum);
    }

    [Fact]
    public void LargestPossibleSpread_IsNotCutOff()
    {
        var moments = new Subject(IndicatorKind.MaxLength);
        for (var i = 0; i < IndicatorKind.MaxLength; i++) moments.Push(i % 2 == 0 ? long.MaxValue : long.MinValue);

        AssertClose(Math.Pow(2, 63), moments.Population);
    }

    /// <summary>Carries between the words are too rare in markets, so the words are set directly.</summary>
    [Fact]
    public void Difference_OfAnyWords_IsTheExactOne()
    {
        ulong[] words =
            [0, 1, 2, uint.MaxValue, 1UL << 63, ulong.MaxValue - 1, ulong.MaxValue, 0x5555_5555_5555_5555, 0xFFFF_FFFF_0000_0001];
        uint[] factors = [2, 3, 20, 65_535, 99_999, 100_000];
        var products =
            from low in words
            from high in words
            from top in new ulong[] { 0, 1, 9_999, 99_999 }
            from factor in factors
            select (Low: new UInt128(high, low), top, factor);
        foreach (var (low, top, factor) in products)
        {
            var product = (((BigInteger)top << 128) + low) * factor;
            foreach (var root in new[] { 0, 1, Root(product) / 3, Root(product) - 1, Root(product) })
            {
                if (root < 0 || root * root > product || root >> 80 != 0) continue;
                var expected = (double)(product - (root * root));
                Assert.InRange(UInt256.Difference(low, top, factor, (UInt128)root), expected * (1 - 4e-16), expected * (1 + 4e-16));
            }
        }
    }

    private static BigInteger Root(BigInteger square)
    {
        if (square.IsZero) return 0;
        var root = BigInteger.One << (int)((square.GetBitLength() / 2) + 1);
        while (true)
        {
            var next = (root + (square / root)) / 2;
            if (next >= root) return root;
            root = next;
        }
    }

    private static BigInteger Sum(ReadOnlySpan<long> window)
    {
        var sum = BigInteger.Zero;
        foreach (var value in window) sum += value;
        return sum;
    }

    private static BigInteger ScaledVariance(ReadOnlySpan<long> window)
    {
        var squares = BigInteger.Zero;
        foreach (var value in window) squares += (BigInteger)value * value;
        var sum = Sum(window);
        return (window.Length * squares) - (sum * sum);
    }

    private static void AssertClose(double expected, double actual) =>
        Assert.InRange(actual, expected * (1 - 1e-15), expected * (1 + 1e-15));

    internal static IEnumerable<long> Values(string market, int seed)
    {
        var random = new Random(seed);
        var price = 22_799_000_000L;
        for (long i = 0; ; i++)
        {
            price += random.Next(-20_000_000, 20_000_001);
            yield return market switch
            {
                "prices" => price,
                "returns" => (long)(random.NextDouble() * (1L << 50)) - (1L << 49),
                "small" => random.Next(3),
                "huge" => long.MaxValue - random.Next(1000),
                "extremes" => random.Next(4) switch
                {
                    0 => long.MaxValue,
                    1 => long.MinValue,
                    2 => 0,
                    _ => random.NextInt64(long.MinValue, long.MaxValue),
                },
                "near two to the 47" => (1L << 47) + random.NextInt64(-5, 5), // where 128 bits are not enough any more
                "one spike" => i % 997 == 500 ? long.MaxValue : price,
                _ => throw new ArgumentOutOfRangeException(nameof(market)),
            };
        }
    }

    internal sealed class Subject
    {
        private readonly MovingMoments moments;
        private readonly long[] state;

        public Subject(int length)
        {
            var layout = new StateLayout();
            moments = new MovingMoments(layout, length);
            state = new long[layout.Words];
        }

        public bool IsFull => moments.IsFull(state);

        public Int128 Sum => moments.Sum(state);

        public double Population => moments.PopulationDeviation(state);

        public double Sample => moments.SampleDeviation(state);

        public void Push(long value) => moments.Push(state, value);
    }
}
