using System.Buffers.Binary;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>Shared by the targets of the cluster port: the messages between nodes, and the seal of a payload.</summary>
internal static class ClusterMessages
{
    /// <summary>The message bytes that the cluster tests keep permanently: one of every kind.</summary>
    public static IEnumerable<(string Manifest, byte[] Bytes)> Golden()
    {
        using var stream = typeof(ClusterMessages).Assembly.GetManifestResourceStream("messages.golden")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(' ') is [_, var manifest, var hex]) yield return (manifest, Convert.FromHexString(hex));
        }
    }

    /// <summary>A copy of an input with a valid seal on the payload at an offset, and mostly with the known version.</summary>
    public static byte[] Sealed(byte[] input, int at, string manifest, Random random)
    {
        var bytes = input.ToArray();
        var content = bytes.AsSpan(at);
        if (random.Next(4) > 0) content[0] = 1; // the version
        var checksum = Crc32C.Of(content[..^Crc32C.Size], PayloadSeal.Begin(manifest));
        BinaryPrimitives.WriteUInt32LittleEndian(content[^Crc32C.Size..], checksum);
        return bytes;
    }
}
