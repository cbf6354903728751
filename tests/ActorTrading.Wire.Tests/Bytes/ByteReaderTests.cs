using ActorTrading.Wire.Bytes;

namespace ActorTrading.Wire.Tests.Bytes;

public class ByteReaderTests
{
    [Fact]
    public void Checksum_HasTheValueThatTheWorldKnows()
    {
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
        // RFC 3720, B.4
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Of([.. Enumerable.Repeat((byte)0xff, 32)]));
        Assert.Equal(0x46DD794Eu, Crc32C.Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(Crc32C.Of("123456789"u8), Crc32C.Of("6789"u8, Crc32C.Of("12345"u8)));
    }

    [Theory]
    [InlineData(0L, "00")]
    [InlineData(-1L, "01")]
    [InlineData(1L, "02")]
    [InlineData(63L, "7e")]
    [InlineData(-64L, "7f")]
    [InlineData(64L, "8001")]
    [InlineData(long.MaxValue, "feffffffffffffffff01")]
    [InlineData(long.MinValue, "ffffffffffffffffff01")]
    public void SignedNumber_IsSpelledAsDocumented(long value, string hex)
    {
        var writer = new ByteWriter(new byte[10]);
        writer.Zigzag(value);
        Assert.Equal(hex, Convert.ToHexStringLower(writer.Written));
        var reader = new ByteReader(writer.Written);
        Assert.Equal(value, reader.Zigzag());
        Assert.False(reader.Failed);
        Assert.Equal(0, reader.Remaining);
    }

    [Theory]
    [InlineData("", Faults.Truncated)]
    [InlineData("80", Faults.Truncated)]
    [InlineData("ffffffffffffffffff", Faults.Truncated)]
    [InlineData("8000", Faults.BadVarint)]
    [InlineData("ff00", Faults.BadVarint)]
    [InlineData("ffffffffffffffffff02", Faults.BadVarint)]
    [InlineData("ffffffffffffffffffff01", Faults.BadVarint)]
    public void BadNumber_IsRefused_AndEverythingAfterIt(string hex, string fault)
    {
        var reader = new ByteReader([7, .. Convert.FromHexString(hex)]);
        Assert.Equal(7, reader.Byte());
        Assert.Equal(0UL, reader.Varint());
        Assert.Equal(fault, reader.Fault);
        Assert.Equal(1, reader.Position);
        Assert.Equal(0, reader.Byte());
        Assert.Equal(0, reader.Int64());
        Assert.Equal(0, reader.Bytes(1).Length);
        Assert.Equal(fault, reader.Fault);
        Assert.Equal(1, reader.Position);
    }

    [Fact]
    public void Count_IsNeverMoreThanTheBytesLeftCouldHold()
    {
        Assert.Equal(2, new ByteReader([2, 0, 0, 0, 0]).Count(2));
        var reader = new ByteReader([3, 0, 0, 0, 0]);
        Assert.Equal(0, reader.Count(2));
        Assert.Equal(Faults.ImpossibleCount, reader.Fault);
        Assert.Equal(0, reader.Position);
    }

    [Fact]
    public void Scale_DividesOnlyWhereItIsExact()
    {
        Assert.Equal(8, Scale.Common(8, 0));
        Assert.Equal(6, Scale.Common(8, 227_99000000));
        Assert.Equal(0, Scale.Common(8, long.MinValue));
        Assert.Equal(2, Scale.Common(2, -100_000));
        Assert.Equal(3, Scale.CommonTime(9, 1_000_001_000));
        Assert.True(Scale.TryExpand(long.MinValue, 1, out var same) && same == long.MinValue);
        Assert.False(Scale.TryExpand((long.MaxValue / 10) + 1, 10, out _));
        Assert.True(Scale.TryExpand(long.MaxValue / 10, 10, out _));
        Assert.False(Scale.TryExpand((long.MinValue / 10) - 1, 10, out _));
    }
}
