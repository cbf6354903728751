using System.Buffers.Binary;
using System.Numerics;

namespace ActorTrading.Wire.Bytes;

/// <summary>
/// The Castagnoli checksum (polynomial 0x1EDC6F41 reflected, start and final XOR all ones; RFC 3720), which
/// processors compute in hardware. Of the nine bytes <c>123456789</c> it is 0xE3069283.
/// </summary>
internal static class Crc32C
{
    /// <summary>Its size, in bytes.</summary>
    public const int Size = sizeof(uint);

    /// <summary>The checksum of some bytes, or of these after others whose checksum is given.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var crc = ~before;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var next in bytes)
            crc = BitOperations.Crc32C(crc, next);
        return ~crc;
    }

    /// <summary>Whether bytes end in the checksum of those before it.</summary>
    public static bool Closes(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= Size && Of(bytes[..^Size]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[^Size..]);
}
