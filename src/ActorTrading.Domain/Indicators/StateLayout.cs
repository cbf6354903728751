using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Indicators;

/// <summary>
/// Deals out the words of memory in which one symbol keeps the state of its bars, indicators and rules.
/// Definitions (an <see cref="Indicator"/>, its parts, a rule) are made once per plan and ask here for cells;
/// the words themselves are one array per symbol. So a symbol's whole moving state is one flat block: it is
/// copied, restored, compared and hashed as bytes, and a step touches few cache lines and no heap.
/// </summary>
public sealed class StateLayout
{
    private readonly bool runsApart;
    private int cells;
    private int runs;

    /// <summary>A layout that deals out words in the order they are asked for.</summary>
    /// <param name="units">What the prices and volumes count that will be taken.</param>
    /// <param name="anyPrices">Whether prices may be zero or negative.</param>
    public StateLayout(Units units = default, bool anyPrices = false)
    {
        Units = units;
        AnyPrices = anyPrices;
    }

    /// <summary>
    /// A layout like another one that deals out runs behind that many words of cells, so that the cells of a symbol, which every step
    /// touches, lie side by side. The number is <see cref="Cells"/> of that first, plain layout asked the same things.
    /// </summary>
    public StateLayout(int cells, Units units = default, bool anyPrices = false)
        : this(units, anyPrices)
    {
        runsApart = true;
        runs = cells;
    }

    /// <summary>What prices and volumes count.</summary>
    public Units Units { get; }

    /// <summary>Whether prices may be zero or negative.</summary>
    public bool AnyPrices { get; }

    /// <summary>How many units of a price make one.</summary>
    public double PriceOne => FixedPoint.One(Units.PriceDecimals);

    /// <summary>How many units of a volume make one.</summary>
    public double SizeOne => FixedPoint.One(Units.SizeDecimals);

    /// <summary>How many words have been dealt out as cells.</summary>
    public int Cells { get; private set; }

    /// <summary>How many words a symbol needs.</summary>
    public int Words => Math.Max(cells, runs);

    /// <summary>A 64-bit integer, at first 0.</summary>
    public IntegerCell Integer() => new(Take(1));

    /// <summary>A price, at first none.</summary>
    public PriceCell Price() => new(Take(1), AnyPrices ? long.MinValue : 0);

    /// <summary>A double, at first 0.</summary>
    public RealCell Real() => new(Take(1));

    /// <summary>A 128-bit integer, at first 0.</summary>
    public WideCell Wide() => new(Take(2));

    /// <summary>A few words side by side, touched at every step; returns where they begin.</summary>
    public int Take(int words)
    {
        var offset = cells;
        cells += words;
        Cells += words;
        return offset;
    }

    /// <summary>The windows dealt out so far, in order.</summary>
    internal List<Parts.Window> Windows { get; } = [];

    /// <summary>Many words side by side, such as a window, of which a step touches few; returns where they begin.</summary>
    public int Run(int words)
    {
        ref var next = ref runsApart ? ref runs : ref cells;
        var offset = next;
        next += words;
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

/// <summary>
/// Where a price stands in a symbol's words. A word of zero means that there is none: where prices are positive it holds the
/// price as it is, where they may be zero the price with its sign bit turned over.
/// </summary>
public readonly struct PriceCell(int offset, long none)
{
    /// <summary>Puts a price there; true, with the price that was there, where there was one.</summary>
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
