using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Finds the one object of a name by the name's UTF-8 bytes, without allocation once it is known: open
/// addressing, at most half full. Looking up takes no lock; any number of threads may share a table. It keeps
/// at most <see cref="MaxCount"/> names; beyond that, names still resolve, each time to a new object, so that
/// a sender of endless new names cannot fill the memory.
/// </summary>
public abstract class NameTable<T>
    where T : class
{
    /// <summary>The number of names kept where nothing else is said.</summary>
    public const int DefaultMaxCount = 1 << 20;

    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 1;

    private readonly Lock adding = new();
    private volatile Entry?[] entries = new Entry?[64];

    private protected NameTable(int maxCount) => MaxCount = maxCount;

    /// <summary>How many names are known.</summary>
    public int Count { get; private set; }

    /// <summary>How many names are kept at most.</summary>
    public int MaxCount { get; }

    /// <summary>The object of that name, made on first sight; false when the bytes are no such name.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, [NotNullWhen(true)] out T? value)
    {
        var key = new Key(name);
        var table = entries;
        for (var i = key.Slot(table.Length); table[i] is { } entry; i = (i + 1) & (table.Length - 1))
        {
            if (entry.Key != key || (name.Length > 16 && !name.SequenceEqual(entry.Name))) continue;
            value = entry.Value;
            return true;
        }

        value = Add(name, key);
        return value is not null;
    }

    /// <summary>Makes the object of a name, or null.</summary>
    private protected abstract T? Make(ReadOnlySpan<char> name);

    private T? Add(ReadOnlySpan<byte> name, in Key key)
    {
        Span<char> characters = stackalloc char[128];
        if (name.Length > characters.Length || Ascii.ToUtf16(name, characters, out var length) != System.Buffers.OperationStatus.Done)
            return null;
        var value = Make(characters[..length]);
        if (value is null) return null;
        lock (adding)
        {
            for (var i = key.Slot(entries.Length); entries[i] is { } entry; i = (i + 1) & (entries.Length - 1))
            {
                if (entry.Key == key && name.SequenceEqual(entry.Name)) return entry.Value; // another thread was first
            }

            if (Count >= MaxCount) return value;
            if (Count * 2 >= entries.Length) Grow();
            Place(entries, new Entry(key, name.ToArray(), value));
            Count++;
            return value;
        }
    }

    private void Grow()
    {
        var larger = new Entry?[entries.Length * 2];
        foreach (var entry in entries)
        {
            if (entry is not null) Place(larger, entry);
        }

        entries = larger;
    }

    private static void Place(Entry?[] table, Entry entry)
    {
        var i = entry.Key.Slot(table.Length);
        while (table[i] is not null) i = (i + 1) & (table.Length - 1);
        Volatile.Write(ref table[i], entry);
    }

    private sealed class Entry(Key key, byte[] name, T value)
    {
        public readonly Key Key = key;
        public readonly byte[] Name = name;
        public readonly T Value = value;
    }

    /// <summary>Names of up to 16 bytes are their key; longer ones are hashed, and compared in full.</summary>
    private readonly record struct Key
    {
        private readonly ulong head;
        private readonly ulong tail;
        private readonly int length;

        public Key(ReadOnlySpan<byte> name)
        {
            length = name.Length;
            if (length > 16)
            {
                for (var rest = name; rest.Length >= 8; rest = rest[8..])
                    head = Mix(head ^ BinaryPrimitives.ReadUInt64LittleEndian(rest));
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

        public int Slot(int capacity) =>
            (int)(Mix(head ^ BitOperations.RotateLeft(tail, 29) ^ (ulong)length) >> 32) & (capacity - 1);

        private static ulong Mix(ulong word)
        {
            word = (word ^ Seed) * 0x9E3779B97F4A7C15;
            return word ^ (word >> 32);
        }
    }
}
