using System.Buffers;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Snapshots;
using ActorTrading.Wire.Tests.Events;

namespace ActorTrading.Wire.Tests.Snapshots;

public class SnapshotCodecTests
{
    private static readonly Symbol Aapl = Symbol.Parse("AAPL");
    private static readonly byte[] PlanHash = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("AAPL", 0L, 0)]
    [InlineData("BTC/USD", 1L, 1)]
    [InlineData("AAPL", 127L, 127)]
    [InlineData("AAPL", long.MaxValue, 100_000)]
    [InlineData("\"economy\"", 12L, 300)]
    public void State_ComesBackWithWhatItCovers(string symbol, long sequenceNr, int length)
    {
        var body = new byte[length];
        new Random(length).NextBytes(body);
        var payload = Encode(Symbol.Restore(symbol), sequenceNr, body);
        Assert.True(SnapshotCodec.TryDecode(payload, out var snapshot, out _));
        Assert.Equal(PlanHash, snapshot.PlanHash);
        Assert.Equal(symbol, snapshot.Symbol.Name);
        Assert.Equal(sequenceNr, snapshot.SequenceNr);
        Assert.Equal(body, snapshot.Body);
    }

    [Fact]
    public void EveryFlippedBit_AndEveryTornEnd_IsNoticed()
    {
        var payload = Encode(Aapl, 42, [1, 2, 3, 4, 5, 6, 7]);
        for (var bit = 0; bit < payload.Length * 8; bit++)
        {
            var flipped = payload.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused(flipped, bit < 8 ? "the version is not known" : "the checksum does not match");
        }

        for (var length = 0; length < payload.Length; length++)
            AssertRefused(payload[..length], length < 5 ? "ends in the middle of a value" : "the checksum does not match");
    }

    [Fact]
    public void EverythingCutShortOrTooLong_IsRefused_EvenUnderARightChecksum()
    {
        var content = Encode(Aapl, 42, [1, 2, 3, 4, 5, 6, 7])[..^4];
        for (var length = 1; length < content.Length; length++)
            Assert.False(SnapshotCodec.TryDecode(InvalidEventTests.Seal("ss1", content[..length]), out _, out _));
        AssertRefused(InvalidEventTests.Seal("ss1", [.. content, 0]), "bytes follow after the end");
        AssertRefused(InvalidEventTests.Seal("ss1", [1, .. PlanHash, 1, (byte)' ', 1, 0]), "the symbol is not valid");
        AssertRefused(
            InvalidEventTests.Seal("ss1", [1, .. PlanHash, 1, (byte)'A', 1, 0xff, 0xff, 0xff, 0xff, 0x07]),
            "a count is larger than the bytes that follow could hold");
        AssertRefused(
            InvalidEventTests.Seal("ss1", [1, .. PlanHash, 1, (byte)'A', 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0]),
            "a number exceeds the range of 64 bits");
    }

    [Fact]
    public void Nonsense_UnderARightChecksum_NeverThrows()
    {
        var random = new Random(3);
        var content = Encode(Aapl, 42, new byte[50])[..^4];
        for (var run = 0; run < 20_000; run++)
        {
            var distorted = content.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                distorted[random.Next(33, distorted.Length)] = (byte)random.Next(256);
            if (SnapshotCodec.TryDecode(InvalidEventTests.Seal("ss1", distorted), out var snapshot, out var error))
                Assert.True(snapshot.Body.Length <= distorted.Length);
            else
                Assert.InRange(error.Offset, 1, distorted.Length);
        }
    }

    [Fact]
    public void HashOfAnotherLength_OrANegativeNumber_IsTheWritersMistake()
    {
        var buffer = new ArrayBufferWriter<byte>();
        Assert.Throws<ArgumentException>(() => SnapshotCodec.Encode(new byte[31], Aapl, 1, [], buffer));
        Assert.Throws<ArgumentOutOfRangeException>(() => SnapshotCodec.Encode(PlanHash, Aapl, -1, [], buffer));
    }

    private static byte[] Encode(Symbol symbol, long sequenceNr, byte[] body)
    {
        var buffer = new ArrayBufferWriter<byte>(1);
        SnapshotCodec.Encode(PlanHash, symbol, sequenceNr, body, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static void AssertRefused(byte[] payload, string why)
    {
        Assert.False(SnapshotCodec.TryDecode(payload, out _, out var error));
        Assert.Equal(why, error.Message);
    }
}
