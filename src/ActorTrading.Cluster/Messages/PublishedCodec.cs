using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Cluster.Messages;

/// <summary>Binary codec of messages on topics.</summary>
internal static class PublishedCodec
{
    public static readonly MessageKind[] Kinds =
    [
        MessageKind.Of("m:bar1", WriteBar, ReadBar),
        MessageKind.Of("m:volatility1", WriteVolatility, ReadVolatility),
        MessageKind.Of("m:reject1", WriteReject, ReadReject),
    ];

    private static void WriteBar(ref PayloadWriter writer, BarPublished bar)
    {
        LiveCodec.WriteBar(ref writer, bar.Closed);
        writer.Number(bar.Columns.Count);
        foreach (var column in bar.Columns) writer.Text(column);
        if (!bar.Closed.Units.IsDefault) LiveCodec.WriteUnits(ref writer, bar.Closed.Units);
    }

    private static BarPublished ReadBar(ref ByteReader content)
    {
        var closed = LiveCodec.ReadBar(ref content);
        var columns = new string[content.Count(1)];
        for (var i = 0; i < columns.Length; i++) columns[i] = content.Text();
        if (columns.Length != closed.Values.Count) content.Fail(Faults.ImpossibleCount);
        if (content.Remaining == UnitBytes.Length) closed = closed with { Units = content.Units() };
        return new BarPublished(closed, columns);
    }

    private static void WriteVolatility(ref PayloadWriter writer, VolatilityPublished volatility)
    {
        writer.Text(volatility.Symbol.Name);
        writer.Frame(volatility.Frame);
        writer.Signed(volatility.BarTime.Nanoseconds);
        writer.Double(volatility.Value);
        writer.Text(volatility.Indicator);
    }

    private static VolatilityPublished ReadVolatility(ref ByteReader content)
    {
        var symbol = MessageParts.SymbolOf(ref content, content.Sized());
        var (frame, time, value) = (content.Frame(), new Timestamp(content.Zigzag()), content.Double());
        return new VolatilityPublished(symbol, frame, time, content.Text(), value);
    }

    private static void WriteReject(ref PayloadWriter writer, RejectPublished reject)
    {
        writer.Signed(reject.Time.Nanoseconds);
        writer.Byte((byte)reject.Rejection.Reason);
        writer.Signed(reject.Id.Epoch);
        writer.Signed(reject.Id.Seq);
        writer.Text(reject.Symbol?.Name ?? "");
        ReadOnlySpan<string> texts =
            [reject.Id.Source.Name, reject.Listener, reject.Rejection.Field, reject.Rejection.Value, reject.Raw];
        foreach (var text in texts) writer.Text(text);
    }

    private static RejectPublished ReadReject(ref ByteReader content)
    {
        var time = new Timestamp(content.Zigzag());
        var reason = (RejectReason)content.Byte();
        if (!Enum.IsDefined(reason)) content.Fail(Faults.OutOfRange);
        var (epoch, seq) = (content.Zigzag(), content.Zigzag());
        var name = content.Sized();
        var symbol = name.IsEmpty ? null : MessageParts.SymbolOf(ref content, name);
        if (!Source.TryParse(content.Text(), out var source)) content.Fail(Faults.OutOfRange);
        var (listener, field, value, raw) = (content.Text(), content.Text(), content.Text(), content.Text());
        return new RejectPublished(
            time, listener, symbol, new Identity(source ?? Source.Anonymous, epoch, seq), new Rejection(reason, field, value), raw);
    }
}
