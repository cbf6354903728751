using System.Buffers;
using System.Buffers.Binary;

namespace ActorTrading.Wire.Bytes;

/// <summary>Writes a payload of unknown length into a buffer in pieces, followed by its checksum.</summary>
internal ref struct PayloadWriter(IBufferWriter<byte> output, string manifest)
{
    private const int Piece = 4096;

    private readonly IBufferWriter<byte> output = output;
    private uint crc = PayloadSeal.Begin(manifest);

    /// <summary>The bytes written since the last <see cref="Room"/>. Write here, never beyond the requested space.</summary>
    public ByteWriter To;

    private int room;

    /// <summary>Ensures that <see cref="To"/> has space for that many bytes.</summary>
    public void Room(int bytes)
    {
        if (room - To.Length >= bytes) return;
        Commit();
        var span = output.GetSpan(Math.Max(bytes, Piece));
        room = span.Length;
        To = new ByteWriter(span);
    }

    /// <summary>Writes the checksum of everything before it.</summary>
    public void Close()
    {
        Commit();
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(Crc32C.Size), crc);
        output.Advance(Crc32C.Size);
    }

    private void Commit()
    {
        if (To.Length > 0)
        {
            crc = Crc32C.Of(To.Written, crc);
            output.Advance(To.Length);
        }

        To = default;
        room = 0;
    }
}
