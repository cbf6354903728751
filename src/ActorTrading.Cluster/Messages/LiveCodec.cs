using System.Buffers;
using System.Text;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Cluster.Messages;

/// <summary>The bytes of what happens live, within a message; see <see cref="MessageCodec"/>.</summary>
internal static class LiveCodec
{
    private const int MaxSymbol = 1 + Symbol.MaxLength;
    private const byte IsBar = 0;
    private const byte IsLate = 1;
    private const byte IsTick = 2;

    public static void WriteFilter(ref PayloadWriter writer, LiveFilter? filter)
    {
        writer.Room(2 + (2 * ByteWriter.MaxVarint));
        writer.To.Byte(filter is null ? (byte)0 : (byte)1);
        if (filter is null) return;
        writer.To.Byte((byte)((filter.Bars ? 1 : 0) | (filter.Late ? 2 : 0) | (filter.Ticks ? 4 : 0) | (filter.Symbols is null ? 0 : 8) | (filter.Frames is null ? 0 : 16)));
        var symbols = filter.Symbols?.Order().ToArray() ?? [];
        writer.To.Varint((ulong)symbols.Length);
        foreach (var symbol in symbols)
        {
            writer.Room(MaxSymbol);
            writer.To.ShortAscii(symbol.Name);
        }

        var frames = filter.Frames?.Order().ToArray() ?? [];
        writer.Room(ByteWriter.MaxVarint + frames.Length);
        writer.To.Varint((ulong)frames.Length);
        foreach (var frame in frames) writer.To.Byte((byte)frame);
    }

    public static LiveFilter? ReadFilter(ref ByteReader content)
    {
        if (content.Byte() == 0) return null;
        var flags = content.Byte();
        var symbols = new HashSet<Symbol>();
        for (var left = content.Count(2); left > 0 && !content.Failed; left--)
        {
            if (ReadSymbol(ref content) is { } symbol) symbols.Add(symbol);
        }

        var frames = new HashSet<Frame>();
        for (var left = content.Count(1); left > 0 && !content.Failed; left--) frames.Add(ReadFrame(ref content));
        return new LiveFilter((flags & 8) == 0 ? null : symbols, (flags & 16) == 0 ? null : frames, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
    }

    public static void WriteEvents(ref PayloadWriter writer, IReadOnlyList<LiveEvent> events)
    {
        writer.Room(ByteWriter.MaxVarint);
        writer.To.Varint((ulong)events.Count);
        var encoder = new EventEncoder();
        var bytes = new ArrayBufferWriter<byte>(256);
        foreach (var happened in events)
        {
            writer.Room(1 + ByteWriter.MaxVarint);
            writer.To.Byte(happened.Bar is not null ? IsBar : happened.Late is not null ? IsLate : IsTick);
            writer.To.Varint((ulong)happened.Missed);
            if (happened.Bar is { } bar) WriteBar(ref writer, bar);
            else WriteRecord(ref writer, encoder, bytes, (happened.Late ?? happened.Tick)!.Value);
        }
    }

    public static LiveEvent[] ReadEvents(ref ByteReader content)
    {
        var events = new LiveEvent[content.Count(4)];
        var decoder = new EventDecoder();
        for (var i = 0; i < events.Length && !content.Failed; i++)
        {
            var kind = content.Byte();
            var missed = (long)content.Varint();
            if (kind > IsTick) content.Fail(Faults.UnknownKind);
            if (content.Failed) break;
            events[i] = kind switch
            {
                IsBar => new LiveEvent(Bar: ReadBar(ref content), Missed: missed),
                IsLate => new LiveEvent(Late: ReadRecord(ref content, decoder), Missed: missed),
                _ => new LiveEvent(Tick: ReadRecord(ref content, decoder), Missed: missed),
            };
        }

        return events;
    }

    private static void WriteRecord(ref PayloadWriter writer, EventEncoder encoder, ArrayBufferWriter<byte> bytes, in Record record)
    {
        bytes.ResetWrittenCount();
        var manifest = encoder.EncodeRecords(record.Symbol, [record], bytes);
        writer.Room(4 + ByteWriter.MaxVarint + bytes.WrittenCount);
        writer.To.ShortAscii(manifest);
        writer.To.Varint((ulong)bytes.WrittenCount);
        writer.To.Bytes(bytes.WrittenSpan);
    }

    private static Record ReadRecord(ref ByteReader content, EventDecoder decoder)
    {
        var manifest = Encoding.Latin1.GetString(content.ShortBytes());
        var bytes = content.Bytes(content.Count(1));
        if (content.Failed) return default;
        if (!decoder.TryDecode(manifest, bytes, out var decoded, out var error)) content.Fail(error.Message);
        else if (decoded.Records.Length != 1) content.Fail(Faults.ImpossibleCount);
        else return decoded.Records[0];
        return default;
    }

    public static void WriteBar(ref PayloadWriter writer, BarClosed closed)
    {
        var bar = closed.Bar;
        writer.Room(MaxSymbol + 1 + (8 * ByteWriter.MaxVarint) + (sizeof(long) * (2 + closed.Values.Count)));
        writer.To.ShortAscii(closed.Symbol.Name);
        writer.To.Byte((byte)closed.Frame);
        foreach (var value in (ReadOnlySpan<long>)[bar.OpenTime, bar.Session, bar.Open, bar.High, bar.Low, bar.Close, bar.Ticks]) writer.To.Zigzag(value);
        writer.To.Int64((long)(ulong)(UInt128)bar.Volume);
        writer.To.Int64((long)(bar.Volume >> 64));
        writer.To.Varint((ulong)closed.Values.Count);
        foreach (var value in closed.Values) writer.To.Int64(BitConverter.DoubleToInt64Bits(value));
    }

    public static BarClosed ReadBar(ref ByteReader content)
    {
        var symbol = ReadSymbol(ref content) ?? Symbol.Economy;
        var frame = ReadFrame(ref content);
        var bar = new Bar
        {
            OpenTime = content.Zigzag(), Session = content.Zigzag(), Open = content.Zigzag(), High = content.Zigzag(), Low = content.Zigzag(),
            Close = content.Zigzag(), Ticks = content.Zigzag(),
        };
        var low = (ulong)content.Int64();
        bar.Volume = new Int128((ulong)content.Int64(), low);
        var values = new double[content.Count(sizeof(long))];
        for (var i = 0; i < values.Length; i++) values[i] = BitConverter.Int64BitsToDouble(content.Int64());
        return new BarClosed(symbol, frame, bar, values);
    }

    private static Symbol? ReadSymbol(ref ByteReader content)
    {
        var symbol = SnapshotCodec.SymbolOf(content.ShortBytes());
        if (symbol is null) content.Fail(Faults.BadSymbol);
        return symbol;
    }

    private static Frame ReadFrame(ref ByteReader content)
    {
        var frame = (Frame)content.Byte();
        if (!frame.IsDefined()) content.Fail(Faults.OutOfRange);
        return frame;
    }
}
