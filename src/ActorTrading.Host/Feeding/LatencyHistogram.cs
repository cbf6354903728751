using System.Numerics;

namespace ActorTrading.Host.Feeding;

/// <summary>
/// A histogram of durations in nanoseconds with a relative error of at most 1/128 (0.8 %): exact below 128 ns, then 128 buckets for each
/// doubling, up to about 290 years. Negative durations count as 0. Size 58 kB; no allocation per value. Not thread-safe.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int Bits = 7;
    private const int PerDoubling = 1 << Bits;

    private readonly long[] counts = new long[(64 - Bits) * PerDoubling];

    /// <summary>Number of durations.</summary>
    public long Count { get; private set; }

    /// <summary>The longest duration; 0 when there is none.</summary>
    public long Max { get; private set; }

    public void Add(long nanoseconds, long times = 1)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        counts[BucketOf(nanoseconds)] += times;
        Count += times;
        if (nanoseconds > Max) Max = nanoseconds;
    }

    /// <summary>Adds the counts of another histogram.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < counts.Length; i++) counts[i] += other.counts[i];
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>
    /// The duration that a fraction (0 to 1) of all durations does not exceed. It is rounded up, never down; 0 when there is none.
    /// </summary>
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
