using System.Runtime.InteropServices;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Bars;

/// <summary>
/// What a stretch of trading came to. Prices and the volume count the units of the plan; the volume is exact however much is traded.
/// On the <c>tick</c> frame each price is a bar of its own: open = high = low = close, one tick.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct Bar
{
    /// <summary>When the bar opens, nanoseconds since 1970 UTC.</summary>
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

    /// <summary>How many ticks, and bars of no frame, made it; zero for a bar of a frame made elsewhere.</summary>
    public long Ticks;

    private ulong volumeLow;
    private long volumeHigh;

    /// <summary>Everything that was traded.</summary>
    public Int128 Volume
    {
        readonly get => new((ulong)volumeHigh, volumeLow);
        set
        {
            volumeLow = (ulong)(UInt128)value;
            volumeHigh = (long)(value >> 64);
        }
    }

    /// <summary>The bar that one price makes.</summary>
    public static Bar Of(long time, long session, long price, Int128 size) => new()
    {
        OpenTime = time, Session = session, Open = price, High = price, Low = price, Close = price, Ticks = 1, Volume = size,
    };

    /// <summary>Takes one more price.</summary>
    public void Add(long price, long size)
    {
        if (price > High) High = price;
        if (price < Low) Low = price;
        Close = price;
        Ticks++;
        AddVolume((ulong)size, 0);
    }

    /// <summary>Takes a later, smaller bar: exact, since each larger frame is a whole number of smaller ones.</summary>
    public void Merge(in Bar later)
    {
        if (later.High > High) High = later.High;
        if (later.Low < Low) Low = later.Low;
        Close = later.Close;
        Ticks += later.Ticks;
        AddVolume(later.volumeLow, later.volumeHigh);
    }

    /// <summary>When the bar opens.</summary>
    public readonly Timestamp Opened => new(OpenTime);

    /// <summary>Whether there is a bar: all words of one that is not there are zero.</summary>
    public readonly bool IsThere => (Close | OpenTime | Ticks | High | Low) != 0;

    private void AddVolume(ulong low, long high)
    {
        var sum = volumeLow + low;
        volumeHigh += high + (sum < low ? 1 : 0);
        volumeLow = sum;
    }
}
