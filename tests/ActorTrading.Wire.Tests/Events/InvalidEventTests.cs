using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Events;
using FsCheck.Fluent;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Events;

/// <summary>A journal row that is torn, swapped or of another program is rejected as a whole.</summary>
public class InvalidEventTests
{
    private static readonly Symbol Aapl = Symbol.Parse("AAPL");
    private readonly EventDecoder decoder = new();

    public static TheoryData<string> Manifests => ["ta1", "ra1", "ca1"];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void EveryFlippedBit_IsNoticed(string manifest)
    {
        var payload = PayloadOf(manifest);
        for (var bit = 0; bit < payload.Length * 8; bit++)
        {
            var flipped = payload.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused(manifest, flipped, bit < 8 ? "the version is not known" : "the checksum does not match");
        }
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void EveryTornRow_IsNoticed(string manifest)
    {
        var payload = PayloadOf(manifest);
        for (var length = 0; length < payload.Length; length++)
            AssertRefused(manifest, payload[..length], length < 5 ? "ends in the middle of a value" : "the checksum does not match");
        AssertRefused(manifest, [.. payload, 0], "the checksum does not match");
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void RowUnderTheWrongManifest_IsNoticed(string manifest)
    {
        foreach (var other in new[] { "ta1", "ra1", "ca1" }.Where(other => other != manifest))
            AssertRefused(other, PayloadOf(manifest), "the checksum does not match");
        AssertRefused("ta2", PayloadOf(manifest), "the manifest is not known");
        AssertRefused("", PayloadOf(manifest), "the manifest is not known");
        AssertRefused("ss1", PayloadOf(manifest), "the manifest is not known");
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void BytesAfterTheEnd_AreRefused_EvenUnderARightChecksum(string manifest) =>
        AssertRefused(manifest, Seal(manifest, [.. PayloadOf(manifest)[..^4], 0]), "bytes follow after the end");

    [Theory]
    [MemberData(nameof(Manifests))]
    public void EverythingCutShort_IsRefused_EvenUnderARightChecksum(string manifest)
    {
        var content = PayloadOf(manifest)[..^4];
        for (var length = 1; length < content.Length; length++)
        {
            Assert.False(decoder.TryDecode(manifest, Seal(manifest, content[..length]), out _, out var error));
            Assert.InRange(error.Offset, 1, length);
        }
    }

    [Theory]
    // version, symbol "A", exponents, sources, count, runs
    [InlineData("ta1", "01 01 41 00 00 00 01 01 2d 00", "a run or an event holds no record", 10)]
    [InlineData("ta1", "01 01 41 00 00 00 01 01 2d 02 00 00 02 00 00 00 00", "a count is larger than the bytes that follow could hold", 9)]
    [InlineData(
        "ta1", "01 01 41 00 00 00 01 01 2d ff ff ff ff ff ff ff ff ff 01", "a count is larger than the bytes that follow could hold", 9)]
    [InlineData("ta1", "01 01 41 00 00 00 ff ff ff ff 0f 01 2d 01", "a count is larger than the bytes that follow could hold", 6)]
    [InlineData("ta1", "01 01 41 00 00 00 01 01 2d 01 01 00 01 00 00 00 00", "a source number is not in the dictionary", 13)]
    [InlineData("ta1", "01 01 41 00 00 00 01 01 2d 01 00 00 00 00 00 00 00", "a run or an event holds no record", 13)]
    [InlineData("ta1", "01 01 41 00 00 00 01 01 2d 01 00 00 02 00 00 00 00", "a count is larger than the bytes that follow could hold", 13)]
    [InlineData("ta1", "01 01 41 01 00 00 01 01 2d 01 00 00 01 00 00 00 00", "a decimal exponent is out of range", 6)]
    [InlineData("ta1", "01 01 41 00 09 00 01 01 2d 01 00 00 01 00 00 00 00", "a decimal exponent is out of range", 6)]
    [InlineData("ta1", "01 01 41 00 00 ff 01 01 2d 01 00 00 01 00 00 00 00", "a decimal exponent is out of range", 6)]
    [InlineData("ta1", "01 01 20 00 00 00 01 01 2d 01 00 00 01 00 00 00 00", "the symbol is not valid", 1)]
    [InlineData("ta1", "01 00 00 00 00 01 01 2d 01 00 00 01 00 00 00 00", "the symbol is not valid", 1)]
    [InlineData("ta1", "01 01 41 00 00 00 01 01 22 01 00 00 01 00 00 00 00", "the source name is not valid", 9)]
    [InlineData("ta1", "01 01 41 00 08 00 01 01 2d 01 00 00 01 00 00 feffffffffffffffff01 00", "a number exceeds the range of 64 bits", 26)]
    [InlineData("ra1", "01 01 41 00 00 00 01 01 2d 01 00 00 01 09 00 00 00", "the kind of record is not known", 16)]
    [InlineData("ra1", "01 01 41 00 00 00 01 01 2d 01 00 00 01 00 00 00 00", "the kind of record is not known", 16)]
    [InlineData("ca1", "01 01 41 00 00 00 00 00 00 00", "ends in the middle of a value", 3)]
    [InlineData("ca1", "02 01 41 00 00 00 00 00 00 00 00", "the version is not known", 0)]
    public void PayloadThatSaysTheImpossible_IsRefused_EvenUnderARightChecksum(string manifest, string hex, string why, int offset)
    {
        var content = Convert.FromHexString(hex.Replace(" ", ""));
        Assert.False(decoder.TryDecode(manifest, Seal(manifest, content), out var decoded, out var error));
        Assert.Equal(new CodecError(offset, why), error);
        Assert.Null(decoded.Symbol);
        Assert.True(decoded.Records.IsEmpty);
    }

    [Fact]
    public void Nonsense_UnderARightChecksum_NeverThrows_AndAllocatesNoMoreThanItCouldHold()
    {
        var random = new Random(8);
        string[] manifests = ["ta1", "ra1", "ca1", "ss1", "no1"];
        for (var run = 0; run < 20_000; run++)
        {
            var manifest = manifests[random.Next(manifests.Length)];
            byte[] content;
            if (random.Next(2) == 0)
            {
                content = new byte[random.Next(0, 80)];
                random.NextBytes(content);
                if (content.Length > 0) content[0] = 1;
            }
            else
            {
                content = PayloadOf(manifest is "ta1" or "ra1" or "ca1" ? manifest : "ta1")[..^4];
                for (var change = random.Next(1, 5); change > 0; change--) content[random.Next(1, content.Length)] = (byte)random.Next(256);
            }

            var payload = Seal(manifest, content);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var fresh = new EventDecoder();
            fresh.TryDecode(manifest, payload, out _, out _);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000 + (100 * payload.Length));
        }
    }

    [Fact]
    public void DecoderThatRefused_ReadsTheNextPayloadAsEver()
    {
        var payload = PayloadOf("ra1");
        var random = new Random(9);
        for (var run = 0; run < 200; run++)
        {
            var content = payload[..^4];
            content[random.Next(1, content.Length)] ^= (byte)random.Next(1, 256);
            decoder.TryDecode("ra1", Seal("ra1", content), out _, out _);
            Assert.True(decoder.TryDecode("ra1", payload, out var decoded, out _));
            Assert.Equal(RecordText.Describe(Records), RecordText.Describe(decoded.Records));
        }
    }

    [Fact]
    public void JournalOfARealisticMarket_TakesAboutSixBytesPerTick()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var manifest = new EventEncoder().EncodeRecords(Aapl, EventRoundTripTests.Ticks(100), buffer);
        Assert.Equal("ta1", manifest);
        Assert.InRange(buffer.WrittenCount / 100.0, 5.5, 6.5); // as docs/binary.md states
    }

    [Fact]
    public void WritingAndReadingEvents_AllocateNothing()
    {
        var encoder = new EventEncoder();
        var buffer = new ArrayBufferWriter<byte>(1 << 20);
        var ticks = EventRoundTripTests.Ticks(500);
        var mixed = Records;
        Pass();
        Pass();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++) Pass();
        }));

        void Pass()
        {
            buffer.ResetWrittenCount();
            var manifest = encoder.EncodeRecords(Aapl, ticks, buffer);
            var read = decoder.TryDecode(manifest, buffer.WrittenSpan, out var decoded, out _) ? decoded.Records.Length : 0;
            buffer.ResetWrittenCount();
            manifest = encoder.EncodeRecords(Aapl, mixed, buffer);
            read += decoder.TryDecode(manifest, buffer.WrittenSpan, out decoded, out _) ? decoded.Records.Length : 0;
            if (read != ticks.Length + mixed.Length) throw new InvalidOperationException("not all came back");
        }
    }

    private static Record[] Records { get; } =
        [.. RecordGenerators.Some(RecordGenerators.Valid, 60, seed: 10).Select(record => Record.Of(
            record.Kind, Aapl, record.Id, record.Time, record.A, record.B, record.C, record.D, record.E, record.Frame, record.Side,
            record.Text))];

    internal static byte[] Seal(string manifest, byte[] content)
    {
        var crc = Crc32C.Of([.. Encoding.ASCII.GetBytes(manifest), .. content]);
        var payload = new byte[content.Length + 4];
        content.CopyTo(payload, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(content.Length), crc);
        return payload;
    }

    private static byte[] PayloadOf(string manifest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var encoder = new EventEncoder();
        var written = manifest switch
        {
            "ta1" => encoder.EncodeRecords(Aapl, EventRoundTripTests.Ticks(20), buffer),
            "ra1" => encoder.EncodeRecords(Aapl, Records, buffer),
            _ => encoder.EncodeClock(Aapl, new Timestamp(1_720_522_860_000_000_000), buffer),
        };
        Assert.Equal(manifest, written);
        return buffer.WrittenSpan.ToArray();
    }

    private void AssertRefused(string manifest, byte[] payload, string why)
    {
        Assert.False(decoder.TryDecodeEvent(manifest, payload, out var happened, out var error));
        Assert.Null(happened);
        Assert.Equal(why, error.Message);
        Assert.InRange(error.Offset, 0, payload.Length);
    }
}
