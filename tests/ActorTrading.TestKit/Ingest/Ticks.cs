using System.Buffers;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.TestKit.Ingest;

/// <summary>Ticks of three symbols, a second apart, and how they look on the wire.</summary>
public static class Ticks
{
    private static readonly Symbol[] Symbols = [Symbol.Parse("AAPL"), Symbol.Parse("MSFT"), Symbol.Parse("BTC/USD")];

    /// <summary>The tick of that number; a price that is not positive where it is a multiple of <paramref name="badEvery"/>.</summary>
    public static Record Of(long seq, Source? source = null, long epoch = 0, int badEvery = int.MaxValue) => Record.OfTick(
        Symbols[seq % Symbols.Length], new Identity(source ?? Source.Anonymous, source is null ? 0 : epoch, seq),
        new(Timestamp.OfDate(2024, 7, 9).Nanoseconds + (seq * Timestamp.Second)),
        seq % badEvery == 0 ? -Fixed8.One : Fixed8.One * (100 + (seq * 7 % 13)), Fixed8.One);

    public static Record[] Many(int count, Source? source = null, long epoch = 0, int badEvery = int.MaxValue) =>
        [.. Enumerable.Range(1, count).Select(seq => Of(seq, source, epoch, badEvery))];

    public static byte[] Text(IEnumerable<Record> records)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var record in records) RecordWriter.Write(record, Dialect.Canonical, output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Binary(IEnumerable<Record> records, int batchBytes = 64)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new BinaryEncoder(output, batchBytes);
        foreach (var record in records) encoder.Write(record);
        encoder.Flush();
        return output.WrittenSpan.ToArray();
    }
}
