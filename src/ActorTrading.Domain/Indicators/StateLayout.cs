using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Deals out the words of memory in which one symbol keeps the state of its bars, indicators and rules.
/// Definitions (an <see cref="Indicator"/>, its parts, a rule) are made once per plan and ask here for cells;
/// the words themselves are one array per symbol. So a symbol's whole moving state is one flat block: it is
/// copied, restored, compared and hashed as bytes, and a step touches few cache lines and no heap.
/// </summary>
public sealed class StateLayout
{
    /// <summary>How many words have been dealt out.</summary>
    public int Words { get; private set; }

    /// <summary>A 64-bit integer, at first 0.</summary>
    public IntegerCell Integer() => new(Take(1));

    /// <summary>A double, at first 0.</summary>
    public RealCell Real() => new(Take(1));

    /// <summary>A 128-bit integer, at first 0.</summary>
    public WideCell Wide() => new(Take(2));

    /// <summary>A run of words; returns where it begins.</summary>
    public int Take(int words)
    {
        var offset = Words;
        Words += words;
        return offset;
    }
}

/// <summary>Where a 64-bit integer stands in a symbol's words.</summary>
public readonly struct IntegerCell(int offset)
{
    /// <summary>The integer itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref long In(Span<long> state) => ref state[offset];
}

/// <summary>Where a double stands in a symbol's words.</summary>
public readonly struct RealCell(int offset)
{
    /// <summary>The double itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref double In(Span<long> state) => ref Unsafe.As<long, double>(ref state[offset]);
}

/// <summary>Where a 128-bit integer stands in a symbol's words: the low word first.</summary>
public readonly struct WideCell(int offset)
{
    /// <summary>Reads it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Int128 Get(Span<long> state) => new((ulong)state[offset + 1], (ulong)state[offset]);

    /// <summary>Writes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(Span<long> state, Int128 value)
    {
        state[offset] = (long)(ulong)(UInt128)value;
        state[offset + 1] = (long)(value >> 64);
    }
}

/// <summary>Views of a symbol's words.</summary>
public static class StateWords
{
    /// <summary>A run of words as doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<double> Reals(this Span<long> state, int offset, int count) =>
        MemoryMarshal.Cast<long, double>(state.Slice(offset, count));
}
