using System.Numerics;
using System.Text;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Values;

public class FixedPointTests
{
    [Theory]
    [InlineData(0, 0, "0")]
    [InlineData(0, 18, "0")]
    [InlineData(-37_63, 2, "-37.63")]
    [InlineData(5, 18, "0.000000000000000005")]
    [InlineData(1_500_000_000_000_000_000, 18, "1.5")]
    [InlineData(-1, 1, "-0.1")]
    [InlineData(1200, 2, "12")]
    [InlineData(1200, 0, "1200")]
    [InlineData(22_799_000_000, 8, "227.99")]
    [InlineData(long.MinValue, 0, "-9223372036854775808")]
    [InlineData(long.MaxValue, 18, "9.223372036854775807")]
    public void Number_IsSpelledAsBrieflyAsItCanBe(long units, int decimals, string text)
    {
        Assert.Equal(text, FixedPoint.Format((Int128)units, decimals));
        Span<byte> bytes = new byte[FixedPoint.MaxFormattedLength];
        Assert.Equal(text, Encoding.ASCII.GetString(bytes[..FixedPoint.Format(units, decimals, bytes)]));
    }

    [Fact]
    public void BothSpellings_Agree()
    {
        var random = new Random(1);
        Span<byte> bytes = new byte[FixedPoint.MaxFormattedLength];
        for (var i = 0; i < 100_000; i++)
        {
            var units = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            if (random.Next(3) == 0) units = units / 1_000_000 * 1_000_000;
            var decimals = random.Next(Units.MaxCarried + 1);
            Assert.Equal(
                FixedPoint.Format((Int128)units, decimals), Encoding.ASCII.GetString(bytes[..FixedPoint.Format(units, decimals, bytes)]));
        }
    }

    [Fact]
    public void ShiftedNumber_IsTheNearest_HalvesToEven()
    {
        var random = new Random(2);
        for (var i = 0; i < 100_000; i++)
        {
            var units = new Int128(
                (ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue))
                >> random.Next(127);
            if (random.Next(4) == 0) units = units / 1000 * 1000 + 500;
            var (from, to) = (random.Next(Units.MaxCarried + 1), random.Next(Units.MaxCarried + 1));
            var isThere = FixedPoint.TryShift(units, from, to, out var shifted, out var isRounded, out var isClose);
            var unit = BigInteger.Pow(10, Math.Abs(from - to));
            if (to >= from)
            {
                var exact = (BigInteger)units * unit;
                Assert.Equal(exact <= (BigInteger)Int128.MaxValue && exact >= (BigInteger)Int128.MinValue, isThere);
                if (isThere) Assert.Equal((exact, false, true), ((BigInteger)shifted, isRounded, isClose));
                continue;
            }

            Assert.True(isThere);
            var lost = (BigInteger)units - ((BigInteger)shifted * unit);
            Assert.True(BigInteger.Abs(lost) * 2 < unit || (BigInteger.Abs(lost) * 2 == unit && Int128.IsEvenInteger(shifted)));
            Assert.Equal(!lost.IsZero, isRounded);
            Assert.Equal(lost.IsZero || BigInteger.Abs(lost) * FixedPoint.Tolerance < BigInteger.Abs((BigInteger)units), isClose);
        }
    }

    [Fact]
    public void Units_AreComparedAndSpelled()
    {
        for (var price = 0; price <= Units.MaxCarried; price++)
        {
            for (var size = 0; size <= Units.MaxCarried; size++)
            {
                var units = new Units(price, size);
                Assert.Equal((price, size, false), (units.PriceDecimals, units.SizeDecimals, units.IsInexact));
                Assert.Equal((price, size) == (8, 8), units == default);
                Assert.NotEqual(units, new Units(price, size, isInexact: true));
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new Units(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Units(0, Units.MaxCarried + 1));
    }
}
