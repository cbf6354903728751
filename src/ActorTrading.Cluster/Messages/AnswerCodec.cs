using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Cluster.Messages;

/// <summary>Binary codec of the question to a symbol and its answer.</summary>
internal static class AnswerCodec
{
    public static readonly MessageKind[] Kinds =
    [
        MessageKind.Of("m:symbol?1", WriteQuestion, ReadQuestion),
        MessageKind.Of("m:symbol1", WriteAnswer, ReadAnswer),
    ];

    private static void WriteQuestion(ref PayloadWriter writer, GetSymbol asked)
    {
        writer.Symbol(asked.Symbol);
        writer.Byte((byte)asked.Parts);
        WriteVersion(ref writer, asked.Seen);
    }

    private static GetSymbol ReadQuestion(ref ByteReader content)
    {
        var (symbol, parts) = (content.Symbol(), (SymbolParts)content.Byte());
        if ((parts & ~SymbolParts.All) != 0) content.Fail(Faults.OutOfRange);
        return new GetSymbol(symbol, parts, ReadVersion(ref content));
    }

    private static void WriteAnswer(ref PayloadWriter writer, SymbolAnswer answer)
    {
        WriteVersion(ref writer, answer.Version);
        DirectoryCodec.WriteEntry(ref writer, answer.Entry);
        writer.Number(answer.Unconfirmed);
        writer.Text(answer.Quarantine ?? "");
        writer.Flag(answer.Gauges is not null);
        if (answer.Gauges is { } gauges) WriteGauges(ref writer, gauges);
        writer.Flag(answer.Market is not null);
        if (answer.Market is { } market) MarketCodec.WriteReading(ref writer, market);
        writer.Sized(answer.State);
    }

    private static SymbolAnswer ReadAnswer(ref ByteReader content) => new(ReadVersion(ref content), DirectoryCodec.ReadEntry(ref content))
    {
        Unconfirmed = content.Number(),
        Quarantine = content.Text() is { Length: > 0 } reason ? reason : null,
        Gauges = content.Flag() ? ReadGauges(ref content) : null,
        Market = content.Flag() ? MarketCodec.ReadReading(ref content) : null,
        State = content.Sized().ToArray(),
    };

    private static void WriteVersion(ref PayloadWriter writer, StateVersion version)
    {
        writer.Number(version.Event);
        writer.PlanHash(version.Plan);
    }

    private static StateVersion ReadVersion(ref ByteReader content) => new(content.Number(), content.PlanHash());

    private static void WriteGauges(ref PayloadWriter writer, SymbolReading reading)
    {
        writer.Symbol(reading.Symbol);
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

    private static SymbolReading ReadGauges(ref ByteReader content)
    {
        var (symbol, price, time) = (content.Symbol(), content.Zigzag(), new Timestamp(content.Zigzag()));
        var (applied, late) = (content.Number(), content.Number());
        var frames = new FrameReading[content.Count(3)];
        for (var i = 0; i < frames.Length; i++)
        {
            var (frame, bars) = (content.Frame(), content.Number());
            var values = new double[content.Count(sizeof(long))];
            for (var at = 0; at < values.Length; at++) values[at] = content.Double();
            frames[i] = new FrameReading(frame, bars, values);
        }

        return new SymbolReading(symbol, price, time, applied, late, frames);
    }
}
