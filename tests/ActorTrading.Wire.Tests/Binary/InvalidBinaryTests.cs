using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Binary;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Binary;

/// <summary>
/// Which input is rejected, with which reason, and at which position. Every stream continues with a valid tick of MSFT. It must arrive if
/// the frames can still be separated, and must not if they cannot.
/// </summary>
public class InvalidBinaryTests
{
    private const byte Over = 0xff;
    private static readonly byte[] Msft = Streams.SymbolFrame(1, "MSFT");

    // time exponent 0, one row: symbol 1, time 5, price 7, size 2
    private static readonly byte[] GoodTick = Streams.Frame(FrameType.Ticks, 0, 1, 1 << 2, 10, 14, 4);

    [Theory]
    [InlineData("ATB2", "byte 0: not version 1 of the binary format")]
    [InlineData("ATB\0", "byte 0: not version 1 of the binary format")]
    [InlineData("{\"sy", "byte 0: not a binary stream: it does not start with ATB1")]
    [InlineData("GET ", "byte 0: not a binary stream: it does not start with ATB1")]
    public void StreamThatStartsWithAnythingElse_IsRefusedAtOnce(string start, string why)
    {
        byte[] stream = [.. start.Select(c => (byte)c), .. Msft, .. GoodTick];
        AssertDamage(stream, RejectReason.Malformed, why, frame: 0, offset: 0, records: 0);
    }

    [Fact]
    public void FrameLongerThanTheLimit_EndsTheStream_BeforeItsBytesArrive()
    {
        byte[] stream = [.. Streams.Of(Msft, GoodTick), 1, 0, 16, 0];
        var end = stream.Length - 4;
        AssertDamage(stream, RejectReason.LineTooLong, $"byte {end}: a frame of 1048577 bytes, more than 1048576", 3, end, records: 1);
    }

    [Fact]
    public void FrameTooShortToHoldItsOwnChecksum_EndsTheStream()
    {
        byte[] stream = [.. Streams.Of(Msft, GoodTick), 4, 0, 0, 0, 0, 0, 0, 0, .. GoodTick];
        var at = Streams.Of(Msft, GoodTick).Length;
        AssertDamage(stream, RejectReason.Malformed, $"byte {at}: a frame of 4 bytes, less than 5", 3, at, records: 1);
    }

    [Fact]
    public void EveryFlippedBit_IsNoticed_AndNothingAfterItIsRead()
    {
        var stream = Streams.Of(Msft, GoodTick, GoodTick);
        var bad = stream.Length - (2 * GoodTick.Length);
        for (var bit = (bad + 4) * 8; bit < (bad + GoodTick.Length) * 8; bit++)
        {
            var flipped = stream.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertDamage(flipped, RejectReason.Malformed, $"byte {bad}: the checksum does not match", 2, bad, records: 0);
        }
    }

    [Fact]
    public void StreamThatEndsWithinAFrame_KeepsWhatCameBefore()
    {
        var stream = Streams.Of(Msft, GoodTick, GoodTick);
        var last = stream.Length - GoodTick.Length;
        for (var end = last + 1; end < stream.Length; end++)
            AssertDamage(stream[..end], RejectReason.Malformed, $"byte {last}: the stream ends within a frame", 3, last, records: 1);
        AssertDamage(stream[..2], RejectReason.Malformed, "byte 0: the stream ends within its magic", 0, 0, records: 0);
    }

    [Fact]
    public void DamagedStream_TakesNoMore()
    {
        var sink = new Collected();
        var decoder = new BinaryDecoder(sink);
        Assert.False(decoder.Feed("nonsense"u8));
        Assert.False(decoder.Feed(Streams.Of(Msft, GoodTick)));
        Assert.False(decoder.Complete());
        Assert.Single(sink.Rejected);
        Assert.Empty(sink.Records);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(0)]
    [InlineData(255)]
    public void FrameOfAnUnknownType_IsSkipped(byte type) =>
        AssertRefused(Streams.Frame((FrameType)type, 1, 2, 3), RejectReason.UnknownKind, $"frame type {type} is not known");

    [Fact]
    public void TickOfASymbolNobodyDefined_IsRefused_AndItsNeighboursAreNot()
    {
        var sink = AssertRefused(
            Streams.Frame(FrameType.Ticks, 0, 3, 1 << 2, 10, 14, 4, 2 << 2, 2, 100, 4, 1 << 2, 2, 2, 4),
            RejectReason.BadSymbol, "symbol number 2 is not allowed here", good: 2);
        Assert.Equal(["Tick MSFT -/0/-1 5 A=7 B=2", "Tick MSFT -/0/-1 7 A=8 B=2"], RecordText.Describe([.. sink.Records[..2]]));
    }

    [Fact]
    public void RefusedTick_IsNamedByItsSourceAndSeq_SoThatItCanBeAcknowledged()
    {
        var feed = Streams.SourceFrame(1, "feed");
        var ticks = Streams.Frame(FrameType.Ticks, 0, 1, (2 << 2) | 2, 1, 6, 34, 10, 14, 4);
        var rejected = Assert.Single(Streams.Decode(Streams.Of(Msft, feed, ticks), out _).Rejected);
        Assert.Equal(new Identity(Source.Parse("feed"), 3, 17), rejected.Id);
        Assert.Equal(("feed", 3L, 17L, 3L), (rejected.Source.Name, rejected.Epoch, rejected.Seq, rejected.LineNumber));
        Assert.Equal("0a0106220a0e04", rejected.Raw);
    }

    [Theory]
    [InlineData("BAD,SYMBOL")]
    [InlineData("")]
    [InlineData("\"economy\"")]
    [InlineData("é")]
    public void NameThatIsNoSymbol_IsRefused_AndItsTicksGoToNobodyElse(string name)
    {
        AssertRefused(Streams.SymbolFrame(2, name), RejectReason.BadSymbol, $"'{name}'");
        var stream = Streams.Of(Msft, Streams.SymbolFrame(1, name), GoodTick);
        var sink = Streams.Decode(stream, out _);
        Assert.Empty(sink.Records);
        Assert.Equal([RejectReason.BadSymbol, RejectReason.BadSymbol], sink.Rejected.Select(input => input.Rejection.Reason));
    }

    [Theory]
    [InlineData("")]
    [InlineData("quo\"te")]
    [InlineData("né")]
    public void NameThatIsNoSource_IsRefused_AndSoAreItsTicks(string name)
    {
        var ticks = Streams.Frame(FrameType.Ticks, 0, 1, (1 << 2) | 2, 1, 6, 34, 10, 14, 4);
        var sink = Streams.Decode(Streams.Of(Msft, Streams.SourceFrame(1, name), ticks, GoodTick), out _);
        Assert.Equal([RejectReason.BadSource, RejectReason.BadSource], sink.Rejected.Select(input => input.Rejection.Reason));
        Assert.Single(sink.Records);
    }

    [Fact]
    public void NumberOutOfTurn_IsRefused_SoThatAStreamCannotReserveMemory()
    {
        AssertRefused(Streams.SymbolFrame(3, "X"), RejectReason.BadSymbol, "symbol number 3, expected 2");
        AssertRefused(Streams.SymbolFrame(0, "X"), RejectReason.BadSymbol, "symbol number 0, expected 2");
        AssertRefused(Streams.SourceFrame(2, "X"), RejectReason.BadSource, "source number 2, expected 1");
        AssertRefused(
            Streams.Frame(FrameType.Symbol, Over, Over, Over, Over, 0x0f, 0, 0, (byte)'X'), RejectReason.BadSymbol,
            "symbol number 4294967295");
    }

    [Fact]
    public void MoreNamesThanTheLimit_AreRefused()
    {
        var sink = new Collected();
        var decoder = new BinaryDecoder(sink, maxNames: 2);
        decoder.Feed(Streams.Of(Msft, Streams.SymbolFrame(2, "B"), Streams.SymbolFrame(3, "C"), GoodTick));
        Assert.Single(sink.Records);
        Assert.Equal(RejectReason.BadSymbol, Assert.Single(sink.Rejected).Rejection.Reason);
    }

    [Fact]
    public void DecimalExponentOutOfRange_IsRefused()
    {
        AssertRefused(Streams.SymbolFrame(2, "X", priceExponent: 9), RejectReason.Malformed, "a decimal exponent is out of range");
        AssertRefused(Streams.SymbolFrame(2, "X", sizeExponent: 9), RejectReason.Malformed, "a decimal exponent is out of range");
        AssertRefused(Streams.Frame(FrameType.Ticks, 4, 0), RejectReason.Malformed, "a decimal exponent is out of range");
    }

    [Fact]
    public void DefinitionCutShort_IsRefused()
    {
        AssertRefused(Streams.Frame(FrameType.Symbol), RejectReason.Malformed, "ends in the middle of a value");
        AssertRefused(Streams.Frame(FrameType.Symbol, 2, 0), RejectReason.Malformed, "ends in the middle of a value");
        AssertRefused(Streams.Frame(FrameType.Source), RejectReason.Malformed, "ends in the middle of a value");
    }

    [Fact]
    public void CountThatTheFrameCannotHold_IsRefused()
    {
        AssertRefused(Streams.Frame(FrameType.Ticks, 0, 2, 4, 10, 14, 4), RejectReason.Malformed, "a count is larger");
        AssertRefused(Streams.Frame(FrameType.Records, 0, 0xff, 0xff, 0x7f), RejectReason.Malformed, "a count is larger");
    }

    [Fact]
    public void RowCutShort_IsRefused_WithTheRestOfItsFrame()
    {
        // The second row announces more bytes of its size, but there are none.
        var sink = AssertRefused(
            Streams.Frame(FrameType.Ticks, 0, 2, 4, 10, 14, 4, 4, 2, 2, 0x84),
            RejectReason.Malformed, "row 2 of 2 and those after: ends in the middle of a value", good: 1);
        Assert.Equal(1, sink.Records.Count(record => record.Time.Nanoseconds == 5 && record.A == 7) - 1);
    }

    [Fact]
    public void NumberInALongerSpellingThanItNeeds_IsRefused() =>
        AssertRefused(
            Streams.Frame(FrameType.Ticks, 0, 1, 4, 0x8a, 0x00, 14, 4), RejectReason.Malformed,
            "row 1 of 1 and those after: a number is longer than");

    [Fact]
    public void NumberOfMoreThan64Bits_IsRefused() =>
        AssertRefused(
            Streams.Frame(FrameType.Ticks, 0, 1, 4, Over, Over, Over, Over, Over, Over, Over, Over, Over, 2, 14, 4),
            RejectReason.Malformed, "row 1 of 1 and those after: a number is longer than");

    [Fact]
    public void BytesAfterTheLastRow_AreRefused_AndItsRowsAreNot() =>
        AssertRefused(Streams.Frame(FrameType.Ticks, 0, 1, 4, 10, 14, 4, 0), RejectReason.Malformed, "bytes follow after the end", good: 1);

    [Fact]
    public void WayOfNamingTheSenderThatIsNotKnown_IsRefused() =>
        AssertRefused(
            Streams.Frame(FrameType.Ticks, 0, 1, 4 | 3, 10, 14, 4), RejectReason.Malformed,
            "row 1 of 1 and those after: the sender of a row has an unknown");

    [Fact]
    public void PriceThatLeaves64BitsOnceScaled_IsRefused_AndTheNextIsNot()
    {
        var coarse = Streams.SymbolFrame(2, "X", priceExponent: 8);
        byte[] huge = [2 << 2, 10, 0xfe, Over, Over, Over, Over, Over, Over, Over, Over, 1, 4];
        byte[] backTo7 = [2 << 2, 2, 0xf1, Over, Over, Over, Over, Over, Over, Over, Over, 1, 4];
        var ticks = Streams.Frame(FrameType.Ticks, [0, 2, .. huge, .. backTo7]);
        var sink = Streams.Decode(Streams.Of(Msft, coarse, ticks, GoodTick), out var decoder);
        Assert.Null(decoder.Damage);
        Assert.Equal(RejectReason.OutOfRange, Assert.Single(sink.Rejected).Rejection.Reason);
        Assert.Equal("Tick X -/0/-1 6 A=600000000 B=2", RecordText.Describe(sink.Records[0]));
    }

    [Fact]
    public void StampThatLeaves64BitsOnceScaled_IsRefused() =>
        AssertRefused(
            Streams.Frame(FrameType.Ticks, 9, 1, 4, 0xfe, Over, Over, Over, Over, Over, Over, Over, Over, 1, 14, 4),
            RejectReason.OutOfRange, "a number exceeds the range of 64 bits");

    [Fact]
    public void RecordOfAnUnknownKind_IsSkipped_AndItsNeighboursAreNot() =>
        AssertRefused(
            Streams.Frame(FrameType.Records, 0, 3, 5, 1, 4, 10, 1, 14, 6, 11, 4, 2, 1, 2, 3, 5, 1, 4, 2, 1, 14),
            RejectReason.UnknownKind, "kind 11 is not known", good: 2);

    [Fact]
    public void RecordWithABodyCutShort_IsRefused_AndItsNeighboursAreNot() =>
        AssertRefused(
            Streams.Frame(FrameType.Records, 0, 2, 5, 1, 4, 10, 3, 14, 5, 1, 4, 2, 1, 14),
            RejectReason.Malformed, "ends in the middle of a value", good: 1);

    [Fact]
    public void RecordWithBytesAfterItsBody_IsRefused_AndItsNeighboursAreNot() =>
        AssertRefused(
            Streams.Frame(FrameType.Records, 0, 2, 6, 1, 4, 10, 1, 14, 0, 5, 1, 4, 2, 1, 14),
            RejectReason.Malformed, "bytes follow after the end", good: 1);

    [Fact]
    public void RecordWithAHeadThatCannotBeRead_TakesTheRestOfItsFrameWithIt() =>
        AssertRefused(
            Streams.Frame(FrameType.Records, 0, 2, 5, 1, 7, 10, 1, 14, 5, 1, 4, 2, 1, 14),
            RejectReason.Malformed, "row 1 of 2 and those after: the sender of a row has an unknown");

    [Fact]
    public void TickOfTheEconomy_AndFigureOfASymbol_AreRefused()
    {
        AssertRefused(Streams.Frame(FrameType.Ticks, 0, 1, 0, 10, 14, 4), RejectReason.BadSymbol, "symbol number 0 is not allowed here");
        AssertRefused(
            Streams.Frame(FrameType.Records, 0, 1, 5, 1, 0, 10, 1, 14), RejectReason.BadSymbol, "symbol number 0 is not allowed here");
        AssertRefused(Streams.Frame(FrameType.Records, 0, 1, 4, 8, 4, 10, 0), RejectReason.BadSymbol,
            "symbol number 1 is not allowed here");
    }

    [Fact]
    public void TextLongerThanTheFormatCarries_IsRefused()
    {
        byte[] text = [0x82, 0x40, .. new byte[4097]]; // 4097 characters of one byte
        byte[] row = [5, 4, 10, 0x20, .. text];
        AssertRefused(
            Streams.Frame(FrameType.Records, [0, 1, 0x87, 0x20, .. row]), RejectReason.BadText, "a text is longer than the format allows");
    }

    [Fact]
    public void KindThatTheEncoderDoesNotKnow_IsLeftToTheReceiverToRefuse()
    {
        var symbol = Symbol.Parse("MSFT");
        var stream = Streams.Encode([Record.Of((RecordKind)77, symbol, Identity.Anonymous, new(1), 1, 2, 3),
            Record.OfTick(symbol, Identity.Anonymous, new(1), 1, 1)]);
        var sink = Streams.Decode(stream, out _);
        Assert.Single(sink.Records);
        Assert.Equal(RejectReason.UnknownKind, Assert.Single(sink.Rejected).Rejection.Reason);
    }

    /// <summary>The frame, between valid ones, is rejected once and causes no other rejection.</summary>
    private static Collected AssertRefused(byte[] frame, RejectReason reason, string why, int good = 0)
    {
        var stream = Streams.Of(Msft, frame, GoodTick);
        var sink = Streams.Decode(stream, out var decoder);
        Assert.Null(decoder.Damage);
        var rejected = Assert.Single(sink.Rejected);
        Assert.Equal(reason, rejected.Rejection.Reason);
        Assert.Contains(why, rejected.Rejection.Value);
        Assert.Equal(2, rejected.LineNumber);
        var start = BinaryFormat.Magic.Length + Msft.Length;
        var at = int.Parse(rejected.Rejection.Value["byte ".Length..rejected.Rejection.Value.IndexOf(':')]);
        Assert.InRange(at, start + 4, start + frame.Length - 4);
        Assert.Equal(good + 1, sink.Records.Count);
        Assert.Equal("Tick MSFT -/0/-1 5 A=7 B=2", RecordText.Describe(sink.Records[^1]));
        return sink;
    }

    private static void AssertDamage(byte[] stream, RejectReason reason, string why, long frame, long offset, int records)
    {
        var sink = Streams.Decode(stream, out var decoder);
        var rejected = Assert.Single(sink.Rejected);
        Assert.Equal(new StreamDamage(rejected.Rejection, frame, offset), decoder.Damage);
        Assert.Equal(reason, rejected.Rejection.Reason);
        Assert.Equal(why, rejected.Rejection.Value);
        Assert.Equal(records, sink.Records.Count);
    }
}
