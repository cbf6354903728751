using System.Numerics;
using ActorTrading.Engine.Nodes;

namespace ActorTrading.Engine.Telemetry;

/// <summary>
/// Histogram of durations over the last minute. The upper bound of each bucket is at most an eighth above the measured value. Adding costs
/// one increment. Thread-safe.
/// </summary>
public sealed class RecentDurations(TimeProvider time)
{
    private const int Fine = 8; // buckets between two powers of two
    private const int Sizes = 34 * Fine; // up to five hours, in microseconds
    private const int Spans = 7; // six that count, and the one that is reused next

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    private readonly Lock sync = new();
    private readonly Counts[] spans = [.. Enumerable.Range(0, Spans).Select(_ => new Counts())];

    private long Now => time.GetTimestamp() / (long)(Span.TotalSeconds * time.TimestampFrequency);

    /// <summary>Adds a duration.</summary>
    public void Add(TimeSpan took)
    {
        var now = Now;
        var span = spans[now % Spans];
        if (Volatile.Read(ref span.Number) != now) Begin(span, now);
        Interlocked.Increment(ref span.BySize[SizeOf((long)took.TotalMicroseconds)]);
    }

    /// <summary>Percentiles of the last minute.</summary>
    public CommitTimes Read()
    {
        var (now, sum) = (Now, new long[Sizes]);
        foreach (var span in spans)
        {
            if (Volatile.Read(ref span.Number) is var number && (number > now || number <= now - (Spans - 1))) continue;
            for (var i = 0; i < Sizes; i++) sum[i] += Volatile.Read(ref span.BySize[i]);
        }

        var count = sum.Sum();
        return count == 0 ? CommitTimes.None : new CommitTimes(count, Quantile(sum, count, 0.5), Quantile(sum, count, 0.99));
    }

    private static TimeSpan Quantile(long[] sizes, long count, double share)
    {
        var (rank, seen) = ((long)Math.Ceiling(count * share), 0L);
        var size = 0;
        while ((seen += sizes[size]) < rank) size++;
        return TimeSpan.FromMicroseconds(UpperBound(size));
    }

    private static int SizeOf(long microseconds)
    {
        if (microseconds < Fine) return (int)Math.Max(0, microseconds);
        var power = BitOperations.Log2((ulong)microseconds);
        return Math.Min(Sizes - 1, ((power - 2) * Fine) + (int)((microseconds >> (power - 3)) & (Fine - 1)));
    }

    /// <summary>The largest duration of a bucket, in microseconds.</summary>
    private static long UpperBound(int size)
    {
        if (size < Fine) return size;
        var shift = (size / Fine) - 1;
        return ((long)(Fine + (size % Fine) + 1) << shift) - 1;
    }

    private void Begin(Counts span, long number)
    {
        lock (sync)
        {
            if (span.Number == number) return;
            Array.Clear(span.BySize);
            Volatile.Write(ref span.Number, number);
        }
    }

    private sealed class Counts
    {
        public long Number = long.MinValue;

        public long[] BySize { get; } = new long[Sizes];
    }
}
