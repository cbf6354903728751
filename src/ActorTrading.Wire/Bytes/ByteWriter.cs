using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ActorTrading.Wire.Bytes;

/// <summary>Writes numbers into a span that the caller has made large enough; see <see cref="ByteReader"/> for the encodings.</summary>
internal ref struct ByteWriter(Span<byte> room)
{
    /// <summary>Maximum length of a varint, in bytes.</summary>
    public const int MaxVarint = 10;

    private readonly Span<byte> room = room;

    /// <summary>Number of bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes written.</summary>
    public readonly Span<byte> Written => room[..Length];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Byte(byte value) => room[Length++] = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            room[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[Length++] = (byte)value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Zigzag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(room[Length..], value);
        Length += sizeof(long);
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(room[Length..], value);
        Length += sizeof(uint);
    }

    public void Bytes(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(room[Length..]);
        Length += value.Length;
    }

    /// <summary>Writes a length byte and text in UTF-8.</summary>
    public void ShortText(string text)
    {
        var size = System.Text.Encoding.UTF8.GetBytes(text, room[(Length + 1)..]);
        room[Length] = checked((byte)size);
        Length += 1 + size;
    }

    /// <summary>Writes text in UTF-8.</summary>
    public void Text(string text) => Length += System.Text.Encoding.UTF8.GetBytes(text, room[Length..]);

    /// <summary>Writes text whose UTF-8 length is known.</summary>
    public void Utf8(string text, int size)
    {
        System.Text.Encoding.UTF8.GetBytes(text, room[Length..]);
        Length += size;
    }
}
