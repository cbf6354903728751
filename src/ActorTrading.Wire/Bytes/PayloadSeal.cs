using System.Buffers.Binary;
using System.Text;

namespace ActorTrading.Wire.Bytes;

/// <summary>
/// The last four bytes of a stored payload: the CRC-32C of its manifest and of every byte before. The manifest is
/// part of it so that a row whose manifest column is wrong is not read as something it is not.
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
    /// Opens a payload: its seal is right and its version known, and the reader stands behind the version and sees
    /// no byte of the seal.
    /// </summary>
    public static bool TryOpen(string manifest, ReadOnlySpan<byte> payload, out ByteReader content, out CodecError error) =>
        TryOpen(manifest, payload, Events.EventManifests.Version, out content, out error);

    /// <summary>The same for a manifest of which there are several versions; which one it is, its first byte says.</summary>
    public static bool TryOpen(string manifest, ReadOnlySpan<byte> payload, byte newest, out ByteReader content, out CodecError error)
    {
        content = default;
        error = default;
        if (payload.Length < 1 + Crc32C.Size)
        {
            error = new(payload.Length, Faults.Truncated);
            return false;
        }

        // The version comes first: a later revision may be sealed in another way.
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
