using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Bytes;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Binary;

/// <summary>Streams for decoders: encoded ones, and ones built byte by byte.</summary>
internal static class Streams
{
    public static byte[] Encode(IEnumerable<Record> records, int batchBytes = BinaryEncoder.DefaultBatchBytes)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new BinaryEncoder(output, batchBytes);
        foreach (var record in records) encoder.Write(record);
        encoder.Flush();
        return output.WrittenSpan.ToArray();
    }

    public static Collected Decode(ReadOnlySpan<byte> stream, out BinaryDecoder decoder)
    {
        var sink = new Collected();
        decoder = new BinaryDecoder(sink);
        decoder.Feed(stream);
        decoder.Complete();
        return sink;
    }

    public static byte[] Of(params byte[][] frames) => [.. BinaryFormat.Magic, .. frames.SelectMany(frame => frame)];

    public static byte[] Frame(FrameType type, params byte[] payload)
    {
        byte[] content = [(byte)type, .. payload];
        var frame = new byte[4 + content.Length + 4];
        BinaryPrimitives.WriteInt32LittleEndian(frame, content.Length + 4);
        content.CopyTo(frame, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4 + content.Length), Crc32C.Of(content));
        return frame;
    }

    public static byte[] SymbolFrame(byte number, string name, byte priceExponent = 0, byte sizeExponent = 0) =>
        Frame(FrameType.Symbol, [number, priceExponent, sizeExponent, .. Encoding.Latin1.GetBytes(name)]);

    public static byte[] SourceFrame(byte number, string name) => Frame(FrameType.Source, [number, .. Encoding.Latin1.GetBytes(name)]);

    /// <summary>
    /// A random walk like a real market: 200 symbols, prices in cents, mostly round lots, about a millisecond between ticks.
    /// </summary>
    public static Record[] Market(int ticks, int symbols = 200, int seed = 7)
    {
        var random = new Random(seed);
        var names = Enumerable.Range(0, symbols).Select(i => Symbol.Parse($"SYM{i}")).ToArray();
        var prices = names.Select(_ => random.Next(1_000, 50_000)).ToArray();
        var source = Source.Parse("exchange");
        var time = 1_720_522_800_000_000_000L;
        var records = new Record[ticks];
        for (var i = 0; i < ticks; i++)
        {
            var symbol = random.Next(symbols);
            prices[symbol] = Math.Max(1, prices[symbol] + random.Next(-3, 4));
            time += random.Next(0, 2_000_000) / 1_000 * 1_000;
            var size = random.Next(3) == 0 ? random.Next(1, 100) : 100 * random.Next(1, 20);
            records[i] = Record.OfTick(
                names[symbol], new Identity(source, 1, i), new(time), prices[symbol] * 1_000_000L, size * Fixed8.One);
        }

        return records;
    }
}
