using System.IO.Compression;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Files;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>A gzip body: damaged, truncated, or a bomb. The decompressed length and the memory for it are limited.</summary>
internal sealed class HttpGzipTarget : FuzzTarget
{
    public const string Called = "http-gzip";

    private const int MostUnpacked = 1 << 20; // the node's own limit is http:max_request_bytes

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. SampleRecords.Texts().Select(Pack), .. SampleRecords.Binaries().Take(5).Select(Pack), Pack(new byte[8 << 20]), Pack(
            Pack(new byte[1 << 20])),
        [.. Pack("{}"u8.ToArray()), .. Pack("{}\n"u8.ToArray())],
    ];

    public override bool Take(byte[] input, Random random)
    {
        var taken = new TakenRecords();
        var allowed = input.Length + MostUnpacked;
        Measured(allowed, () => Read(input, taken));
        return taken.Records.Count > 0;
    }

    private static bool Read(byte[] input, TakenRecords taken)
    {
        using var packed = new MemoryStream(input);
        using var unpacked = new GzipReader(packed);
        var stream = new RecordStream(
            "the body", new ReadOptions { Source = Source.Parse("body"), LongestDocument = MostUnpacked, MaxReversed = 10_000 }, taken);
        var buffer = new byte[4096];
        var length = 0;
        try
        {
            for (int read; (read = unpacked.Read(buffer)) > 0;)
            {
                length += read;
                if (length > MostUnpacked) return false; // 413
                stream.Feed(buffer.AsSpan(0, read));
            }

            stream.Complete();
            return true;
        }
        catch (Exception refusal) when (refusal is InputException or InvalidDataException or EndOfStreamException)
        {
            return false;
        }
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
