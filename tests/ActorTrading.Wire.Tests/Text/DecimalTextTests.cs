using System.Globalization;
using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Tests.Text;

public class DecimalTextTests
{
    [Fact]
    public void FastReading_AgreesWithTheDomain()
    {
        var random = new Random(5);
        const string Characters = "0123456789012345678900..-+eE";
        for (var i = 0; i < 300_000; i++)
        {
            var text = new byte[random.Next(0, 24)];
            for (var j = 0; j < text.Length; j++)
                text[j] = (byte)Characters[random.Next(Characters.Length - (random.Next(4) == 0 ? 0 : 5))];
            Compare(text);
        }
    }

    [Theory]
    [InlineData("92233720368.54775807")]
    [InlineData("92233720368.54775808")]
    [InlineData("92233720369")]
    [InlineData("999999999999999999")]
    [InlineData("99999999999.9999999")]
    [InlineData("000000000000000001")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("1.000000005")]
    public void Edges_AgreeWithTheDomain(string text) => Compare(Encoding.ASCII.GetBytes(text));

    [Theory]
    [InlineData("0", 0, true)]
    [InlineData("007", 7, true)]
    [InlineData("9223372036854775807", long.MaxValue, true)]
    [InlineData("9223372036854775808", 0, false)]
    [InlineData("99999999999999999999", 0, false)]
    [InlineData("-1", 0, false)]
    [InlineData("+1", 0, false)]
    [InlineData("1.0", 0, false)]
    [InlineData("", 0, false)]
    public void WholeNumbers(string text, long value, bool isWhole)
    {
        Assert.Equal(isWhole, DecimalText.TryParseWhole(Encoding.ASCII.GetBytes(text), out var read));
        if (isWhole) Assert.Equal(value, read);
    }

    [Fact]
    public void Doubles_ComeBackToTheBit()
    {
        var random = new Random(3);
        for (var i = 0; i < 100_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(value)) continue;
            var text = Encoding.ASCII.GetBytes(value.ToString("R", CultureInfo.InvariantCulture));
            Assert.Equal(RejectReason.None, DecimalText.TryParseDouble(text, out var read));
            Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(read));
        }
    }

    private static void Compare(byte[] text)
    {
        var expected = Fixed8.TryParse(text, out var expectedUnits) switch
        {
            NumberStatus.Ok => RejectReason.None,
            NumberStatus.NotFinite => RejectReason.NotFinite,
            NumberStatus.OutOfRange => RejectReason.OutOfRange,
            _ => RejectReason.NotANumber,
        };
        var reason = DecimalText.TryParseRounded(text, out var units);
        Assert.True(
            reason == expected && units == expectedUnits,
            $"{Encoding.ASCII.GetString(text)}: {reason} {units}, not {expected} {expectedUnits}");
        CompareExact(text, expected, expectedUnits);
    }

    /// <summary>Read without rounding: a number keeps its value, or is reported to have too many decimals or digits.</summary>
    private static void CompareExact(byte[] text, RejectReason rounded, long units)
    {
        var reason = DecimalText.TryParseUnits(text, out var exact);
        if (rounded is RejectReason.NotANumber or RejectReason.NotFinite) Assert.Equal(rounded, reason);
        else if (rounded == RejectReason.OutOfRange) Assert.True(reason is RejectReason.OutOfRange or RejectReason.TooPrecise);
        else if (IsExact(text)) Assert.Equal((RejectReason.None, units), (reason, exact));
        else Assert.True(reason == RejectReason.TooPrecise || exact == units, Encoding.ASCII.GetString(text));
    }

    /// <summary>Whether a number that fits has at most eight decimals; one below the range of decimals counts as having more.</summary>
    private static bool IsExact(byte[] text)
    {
        var value = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        var isZero = !text.AsSpan(0, text.AsSpan().IndexOfAny((byte)'e', (byte)'E') is >= 0 and var end ? end : text.Length)
            .ContainsAnyInRange((byte)'1', (byte)'9');
        return isZero || (value != 0 && value * 100_000_000m == decimal.Truncate(value * 100_000_000m));
    }
}
