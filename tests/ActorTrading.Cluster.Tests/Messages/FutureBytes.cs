using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ActorTrading.Cluster.Tests.Messages;

/// <summary>Bytes of a later release under a known manifest, with a correct checksum.</summary>
internal static class FutureBytes
{
    /// <summary>With the next version in the first byte.</summary>
    public static byte[] OfVersion2(string manifest, byte[] bytes) => Sealed(manifest, [2, .. bytes[1..^4]]);

    /// <summary>With an additional field at the end.</summary>
    public static byte[] WithAField(string manifest, byte[] bytes) => Sealed(manifest, [.. bytes[..^4], 7]);

    private static byte[] Sealed(string manifest, byte[] content)
    {
        var crc = uint.MaxValue;
        foreach (var value in (byte[])[.. Encoding.ASCII.GetBytes(manifest), .. content]) crc = BitOperations.Crc32C(crc, value);
        var seal = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(seal, ~crc);
        return [.. content, .. seal];
    }
}
