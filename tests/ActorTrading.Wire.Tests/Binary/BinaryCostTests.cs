using System.Buffers;
using ActorTrading.Domain.Records;
using ActorTrading.TestKit;
using ActorTrading.Wire.Binary;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Binary;

public class BinaryCostTests
{
    [Fact]
    public void TickOfARealisticMarket_TakesAboutSevenBytes()
    {
        var ticks = Streams.Market(100_000);
        var perTick = Streams.Encode(ticks).Length / (double)ticks.Length;
        Assert.InRange(perTick, 6.0, 7.5); // as docs/binary.md states
    }

    [Fact]
    public void DecodingAndEncoding_AllocateNothingPerRecord()
    {
        Record[] kinds =
            [.. Enum.GetValues<RecordKind>().SelectMany(kind => RecordGenerators.Some(RecordGenerators.ValidOf(kind), 50, (ulong)kind))];
        Record[] records = [.. Streams.Market(5_000), .. kinds];
        var output = new ArrayBufferWriter<byte>(1 << 22);
        var encoder = new BinaryEncoder(output);
        var sink = new Counted();
        var decoder = new BinaryDecoder(sink);
        Pass(); // names, texts and buffers
        Pass();

        var passes = 2;
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 20; i++, passes++) Pass();
        }));
        Assert.Equal(passes * records.Length, sink.Records);
        Assert.Equal(0, sink.Rejected);

        void Pass()
        {
            output.ResetWrittenCount();
            encoder.Write(records);
            encoder.Flush();
            var bytes = output.WrittenSpan;
            for (; bytes.Length > 1_000; bytes = bytes[1_000..]) decoder.Feed(bytes[..1_000]);
            decoder.Feed(bytes);
        }
    }
}
