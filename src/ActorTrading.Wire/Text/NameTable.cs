using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Finds the one object of a name by the name's UTF-8 bytes, without allocation once it is known: open
/// addressing, at most half full. Looking up takes no lock; any number of threads may share a table. It keeps
/// at most <see cref="MaxCount"/> names: a full table lets go of those that are not in use (<see cref="IsInUse"/>), so that
/// a sender of endless new names can neither fill the memory nor keep the names of others out. Where all are in use, further names
/// resolve to a new object each time.
/// </summary>
public abstract class NameTable<T>
    where T : class
{
    /// <summary>The number of names kept where nothing else is said.</summary>
    public const int DefaultMaxCount = 1 << 20;

    private readonly Lock adding = new();
    private volatile Entry?[] entries = new Entry?[64];
    private int turnedAway; // names that were not kept since the last sweep
    private int pause; // how many those must be before the next one

    private protected NameTable(int maxCount) => MaxCount = maxCount;

    /// <summary>How many names are known.</summary>
    public int Count { get; private set; }

    /// <summary>How many names are kept at most.</summary>
    public int MaxCount { get; }

    /// <summary>The object of that name, made on first sight; false when the bytes are no such name.</summary>
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

    /// <summary>Makes the object of a name, or null.</summary>
    private protected abstract T? Make(ReadOnlySpan<char> name);

    /// <summary>Whether a full table keeps that object.</summary>
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

    /// <summary>Lets go of names that are not in use, unless that has freed next to nothing a short while ago.</summary>
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
