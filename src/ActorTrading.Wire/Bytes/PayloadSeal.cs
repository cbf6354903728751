using System.Buffers.Binary;
using System.Text;

namespace ActorTrading.Wire.Bytes;

/// <summary>
/// The last four bytes of a stored payload: the CRC-32C of its manifest and of all bytes before. It includes the manifest so that a row
/// with a wrong manifest is not decoded as another type.
/// </summary>
internal static class PayloadSeal
{
    /// <summary>The checksum of the manifest alone.</summary>
    public static uint Begin(string manifest)
    {
        Span<byte> bytes = stackalloc byte[manifest.Length];
        Encoding.ASCII.GetBytes(manifest, bytes);
        return Crc32C.Of(bytes);
    }

    /// <summary>
    /// Opens a payload: checks its checksum and version. The reader is then after the version, and does not include the checksum.
    /// </summary>
    public static bool TryOpen(string manifest, ReadOnlySpan<byte> payload, out ByteReader content, out CodecError error) =>
        TryOpen(manifest, payload, Events.EventManifests.Version, out content, out error);

    /// <summary>Opens a payload of a manifest with several versions; its first byte is the version.</summary>
    public static bool TryOpen(string manifest, ReadOnlySpan<byte> payload, byte newest, out ByteReader content, out CodecError error)
    {
        content = default;
        error = default;
        if (payload.Length < 1 + Crc32C.Size)
        {
            error = new(payload.Length, Faults.Truncated);
            return false;
        }

        // Check the version first: a later version may have another checksum.
        if (payload[0] < Events.EventManifests.Version || payload[0] > newest)
        {
            error = new(0, Faults.UnknownVersion);
            return false;
        }

        if (Crc32C.Of(payload[..^Crc32C.Size], Begin(manifest)) != BinaryPrimitives.ReadUInt32LittleEndian(payload[^Crc32C.Size..]))
        {
            error = new(payload.Length - Crc32C.Size, Faults.BadChecksum);
            return false;
        }

        content = new ByteReader(payload[..^Crc32C.Size]);
        content.Byte();
        return true;
    }
}
