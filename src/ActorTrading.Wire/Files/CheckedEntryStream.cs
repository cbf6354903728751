using System.Buffers.Binary;

namespace ActorTrading.Wire.Files;

/// <summary>Stream of a zip entry; at its end the length and CRC-32 are checked against those of the archive.</summary>
internal sealed class CheckedEntryStream(Stream inner, long length, uint crc) : ReadOnlyStream
{
    private static readonly uint[] Table = BuildTable();

    private long count;
    private uint state = uint.MaxValue;

    /// <summary>Reads the next bytes.</summary>
    /// <exception cref="InvalidDataException">The entry does not match the length or CRC-32 of the archive.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        count += read;
        state = Update(state, buffer[..read]);
        if (read == 0 && buffer.Length > 0 && (count != length || ~state != crc))
            throw new InvalidDataException("length or checksum differ from what the archive states");
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>CRC-32 as in zip (reflected, polynomial 0xEDB88320), four bytes a step.</summary>
    private static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        var table = Table;
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            crc ^= BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            crc = table[768 + (crc & 0xff)] ^ table[512 + ((crc >> 8) & 0xff)] ^ table[256 + ((crc >> 16) & 0xff)] ^ table[crc >> 24];
        }

        foreach (var b in bytes) crc = table[(crc ^ b) & 0xff] ^ (crc >> 8);
        return crc;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[1024];
        for (uint i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            table[i] = crc;
        }

        for (var i = 256; i < 1024; i++) table[i] = (table[i - 256] >> 8) ^ table[table[i - 256] & 0xff];
        return table;
    }
}
