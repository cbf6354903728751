using System.Buffers;
using System.Buffers.Binary;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>
/// Binary frames. Properties: an input in pieces gives the same result as the whole input; an accepted record survives encoding and
/// decoding. Most inputs get valid lengths and checksums, so that the content of the frames is read.
/// </summary>
internal sealed class BinaryTarget : FuzzTarget
{
    public const string Called = "binary";

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. SampleRecords.Binaries()];

    public override byte[] Finish(byte[] input, Random random)
    {
        if (random.Next(4) == 0 || input.Length < BinaryFormat.Magic.Length) return input;
        var bytes = input.ToArray();
        BinaryFormat.Magic.CopyTo(bytes);
        for (var at = BinaryFormat.Magic.Length; at + sizeof(int) < bytes.Length;)
        {
            // A length beyond the input is shortened to end with it.
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            var rest = bytes.Length - at - sizeof(int);
            if (length < BinaryFormat.MinFrame || length > rest) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), length = rest);
            if (length <= Crc32C.Size) break;
            var frame = bytes.AsSpan(at + sizeof(int), length);
            BinaryPrimitives.WriteUInt32LittleEndian(frame[^Crc32C.Size..], Crc32C.Of(frame[..^Crc32C.Size]));
            at += sizeof(int) + length;
        }

        return bytes;
    }

    public override bool Take(byte[] input, Random random)
    {
        var whole = Measured(input.Length, () => Read(input, null));
        whole.MustBe(Read(input, random), "a stream in pieces is what it is as a whole");
        if (whole.Records.Count == 0) return false;

        var output = new ArrayBufferWriter<byte>();
        var encoder = new BinaryEncoder(output);
        foreach (var record in whole.Records) encoder.Write(record);
        encoder.Flush();
        whole.Rejected.Clear();
        whole.MustBe(Read(output.WrittenSpan.ToArray(), null), "records come back as they were from what they are encoded as");
        return true;
    }

    private static TakenRecords Read(byte[] input, Random? random)
    {
        var taken = new TakenRecords();
        var decoder = new BinaryDecoder(taken);
        for (var at = 0; at < input.Length;)
        {
            var length = random is null ? input.Length : Math.Min(random.Next(1, 100), input.Length - at);
            decoder.Feed(input.AsSpan(at, length));
            at += length;
        }

        decoder.Complete();
        return taken;
    }
}
