using System.Buffers.Binary;
using System.Text;

namespace ActorTrading.Domain.Folding;

/// <summary>The state bytes are damaged or have another version.</summary>
public sealed class StateFormatException(string message) : Exception(message);

/// <summary>Reads the bytes that <see cref="StateWriter"/> wrote. Damaged bytes throw <see cref="StateFormatException"/>.</summary>
public ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>Whether all bytes have been read.</summary>
    public readonly bool AtEnd => rest.IsEmpty;

    /// <summary>Reads one byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>Reads a 64-bit integer.</summary>
    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>Reads a 128-bit integer.</summary>
    public Int128 Int128() => BinaryPrimitives.ReadInt128LittleEndian(Take(16));

    /// <summary>
    /// Reads a count of items of at least <paramref name="sizeOfEach"/> bytes each. Throws if the remaining bytes cannot hold that many.
    /// </summary>
    public int Count(int sizeOfEach)
    {
        var count = Int64();
        if (count < 0 || count > rest.Length / sizeOfEach) throw new StateFormatException($"the count {count} exceeds the remaining bytes");
        return (int)count;
    }

    /// <summary>Reads a string or null.</summary>
    public string? Text()
    {
        var size = Int64();
        if (size == -1) return null;
        if (size < 0 || size > rest.Length) throw new StateFormatException($"a text of {size} bytes exceeds the remaining bytes");
        return Encoding.UTF8.GetString(Take((int)size));
    }

    /// <summary>Reads 64-bit words.</summary>
    public void Words(Span<long> words)
    {
        var source = Take(checked(words.Length * sizeof(long)));
        for (var i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadInt64LittleEndian(source[(i * 8)..]);
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        if (size > rest.Length) throw new StateFormatException("the state ends too early");
        var taken = rest[..size];
        rest = rest[size..];
        return taken;
    }
}
