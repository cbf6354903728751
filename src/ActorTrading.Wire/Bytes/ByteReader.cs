using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ActorTrading.Wire.Bytes;

/// <summary>
/// Reads numbers from bytes that nobody has checked. The first failure sticks: from then on every read yields
/// zero and consumes nothing, so that a caller reads a whole row and asks <see cref="Failed"/> once.
/// </summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int position;

    /// <summary>Where the next read begins; after a failure, where the number at fault begins.</summary>
    public readonly int Position => Failed ? FaultPosition : position;

    /// <summary>How many bytes are left; none after a failure.</summary>
    public readonly int Remaining => bytes.Length - position;

    /// <summary>What went wrong first, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether a read has failed.</summary>
    public readonly bool Failed => Fault is not null;

    private int FaultPosition { get; set; }

    /// <summary>One byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Byte()
    {
        if ((uint)position < (uint)bytes.Length) return bytes[position++];
        return (byte)Fail(Faults.Truncated);
    }

    /// <summary>An unsigned number, seven bits a byte, low bits first, in its shortest spelling.</summary>
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

    /// <summary>A signed number, small magnitudes short: 0, -1, 1, -2 are written 0, 1, 2, 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Zigzag()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Eight bytes, little-endian.</summary>
    public long Int64()
    {
        var read = Bytes(sizeof(long));
        return read.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(read);
    }

    /// <summary>A run of bytes, or nothing when there are not as many.</summary>
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

    /// <summary>Bytes that follow their count, which is one byte.</summary>
    public ReadOnlySpan<byte> ShortBytes() => Bytes(Byte());

    /// <summary>
    /// A count of things that take at least <paramref name="bytesEach"/> bytes: no more than the bytes that are left
    /// can hold, so that a caller may reserve room for them.
    /// </summary>
    public int Count(int bytesEach)
    {
        var start = position;
        var count = Varint();
        if (count <= (ulong)(Remaining / bytesEach)) return (int)count;
        position = start;
        return (int)Fail(Faults.ImpossibleCount);
    }

    /// <summary>Notes a failure where the reader stands, unless there was one before.</summary>
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
        // Two and three bytes are what most prices, sizes and times take.
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
            if (next == 0) return Fail(Faults.BadVarint); // a longer spelling of a shorter number
            position = at;
            return value;
        }

        return Fail(Faults.Truncated);
    }
}
