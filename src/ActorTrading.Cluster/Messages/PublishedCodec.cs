using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Cluster.Messages;

/// <summary>The bytes of what is published on topics, within a message; see <see cref="MessageCodec"/>.</summary>
internal static class PublishedCodec
{
    public static void Write(ref PayloadWriter writer, BarPublished bar)
    {
        LiveCodec.WriteBar(ref writer, bar.Closed);
        writer.Room(ByteWriter.MaxVarint);
        writer.To.Varint((ulong)bar.Columns.Count);
        foreach (var column in bar.Columns) WriteText(ref writer, column);
    }

    public static BarPublished ReadBar(ref ByteReader content)
    {
        var closed = LiveCodec.ReadBar(ref content);
        var columns = new string[content.Count(1)];
        for (var i = 0; i < columns.Length; i++) columns[i] = ReadText(ref content);
        if (columns.Length != closed.Values.Count) content.Fail(Faults.ImpossibleCount);
        return new BarPublished(closed, columns);
    }

    public static void Write(ref PayloadWriter writer, VolatilityPublished volatility)
    {
        WriteText(ref writer, volatility.Symbol.Name);
        writer.Room(1 + ByteWriter.MaxVarint + sizeof(long));
        writer.To.Byte((byte)volatility.Frame);
        writer.To.Zigzag(volatility.BarTime.Nanoseconds);
        writer.To.Int64(BitConverter.DoubleToInt64Bits(volatility.Value));
        WriteText(ref writer, volatility.Indicator);
    }

    public static VolatilityPublished ReadVolatility(ref ByteReader content)
    {
        var symbol = ReadSymbol(ref content) ?? Symbol.Economy;
        var frame = (Frame)content.Byte();
        if (!frame.IsDefined()) content.Fail(Faults.OutOfRange);
        var time = new Timestamp(content.Zigzag());
        var value = BitConverter.Int64BitsToDouble(content.Int64());
        return new VolatilityPublished(symbol, frame, time, ReadText(ref content), value);
    }

    public static void Write(ref PayloadWriter writer, RejectPublished reject)
    {
        writer.Room(1 + (3 * ByteWriter.MaxVarint));
        writer.To.Zigzag(reject.Time.Nanoseconds);
        writer.To.Byte((byte)reject.Rejection.Reason);
        writer.To.Zigzag(reject.Id.Epoch);
        writer.To.Zigzag(reject.Id.Seq);
        WriteText(ref writer, reject.Symbol?.Name ?? "");
        foreach (var text in (ReadOnlySpan<string>)[reject.Id.Source.Name, reject.Door, reject.Rejection.Field, reject.Rejection.Value, reject.Raw]) WriteText(ref writer, text);
    }

    public static RejectPublished ReadReject(ref ByteReader content)
    {
        var time = new Timestamp(content.Zigzag());
        var reason = (RejectReason)content.Byte();
        if (!Enum.IsDefined(reason)) content.Fail(Faults.OutOfRange);
        var (epoch, seq) = (content.Zigzag(), content.Zigzag());
        var name = content.Bytes(content.Count(1));
        var symbol = name.IsEmpty ? null : SnapshotCodec.SymbolOf(name);
        if (symbol is null && !name.IsEmpty) content.Fail(Faults.BadSymbol);
        if (!Source.TryParse(ReadText(ref content), out var source)) content.Fail(Faults.OutOfRange);
        var (door, field, value, raw) = (ReadText(ref content), ReadText(ref content), ReadText(ref content), ReadText(ref content));
        return new RejectPublished(time, door, symbol, new Identity(source ?? Source.Anonymous, epoch, seq), new Rejection(reason, field, value), raw);
    }

    private static Symbol? ReadSymbol(ref ByteReader content)
    {
        var symbol = SnapshotCodec.SymbolOf(content.Bytes(content.Count(1)));
        if (symbol is null) content.Fail(Faults.BadSymbol);
        return symbol;
    }

    private static void WriteText(ref PayloadWriter writer, string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        writer.Room(ByteWriter.MaxVarint + size);
        writer.To.Varint((ulong)size);
        writer.To.Utf8(text, size);
    }

    private static string ReadText(ref ByteReader content) => Encoding.UTF8.GetString(content.Bytes(content.Count(1)));
}
