using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Cluster.Messages;

/// <summary>Binary codec of symbol glances and gauges.</summary>
internal static class GlanceCodec
{
    public static readonly MessageKind[] Kinds =
    [
        MessageKind.Of<GetSymbolGlance>(
            "m:glance?1", (ref writer, asked) => writer.Symbol(asked.Symbol), (ref content) => new GetSymbolGlance(content.Symbol())),
        MessageKind.Of("m:glance1", WriteGlance, ReadGlance),
        MessageKind.Of<GetSymbolGauges>(
            "m:gauges?1", (ref writer, asked) => writer.Symbol(asked.Symbol), (ref content) => new GetSymbolGauges(content.Symbol())),
        MessageKind.Of("m:gauges1", WriteGauges, ReadGauges),
    ];

    private static void WriteGlance(ref PayloadWriter writer, SymbolGlance glance)
    {
        writer.Symbol(glance.Symbol);
        writer.Number(glance.Events);
        writer.Signed(glance.LastPrice);
        writer.Signed(glance.LastTime.Nanoseconds);
        writer.Number(glance.Applied);
        writer.Number(glance.Late);
        writer.Number(glance.Signals);
        writer.Number(glance.Unconfirmed);
        writer.Text(glance.Quarantine ?? "");
    }

    private static SymbolGlance ReadGlance(ref ByteReader content) => new(
        content.Symbol(), content.Number(), content.Zigzag(), new Timestamp(content.Zigzag()), content.Number(), content.Number(),
        content.Number(), content.Number(), content.Text() is { Length: > 0 } reason ? reason : null);

    private static void WriteGauges(ref PayloadWriter writer, SymbolGauges gauges)
    {
        writer.Symbol(gauges.Symbol);
        writer.Flag(gauges.Reading is not null);
        if (gauges.Reading is not { } reading) return;
        writer.Signed(reading.LastPrice);
        writer.Signed(reading.LastTime.Nanoseconds);
        writer.Number(reading.Applied);
        writer.Number(reading.Late);
        writer.Number(reading.Frames.Count);
        foreach (var frame in reading.Frames)
        {
            writer.Frame(frame.Frame);
            writer.Number(frame.Bars);
            writer.Number(frame.Values.Count);
            foreach (var value in frame.Values) writer.Double(value);
        }
    }

    private static SymbolGauges ReadGauges(ref ByteReader content)
    {
        var symbol = content.Symbol();
        if (!content.Flag()) return new SymbolGauges(symbol, null);
        var (price, time, applied, late) = (content.Zigzag(), content.Zigzag(), content.Number(), content.Number());
        var frames = new FrameReading[content.Count(3)];
        for (var i = 0; i < frames.Length; i++)
        {
            var (frame, bars) = (content.Frame(), content.Number());
            var values = new double[content.Count(sizeof(long))];
            for (var at = 0; at < values.Length; at++) values[at] = content.Double();
            frames[i] = new FrameReading(frame, bars, values);
        }

        return new SymbolGauges(symbol, new SymbolReading(symbol, price, new Timestamp(time), applied, late, frames));
    }
}
