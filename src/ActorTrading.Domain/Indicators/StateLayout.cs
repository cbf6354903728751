using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Allocates the words of memory in which one symbol keeps the state of its bars, indicators and rules. Definitions (an
/// <see cref="Indicator"/>, its parts, a rule) are created once per plan and allocate their cells here. The words themselves are one array
/// per symbol. So a symbol's changing state is one flat block: it is copied, restored, compared and hashed as bytes, and a step touches few
/// cache lines and no heap.
/// </summary>
public sealed class StateLayout
{
    private readonly bool runsApart;
    private int cells;
    private int runs;

    /// <summary>Creates a layout that allocates words in the order of the requests.</summary>
    /// <param name="units">Units of prices and volumes.</param>
    /// <param name="anyPrices">Whether prices may be zero or negative.</param>
    public StateLayout(Units units = default, bool anyPrices = false)
    {
        Units = units;
        AnyPrices = anyPrices;
    }

    /// <summary>
    /// Creates a layout that puts runs behind that many words of cells, so that the cells of a symbol, which every step touches, are
    /// adjacent. The number is <see cref="Cells"/> of a plain layout after the same requests.
    /// </summary>
    public StateLayout(int cells, Units units = default, bool anyPrices = false)
        : this(units, anyPrices)
    {
        runsApart = true;
        runs = cells;
    }

    /// <summary>Units of prices and volumes.</summary>
    public Units Units { get; }

    /// <summary>Whether prices may be zero or negative.</summary>
    public bool AnyPrices { get; }

    /// <summary>Number of price units in 1.</summary>
    public double PriceOne => FixedPoint.One(Units.PriceDecimals);

    /// <summary>Number of volume units in 1.</summary>
    public double SizeOne => FixedPoint.One(Units.SizeDecimals);

    /// <summary>Number of words allocated as cells.</summary>
    public int Cells { get; private set; }

    /// <summary>Number of words per symbol.</summary>
    public int Words => Math.Max(cells, runs);

    /// <summary>Allocates a 64-bit integer, initially 0.</summary>
    public IntegerCell Integer() => new(Take(1));

    /// <summary>Allocates a price, initially none.</summary>
    public PriceCell Price() => new(Take(1), AnyPrices ? long.MinValue : 0);

    /// <summary>Allocates a double, initially 0.</summary>
    public RealCell Real() => new(Take(1));

    /// <summary>Allocates a 128-bit integer, initially 0.</summary>
    public WideCell Wide() => new(Take(2));

    /// <summary>Allocates a few adjacent words that every step touches; returns their offset.</summary>
    public int Take(int words)
    {
        var offset = cells;
        cells += words;
        Cells += words;
        return offset;
    }

    /// <summary>The windows allocated so far, in order.</summary>
    internal List<Parts.Window> Windows { get; } = [];

    /// <summary>Allocates many adjacent words of which a step touches few, such as a window; returns their offset.</summary>
    public int Run(int words)
    {
        ref var next = ref runsApart ? ref runs : ref cells;
        var offset = next;
        next += words;
        return offset;
    }
}

/// <summary>Offset of a 64-bit integer in a symbol's words.</summary>
public readonly struct IntegerCell(int offset)
{
    /// <summary>The integer itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref long In(Span<long> state) => ref state[offset];
}

/// <summary>
/// Offset of a price in a symbol's words. A word of zero means that there is no price. If prices must be positive, the word is the price.
/// If prices may be zero, the word is the price with its sign bit inverted.
/// </summary>
public readonly struct PriceCell(int offset, long none)
{
    /// <summary>Stores a price. Returns true, with the previous price, if there was one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Replace(Span<long> state, long price, out long before)
    {
        ref var word = ref state[offset];
        before = word ^ none;
        var wasThere = word != 0;
        word = price ^ none;
        return wasThere;
    }
}

/// <summary>Offset of a double in a symbol's words.</summary>
public readonly struct RealCell(int offset)
{
    /// <summary>The double itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref double In(Span<long> state) => ref Unsafe.As<long, double>(ref state[offset]);
}

/// <summary>Offset of a 128-bit integer in a symbol's words: the low word first.</summary>
public readonly struct WideCell(int offset)
{
    /// <summary>Reads the integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Int128 Get(Span<long> state) => new((ulong)state[offset + 1], (ulong)state[offset]);

    /// <summary>Writes the integer.</summary>
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
