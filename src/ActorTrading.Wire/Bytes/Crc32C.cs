using System.Buffers.Binary;
using System.Numerics;

namespace ActorTrading.Wire.Bytes;

/// <summary>
/// The Castagnoli checksum CRC-32C (polynomial 0x1EDC6F41 reflected, start and final XOR all ones; RFC 3720), which processors compute in
/// hardware. The checksum of the nine bytes <c>123456789</c> is 0xE3069283.
/// </summary>
internal static class Crc32C
{
    /// <summary>Size of the checksum, in bytes.</summary>
    public const int Size = sizeof(uint);

    /// <summary>The checksum of bytes, optionally continuing the checksum of the bytes before them.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var crc = ~before;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var next in bytes)
            crc = BitOperations.Crc32C(crc, next);
        return ~crc;
    }

    /// <summary>Whether the bytes end with the checksum of the preceding bytes.</summary>
    public static bool Closes(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= Size && Of(bytes[..^Size]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[^Size..]);
}
