using System.Buffers.Binary;
using System.Security.Cryptography;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>
/// SHA-256 over the canonical bytes of a state. Two engines, machines or runs that folded the same records in the same order have the same
/// hash.
/// </summary>
public readonly struct StateHash : IEquatable<StateHash>
{
    private readonly UInt128 high;
    private readonly UInt128 low;

    private StateHash(ReadOnlySpan<byte> bytes)
    {
        high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>Length of a hash, in bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>Reads the 32 bytes that <see cref="CopyTo"/> wrote.</summary>
    public static StateHash FromBytes(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], low);
    }

    /// <summary>The hash of one symbol's state. The writer is used as a buffer and is overwritten.</summary>
    public static StateHash Of(SymbolState state, StateWriter scratch)
    {
        scratch.Clear();
        state.Write(scratch);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(scratch.Written, hash);
        return new StateHash(hash);
    }

    /// <summary>The hash of one symbol's state.</summary>
    public static StateHash Of(SymbolState state) => Of(state, new StateWriter());

    /// <summary>The hashes of the states, in their order.</summary>
    public static IReadOnlyList<KeyValuePair<Symbol, StateHash>> Each(IEnumerable<SymbolState> states)
    {
        var scratch = new StateWriter();
        return [.. states.Select(state => KeyValuePair.Create(state.Symbol, Of(state, scratch)))];
    }

    /// <summary>The hash over many symbols: SHA-256 over names and hashes, ordered by name. The order of the input has no effect.</summary>
    public static StateHash Of(IEnumerable<KeyValuePair<Symbol, StateHash>> symbols)
    {
        var writer = new StateWriter();
        foreach (var (symbol, hash) in symbols.OrderBy(pair => pair.Key))
        {
            writer.Text(symbol.Name);
            writer.Text(hash.ToString());
        }

        Span<byte> over = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(writer.Written, over);
        return new StateHash(over);
    }

    /// <inheritdoc/>
    public bool Equals(StateHash other) => high == other.high && low == other.low;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StateHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => high.GetHashCode();

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => $"{high:x32}{low:x32}";

    /// <summary>The first 16 hexadecimal digits, for display.</summary>
    public string Short => ToString()[..16];

    /// <summary>Whether two hashes are equal.</summary>
    public static bool operator ==(StateHash left, StateHash right) => left.Equals(right);

    /// <summary>Whether two hashes differ.</summary>
    public static bool operator !=(StateHash left, StateHash right) => !left.Equals(right);
}
