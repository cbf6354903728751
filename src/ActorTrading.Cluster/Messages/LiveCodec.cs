using System.Buffers;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Messages;

/// <summary>Binary codec of live events and live filters.</summary>
internal static class LiveCodec
{
    private const byte IsBar = 0;
    private const byte IsLate = 1;
    private const byte IsTick = 2;
    private const byte IsBarInUnits = 3;

    public static readonly MessageKind[] Kinds =
    [
        MessageKind.Of<LiveWanted>(
            "m:live?1", (ref writer, wanted) => WriteFilter(ref writer, wanted.Filter),
            (ref content) => new LiveWanted(ReadFilter(ref content))),
        MessageKind.Of("m:live1", WriteHappened, (ref content) => new LiveHappened(content.Number(), ReadEvents(ref content))),
        MessageKind.Of<LiveTaken>(
            "m:taken1", (ref writer, taken) => writer.Number(taken.Number), (ref content) => new LiveTaken(content.Number())),
    ];

    public static void WriteBar(ref PayloadWriter writer, BarClosed closed)
    {
        var bar = closed.Bar;
        writer.Symbol(closed.Symbol);
        writer.Frame(closed.Frame);
        foreach (var value in (ReadOnlySpan<long>)[bar.OpenTime, bar.Session, bar.Open, bar.High, bar.Low, bar.Close, bar.Ticks])
            writer.Signed(value);
        writer.Wide(bar.Volume);
        writer.Number(closed.Values.Count);
        foreach (var value in closed.Values) writer.Double(value);
    }

    public static BarClosed ReadBar(ref ByteReader content)
    {
        var (symbol, frame) = (content.Symbol(), content.Frame());
        var bar = new Bar
        {
            OpenTime = content.Zigzag(), Session = content.Zigzag(), Open = content.Zigzag(), High = content.Zigzag(),
            Low = content.Zigzag(), Close = content.Zigzag(), Ticks = content.Zigzag(), Volume = content.Wide(),
        };
        var values = new double[content.Count(sizeof(long))];
        for (var i = 0; i < values.Length; i++) values[i] = content.Double();
        return new BarClosed(symbol, frame, bar, values);
    }

    public static void WriteUnits(ref PayloadWriter writer, Units units)
    {
        writer.Room(UnitBytes.Length);
        writer.To.Units(units);
    }

    private static BarClosed ReadBarInUnits(ref ByteReader content)
    {
        var units = content.Units();
        return ReadBar(ref content) with { Units = units };
    }

    private static void WriteFilter(ref PayloadWriter writer, LiveFilter? filter)
    {
        writer.Flag(filter is not null);
        if (filter is null) return;
        writer.Byte((byte)((filter.Bars ? 1 : 0) | (filter.Late ? 2 : 0) | (filter.Ticks ? 4 : 0) | (filter.Symbols is null ? 0 : 8)
            | (filter.Frames is null ? 0 : 16)));
        writer.Symbols(filter.Symbols?.Order().ToArray() ?? []);
        var frames = filter.Frames?.Order().ToArray() ?? [];
        writer.Number(frames.Length);
        foreach (var frame in frames) writer.Frame(frame);
    }

    private static LiveFilter? ReadFilter(ref ByteReader content)
    {
        if (!content.Flag()) return null;
        var flags = content.Byte();
        var symbols = content.Symbols().ToHashSet();
        var frames = new HashSet<Frame>();
        for (var left = content.Count(1); left > 0 && !content.Failed; left--) frames.Add(content.Frame());
        return new LiveFilter(
            (flags & 8) == 0 ? null : symbols, (flags & 16) == 0 ? null : frames, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
    }

    private static void WriteHappened(ref PayloadWriter writer, LiveHappened happened)
    {
        writer.Number(happened.Number);
        writer.Number(happened.Events.Count);
        var encoder = new EventEncoder();
        var bytes = new ArrayBufferWriter<byte>(256);
        foreach (var one in happened.Events)
        {
            writer.Byte(one.Bar is { } closed ? (closed.Units.IsDefault ? IsBar : IsBarInUnits) : one.Late is not null ? IsLate : IsTick);
            writer.Number(one.Missed);
            if (one.Bar is { Units.IsDefault: false } inUnits) WriteUnits(ref writer, inUnits.Units);
            if (one.Bar is { } bar) WriteBar(ref writer, bar);
            else WriteRecord(ref writer, encoder, bytes, (one.Late ?? one.Tick)!.Value);
        }
    }

    private static LiveEvent[] ReadEvents(ref ByteReader content)
    {
        var events = new LiveEvent[content.Count(4)];
        using var decoder = new EventDecoder();
        for (var i = 0; i < events.Length && !content.Failed; i++)
        {
            var (kind, missed) = (content.Byte(), content.Number());
            if (kind > IsBarInUnits) content.Fail(Faults.UnknownKind);
            if (content.Failed) break;
            events[i] = kind switch
            {
                IsBar => new LiveEvent(Bar: ReadBar(ref content), Missed: missed),
                IsBarInUnits => new LiveEvent(Bar: ReadBarInUnits(ref content), Missed: missed),
                IsLate => new LiveEvent(Late: ReadRecord(ref content, decoder), Missed: missed),
                _ => new LiveEvent(Tick: ReadRecord(ref content, decoder), Missed: missed),
            };
        }

        return events;
    }

    private static void WriteRecord(ref PayloadWriter writer, EventEncoder encoder, ArrayBufferWriter<byte> bytes, in Record record)
    {
        bytes.ResetWrittenCount();
        writer.Name(encoder.EncodeRecords(record.Symbol, [record], bytes));
        writer.Sized(bytes.WrittenSpan);
    }

    private static Record ReadRecord(ref ByteReader content, EventDecoder decoder)
    {
        var manifest = content.Name();
        var bytes = content.Sized();
        if (content.Failed) return default;
        if (!decoder.TryDecode(manifest, bytes, out var decoded, out var error)) content.Fail(error.Message);
        else if (decoded.Records.Length != 1) content.Fail(Faults.ImpossibleCount);
        else return decoded.Records[0];
        return default;
    }
}
