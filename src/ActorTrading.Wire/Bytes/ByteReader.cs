using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ActorTrading.Wire.Bytes;

/// <summary>
/// Reads numbers from unchecked bytes. The first failure is kept: from then on every read returns zero and consumes nothing, so that a
/// caller reads a whole row and checks <see cref="Failed"/> once.
/// </summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int position;

    /// <summary>The position of the next read; after a failure, the start of the wrong number.</summary>
    public readonly int Position => Failed ? FaultPosition : position;

    /// <summary>Number of bytes left; zero after a failure.</summary>
    public readonly int Remaining => bytes.Length - position;

    /// <summary>The first error, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether a read has failed.</summary>
    public readonly bool Failed => Fault is not null;

    private int FaultPosition { get; set; }

    /// <summary>Reads one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Byte()
    {
        if ((uint)position < (uint)bytes.Length) return bytes[position++];
        return (byte)Fail(Faults.Truncated);
    }

    /// <summary>Reads an unsigned varint: seven bits per byte, low bits first, in its shortest form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Varint()
    {
        if ((uint)position < (uint)bytes.Length)
        {
            uint first = bytes[position];
            if (first < 0x80)
            {
                position++;
                return first;
            }
        }

        return LongVarint();
    }

    /// <summary>Reads a signed zigzag varint: 0, -1, 1, -2 are written as 0, 1, 2, 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Zigzag()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads eight bytes, little-endian.</summary>
    public long Int64()
    {
        var read = Bytes(sizeof(long));
        return read.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(read);
    }

    /// <summary>Reads that many bytes; empty if there are fewer.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            Fail(Faults.Truncated);
            return default;
        }

        var read = bytes.Slice(position, count);
        position += count;
        return read;
    }

    /// <summary>Reads a length byte and that many bytes.</summary>
    public ReadOnlySpan<byte> ShortBytes() => Bytes(Byte());

    /// <summary>
    /// Reads a count of items of at least <paramref name="bytesEach"/> bytes each. Fails if the remaining bytes cannot hold that many, so
    /// that a caller may allocate memory for them.
    /// </summary>
    public int Count(int bytesEach)
    {
        var start = position;
        var count = Varint();
        if (count <= (ulong)(Remaining / bytesEach)) return (int)count;
        position = start;
        return (int)Fail(Faults.ImpossibleCount);
    }

    /// <summary>Stores a failure at the current position, unless there was one before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ulong Fail(string fault)
    {
        if (Fault is null)
        {
            Fault = fault;
            FaultPosition = position;
            position = bytes.Length;
        }

        return 0;
    }

    private ulong LongVarint()
    {
        // Most prices, sizes and times take two or three bytes.
        if (bytes.Length - position >= 3)
        {
            var two = (bytes[position] & 0x7fu) | ((uint)bytes[position + 1] << 7);
            if (two is >= 0x80 and < 0x4000)
            {
                position += 2;
                return two;
            }

            var three = (two & 0x3fff) | ((uint)bytes[position + 2] << 14);
            if (two >= 0x4000 && three is >= 0x4000 and < 0x200000)
            {
                position += 3;
                return three;
            }
        }

        var value = 0UL;
        var at = position;
        for (var shift = 0; at < bytes.Length; shift += 7)
        {
            uint next = bytes[at++];
            if (shift == 63 && next > 1) return Fail(Faults.BadVarint);
            value |= (ulong)(next & 0x7f) << shift;
            if (next >= 0x80) continue;
            if (next == 0) return Fail(Faults.BadVarint); // not the shortest form of the number
            position = at;
            return value;
        }

        return Fail(Faults.Truncated);
    }
}
