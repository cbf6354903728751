using System.Runtime.InteropServices;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Bars;

/// <summary>
/// A price bar. Prices and the volume are in the units of the plan. The volume is exact: 128 bits. On the <c>tick</c> frame each price is a
/// bar of its own: open = high = low = close, one tick.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct Bar
{
    /// <summary>Start of the bar, in nanoseconds since 1970 UTC.</summary>
    public long OpenTime;

    /// <summary>The trading day it belongs to, see <see cref="Calendars.Bucket.Session"/>.</summary>
    public long Session;

    /// <summary>The first price.</summary>
    public long Open;

    /// <summary>The highest price.</summary>
    public long High;

    /// <summary>The lowest price.</summary>
    public long Low;

    /// <summary>The last price in the order of acceptance.</summary>
    public long Close;

    /// <summary>Number of ticks and of bars without a frame that built it; zero for an external bar of a frame.</summary>
    public long Ticks;

    private ulong volumeLow;
    private long volumeHigh;

    /// <summary>The traded volume.</summary>
    public Int128 Volume
    {
        readonly get => new((ulong)volumeHigh, volumeLow);
        set
        {
            volumeLow = (ulong)(UInt128)value;
            volumeHigh = (long)(value >> 64);
        }
    }

    /// <summary>Creates the bar of one price.</summary>
    public static Bar Of(long time, long session, long price, Int128 size) => new()
    {
        OpenTime = time, Session = session, Open = price, High = price, Low = price, Close = price, Ticks = 1, Volume = size,
    };

    /// <summary>Adds a price.</summary>
    public void Add(long price, long size)
    {
        if (price > High) High = price;
        if (price < Low) Low = price;
        Close = price;
        Ticks++;
        AddVolume((ulong)size, 0);
    }

    /// <summary>Merges a later, smaller bar. Exact, since each larger frame is a multiple of the smaller ones.</summary>
    public void Merge(in Bar later)
    {
        if (later.High > High) High = later.High;
        if (later.Low < Low) Low = later.Low;
        Close = later.Close;
        Ticks += later.Ticks;
        AddVolume(later.volumeLow, later.volumeHigh);
    }

    /// <summary>Start of the bar.</summary>
    public readonly Timestamp Opened => new(OpenTime);

    /// <summary>Whether the bar exists; all words of a missing bar are zero.</summary>
    public readonly bool IsThere => (Close | OpenTime | Ticks | High | Low) != 0;

    private void AddVolume(ulong low, long high)
    {
        var sum = volumeLow + low;
        volumeHigh += high + (sum < low ? 1 : 0);
        volumeLow = sum;
    }
}
