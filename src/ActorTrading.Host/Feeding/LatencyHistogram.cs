using System.Numerics;

namespace ActorTrading.Host.Feeding;

/// <summary>
/// Counts of durations in nanoseconds with a relative error of at most 1/128 (0.8 %): exact below 128 ns, then 128 buckets for
/// each doubling, up to some 290 years. Negative ones count as 0. 58 kB, no allocation per value. Not safe for several threads.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int Bits = 7;
    private const int PerDoubling = 1 << Bits;

    private readonly long[] counts = new long[(64 - Bits) * PerDoubling];

    /// <summary>How many durations there are.</summary>
    public long Count { get; private set; }

    /// <summary>The longest one; 0 where there is none.</summary>
    public long Max { get; private set; }

    public void Add(long nanoseconds, long times = 1)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        counts[BucketOf(nanoseconds)] += times;
        Count += times;
        if (nanoseconds > Max) Max = nanoseconds;
    }

    /// <summary>Adds what another one counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < counts.Length; i++) counts[i] += other.counts[i];
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>A duration that so large a part (0 to 1) of them does not exceed, never told too short; 0 where there is none.</summary>
    public long Percentile(double part)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(part * Count));
        for (var i = 0; i < counts.Length && Count > 0; i++)
        {
            wanted -= counts[i];
            if (wanted <= 0) return Math.Min(Max, LongestOf(i));
        }

        return Max;
    }

    private static int BucketOf(long value)
    {
        if (value < PerDoubling) return (int)value;
        var shift = BitOperations.Log2((ulong)value) - Bits;
        return ((shift + 1) << Bits) + (int)((value >> shift) & (PerDoubling - 1));
    }

    private static long LongestOf(int bucket)
    {
        if (bucket < PerDoubling) return bucket;
        var shift = (bucket >> Bits) - 1;
        return (((long)PerDoubling + (bucket & (PerDoubling - 1)) + 1) << shift) - 1;
    }
}
