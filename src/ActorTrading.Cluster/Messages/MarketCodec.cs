using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Cluster.Messages;

/// <summary>Binary codec of market readings.</summary>
internal static class MarketCodec
{
    private const int LeastReading = 14;
    private const byte HasPrice = 1;
    private const byte HasPriceBefore = 2;
    private const byte HasVolume = 4;

    public static readonly MessageKind[] Kinds =
    [
        MessageKind.Of("m:market?1", WriteQuestion, (ref content) => new GetMarket(content.Number(), content.Number())),
        MessageKind.Of("m:market1", WritePage, ReadPage),
    ];

    private static void WriteQuestion(ref PayloadWriter writer, GetMarket asked)
    {
        writer.Number(asked.Collector);
        writer.Number(asked.After);
    }

    private static void WritePage(ref PayloadWriter writer, MarketPage page)
    {
        writer.Number(page.Collector);
        writer.Number(page.Last);
        writer.Flag(page.IsCut);
        writer.Number(page.Readings.Count);
        foreach (var reading in page.Readings) WriteReading(ref writer, reading);
    }

    private static MarketPage ReadPage(ref ByteReader content)
    {
        var (collector, last, isCut) = (content.Number(), content.Number(), content.Flag());
        var readings = new MarketReading[content.Count(LeastReading)];
        for (var i = 0; i < readings.Length; i++) readings[i] = ReadReading(ref content);
        return new MarketPage(collector, last, isCut, readings);
    }

    public static void WriteReading(ref PayloadWriter writer, MarketReading reading)
    {
        writer.Symbol(reading.Symbol);
        writer.Number(reading.Events);
        LiveCodec.WriteUnits(ref writer, reading.Units);
        var has = (reading.Price is null ? 0 : HasPrice) | (reading.PriceBefore is null ? 0 : HasPriceBefore)
            | (reading.Volume is null ? 0 : HasVolume);
        writer.Byte((byte)has);
        if (reading.Price is { } price) writer.Signed(price);
        writer.Signed(reading.Time.Nanoseconds);
        writer.Number(reading.Records);
        writer.Number(reading.Late);
        writer.Signed(reading.Day);
        if (reading.PriceBefore is { } before) writer.Signed(before);
        if (reading.Volume is { } volume) writer.Wide(volume);
        writer.Number(reading.BarsClosed);
        writer.Number(reading.Closes.Count);
        var last = 0L;
        foreach (var close in reading.Closes)
        {
            writer.Signed(unchecked(close - last));
            last = close;
        }
    }

    public static MarketReading ReadReading(ref ByteReader content)
    {
        var (symbol, events, units, has) = (content.Symbol(), content.Number(), content.Units(), content.Byte());
        long? price = (has & HasPrice) == 0 ? null : content.Zigzag();
        var (time, records, late, day) = (new Timestamp(content.Zigzag()), content.Number(), content.Number(), content.Zigzag());
        long? before = (has & HasPriceBefore) == 0 ? null : content.Zigzag();
        Int128? volume = (has & HasVolume) == 0 ? null : content.Wide();
        var closed = content.Number();
        var closes = new long[content.Count(1)];
        var last = 0L;
        for (var i = 0; i < closes.Length; i++) closes[i] = last = unchecked(last + content.Zigzag());
        return new MarketReading(symbol, events, units, price, time, records, late, (int)day, before, volume, closed, closes);
    }
}
