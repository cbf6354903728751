using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Interning table: returns the single object for a name's UTF-8 bytes, without allocation for known names. Open addressing, at most half
/// full. Thread-safe; lookups take no lock. Holds at most <see cref="MaxCount"/> names. A full table removes names that are not in use
/// (<see cref="IsInUse"/>), so that endless new names neither fill the memory nor block other names. If all names are in use, a further
/// name gives a new object each time.
/// </summary>
public abstract class NameTable<T>
    where T : class
{
    /// <summary>Default maximum number of names.</summary>
    public const int DefaultMaxCount = 1 << 20;

    private readonly Lock adding = new();
    private volatile Entry?[] entries = new Entry?[64];
    private int turnedAway; // names that were not stored since the last sweep
    private int pause; // how many such names trigger the next sweep

    private protected NameTable(int maxCount) => MaxCount = maxCount;

    /// <summary>Number of stored names.</summary>
    public int Count { get; private set; }

    /// <summary>Maximum number of names.</summary>
    public int MaxCount { get; }

    /// <summary>The object of that name, created at first use; false if the bytes are not a valid name.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, [NotNullWhen(true)] out T? value)
    {
        var key = new NameKey(name);
        var table = entries;
        for (var i = key.Slot(table.Length); table[i] is { } entry; i = (i + 1) & (table.Length - 1))
        {
            if (!entry.Key.Equals(key) || (name.Length > 16 && !name.SequenceEqual(entry.Name))) continue;
            value = entry.Value;
            return true;
        }

        value = Add(name, key);
        return value is not null;
    }

    /// <summary>Creates the object of a name, or null if it is not valid.</summary>
    private protected abstract T? Make(ReadOnlySpan<char> name);

    /// <summary>Whether the object must be kept when the table is full.</summary>
    private protected virtual bool IsInUse(T value) => false;

    private T? Add(ReadOnlySpan<byte> name, in NameKey key)
    {
        Span<char> characters = stackalloc char[Symbol.LongestSpelling];
        if (name.Length > characters.Length
            || Utf8.ToUtf16(name, characters, out _, out var length, replaceInvalidSequences: false) != System.Buffers.OperationStatus.Done)
            return null;
        var value = Make(characters[..length]);
        if (value is null) return null;
        lock (adding)
        {
            for (var i = key.Slot(entries.Length); entries[i] is { } entry; i = (i + 1) & (entries.Length - 1))
            {
                if (entry.Key.Equals(key) && name.SequenceEqual(entry.Name)) return entry.Value; // another thread was first
            }

            if (Count >= MaxCount) Sweep();
            if (Count >= MaxCount) return value;
            if (Count * 2 >= entries.Length) Grow();
            Place(entries, new Entry(key, name.ToArray(), value));
            Count++;
            return value;
        }
    }

    /// <summary>Removes names that are not in use, unless a recent sweep removed almost none.</summary>
    private void Sweep()
    {
        if (turnedAway++ < pause) return;
        var kept = new Entry?[entries.Length];
        var count = 0;
        foreach (var entry in entries)
        {
            if (entry is null || !IsInUse(entry.Value)) continue;
            Place(kept, entry);
            count++;
        }

        entries = kept;
        Count = count;
        turnedAway = 0;
        pause = MaxCount - count >= MaxCount / 4 ? 0 : MaxCount / 4;
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

    private sealed class Entry(NameKey key, byte[] name, T value)
    {
        public readonly NameKey Key = key;
        public readonly byte[] Name = name;
        public readonly T Value = value;
    }
}
