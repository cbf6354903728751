using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Bytes;

/// <summary>
/// Codec of the numbers and the text of a record of any kind: a mask of the numbers that are not zero, then each of them in its
/// <see cref="FieldRole"/>. Lossless for every record, including invalid values.
/// </summary>
internal static class RecordBody
{
    /// <summary>Maximum length of text in the formats, in characters; the rules of admission allow far less.</summary>
    public const int MaxTextLength = 4096;

    private const int VolumeBit = 1 << 4;
    private const int TextBit = 1 << 5;
    private const int FrameBit = 1 << 6;
    private const int SideBit = 1 << 7;

    /// <summary>Maximum number of bytes that <see cref="Write"/> needs.</summary>
    public static int Room(in Record record) =>
        1 + (6 * ByteWriter.MaxVarint) + FrameCode.MaxLength + 1
        + (record.Text is null ? 0 : ByteWriter.MaxVarint + (2 * record.Text.Length));

    /// <summary>Writes a record's body; prices and sizes are divided by the scales.</summary>
    public static void Write(ref ByteWriter to, in Record record, long priceScale, long sizeScale)
    {
        var roles = FieldRoles.Of(record.Kind);
        ReadOnlySpan<long> fields = [record.A, record.B, record.C, record.D, record.E];
        var mask = (record.Text is null ? 0 : TextBit) | (record.Frame == 0 ? 0 : FrameBit) | (record.Side == 0 ? 0 : SideBit);
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i] != 0) mask |= 1 << i;
        }

        var isWide = FieldRoles.IsWide(record);
        if (isWide) mask |= VolumeBit;

        to.Byte((byte)mask);
        var firstPrice = 0L;
        for (var i = 0; i < fields.Length; i++)
        {
            if ((mask & (1 << i)) == 0) continue;
            switch (roles[i])
            {
                case FieldRole.Price:
                    var price = fields[i] / priceScale;
                    to.Zigzag(price - firstPrice);
                    if (i == 0) firstPrice = price;
                    break;
                case FieldRole.Size when isWide:
                    WriteWide(ref to, record.Volume / sizeScale);
                    break;
                case FieldRole.Size:
                    to.Zigzag(fields[i] / sizeScale);
                    break;
                case FieldRole.Bits:
                    to.Int64(fields[i]);
                    break;
                default:
                    to.Zigzag(fields[i]);
                    break;
            }
        }

        if (record.Text is not null) WriteText(ref to, record.Text);
        if (record.Frame != 0) to.Frame(record.Frame);
        if (record.Side != 0) to.Byte((byte)record.Side);
    }

    /// <summary>
    /// Reads a record's body. Returns null if it is well-formed, otherwise the error. If the reader itself has not failed, the body was
    /// read to its end and only its content is wrong.
    /// </summary>
    public static string? Read(
        ref ByteReader from, byte code, Symbol symbol, in Identity id, Timestamp time,
        long priceScale, long sizeScale, TextCache texts, out Record record)
    {
        var roles = FieldRoles.Of((RecordKind)code);
        var isWide = code == FieldRoles.WideBar;
        var kind = isWide ? RecordKind.Bar : (RecordKind)code;
        Int128 volume = 0;
        int mask = from.Byte();
        Span<long> fields = stackalloc long[5];
        fields.Clear();
        var firstPrice = 0L;
        var inRange = true;
        for (var i = 0; i < fields.Length; i++)
        {
            if ((mask & (1 << i)) == 0) continue;
            switch (roles[i])
            {
                case FieldRole.Price:
                    var price = from.Zigzag() + firstPrice;
                    if (i == 0) firstPrice = price;
                    inRange &= Scale.TryExpand(price, priceScale, out fields[i]);
                    break;
                case FieldRole.Size when isWide:
                    inRange &= TryReadWide(ref from, sizeScale, out volume);
                    break;
                case FieldRole.Size:
                    inRange &= Scale.TryExpand(from.Zigzag(), sizeScale, out fields[i]);
                    break;
                case FieldRole.Bits:
                    fields[i] = from.Int64();
                    break;
                default:
                    fields[i] = from.Zigzag();
                    break;
            }
        }

        string? text = null;
        var textFault = (mask & TextBit) != 0 ? ReadText(ref from, texts, out text) : null;
        var frame = (mask & FrameBit) != 0 ? from.Frame() : Frame.Tick;
        var side = (BookSide)((mask & SideBit) != 0 ? from.Byte() : 0);
        record = Record.Of(kind, symbol, id, time, fields[0], fields[1], fields[2], fields[3], fields[4], frame, side, text);
        if (isWide) record = record.WithVolume(volume);
        return from.Fault ?? textFault ?? (inRange ? null : Faults.OutOfRange);
    }

    /// <summary>Writes a volume of 128 bits: its low word raw, its high word in zigzag encoding.</summary>
    private static void WriteWide(ref ByteWriter to, Int128 volume)
    {
        to.Varint((ulong)(UInt128)volume);
        to.Zigzag((long)(volume >> 64));
    }

    private static bool TryReadWide(ref ByteReader from, long scale, out Int128 volume)
    {
        var low = from.Varint();
        var high = from.Zigzag();
        volume = new Int128((ulong)high, low);
        if (volume > Int128.MaxValue / scale || volume < Int128.MinValue / scale) return false;
        volume *= scale;
        return true;
    }

    private static void WriteText(ref ByteWriter to, string text)
    {
        var wide = false;
        foreach (var c in text) wide |= c > 0xff;
        to.Varint(((ulong)text.Length << 1) | (wide ? 1u : 0u));
        foreach (var c in text)
        {
            to.Byte((byte)c);
            if (wide) to.Byte((byte)(c >> 8));
        }
    }

    private static string? ReadText(ref ByteReader from, TextCache texts, out string? text)
    {
        text = null;
        var head = from.Varint();
        var wide = (head & 1) != 0;
        var bytes = from.Bytes((int)Math.Min(wide ? head & ~1UL : head >> 1, int.MaxValue));
        if (from.Failed) return from.Fault;
        if (head >> 1 > MaxTextLength) return Faults.TextTooLong;
        text = wide ? texts.Wide(bytes) : texts.Narrow(bytes);
        return null;
    }
}
