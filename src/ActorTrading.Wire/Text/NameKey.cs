using System.Buffers.Binary;

namespace ActorTrading.Wire.Text;

/// <summary>
/// The lookup key of a <see cref="NameTable{T}"/>. A name of up to 16 bytes is its own key; longer names are hashed and must be compared in
/// full. The seed is different in each process, so that senders cannot create collisions.
/// </summary>
internal readonly struct NameKey
{
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64();
    private static readonly ulong OtherSeed = (ulong)Random.Shared.NextInt64() | (1UL << 63);

    private readonly ulong head;
    private readonly ulong tail;
    private readonly int length;

    public NameKey(ReadOnlySpan<byte> name)
    {
        length = name.Length;
        if (length > 16)
        {
            for (var rest = name; rest.Length >= 8; rest = rest[8..])
                head = Mix(head, BinaryPrimitives.ReadUInt64LittleEndian(rest));
            tail = BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
        }
        else if (length >= 8)
        {
            head = BinaryPrimitives.ReadUInt64LittleEndian(name);
            tail = BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
        }
        else if (length >= 4)
        {
            head = BinaryPrimitives.ReadUInt32LittleEndian(name)
                | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]) << 32);
        }
        else if (length > 0)
        {
            head = name[0] | ((ulong)name[length >> 1] << 8) | ((ulong)name[length - 1] << 16);
        }
    }

    public bool Equals(in NameKey other) => head == other.head && tail == other.tail && length == other.length;

    /// <summary>The first slot to check in a table of that capacity, a power of two.</summary>
    public int Slot(int capacity) => (int)Mix(Mix(head, tail), (ulong)length) & (capacity - 1);

    /// <summary>The full product, folded: each bit of it depends on every bit of both words.</summary>
    private static ulong Mix(ulong one, ulong other)
    {
        var high = Math.BigMul(one ^ Seed, other ^ OtherSeed, out var low);
        return high ^ low;
    }
}
