using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorTrading.Domain.Folding;

/// <summary>
/// Writes state as canonical bytes: little-endian words, strings as length and UTF-8. Equal states give equal bytes on every machine.
/// Snapshots store these bytes and the state hash covers them. Reusable after <see cref="Clear"/>. Not thread-safe.
/// </summary>
public sealed class StateWriter
{
    private byte[] buffer = new byte[4096];
    private int length;

    /// <summary>The bytes written so far.</summary>
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    /// <summary>Discards the bytes written and keeps the buffer.</summary>
    public void Clear() => length = 0;

    /// <summary>Writes one byte.</summary>
    public void Byte(byte value) => Take(1)[0] = value;

    /// <summary>Writes a 64-bit integer.</summary>
    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    /// <summary>Writes a 128-bit integer.</summary>
    public void Int128(Int128 value) => BinaryPrimitives.WriteInt128LittleEndian(Take(16), value);

    /// <summary>Writes a string or null.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Int64(-1);
            return;
        }

        var size = Encoding.UTF8.GetByteCount(value);
        Int64(size);
        Encoding.UTF8.GetBytes(value, Take(size));
    }

    /// <summary>Writes 64-bit words, without their count.</summary>
    public void Words(ReadOnlySpan<long> words)
    {
        var target = Take(words.Length * sizeof(long));
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(words).CopyTo(target);
            return;
        }

        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(target[(i * 8)..], words[i]);
    }

    private Span<byte> Take(int size)
    {
        if (buffer.Length - length < size) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + size));
        length += size;
        return buffer.AsSpan(length - size, size);
    }
}
