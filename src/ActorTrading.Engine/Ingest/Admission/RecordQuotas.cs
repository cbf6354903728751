using ActorTrading.Engine.Ingest.Access;

namespace ActorTrading.Engine.Ingest.Admission;

/// <summary>
/// Rate limit for callers with a quota of records: one bucket per caller with one second's records, shared by all of its connections. A
/// batch larger than the bucket waits for a full bucket and leaves a debt, so that the quota holds over time. Thread-safe.
/// </summary>
internal sealed class RecordQuotas(TimeProvider time)
{
    private const int ManyBuckets = 1_024;

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> fullAt = []; // by the key of the grant: the time at which its bucket is full again
    private long delayed;

    /// <summary>Batches that had to wait, or were refused, because of a quota.</summary>
    public long Delayed => Interlocked.Read(ref delayed);

    /// <summary>Maximum number of records in a batch of a caller: at most the size of its bucket.</summary>
    public static int BatchRecords(Grant? grant, int most) =>
        grant?.Limits.RecordsPerSecond is { } quota ? (int)Math.Min(most, quota) : most;

    /// <summary>Waits until the caller may send that many records; waiting callers are served in arrival order.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the records are not counted.</exception>
    public async ValueTask EnterAsync(Grant grant, int records, CancellationToken cancellation)
    {
        if (Take(grant, records, isReserved: true) is not { Ticks: > 0 } wait) return;
        try
        {
            await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (gate) fullAt[grant.Key] = fullAt.GetValueOrDefault(grant.Key) - CostOf(grant, records);
            throw;
        }
    }

    /// <summary>Counts that many records of a caller if it may send them now.</summary>
    /// <returns>How long the caller has to wait; zero if the records are counted.</returns>
    public TimeSpan TryEnter(Grant? grant, int records) =>
        grant?.Limits.RecordsPerSecond is null ? TimeSpan.Zero : Take(grant, records, isReserved: false);

    private TimeSpan Take(Grant grant, int records, bool isReserved)
    {
        if (grant.Limits.RecordsPerSecond is null) return TimeSpan.Zero;
        var (second, cost) = (time.TimestampFrequency, CostOf(grant, records));
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (fullAt.Count >= ManyBuckets) ForgetFullOnes(now);
            var full = Math.Max(now, fullAt.GetValueOrDefault(grant.Key));
            var wait = full - now + Math.Min(cost, second) - second;
            if (wait <= 0 || isReserved) fullAt[grant.Key] = full + cost;
            if (wait <= 0) return TimeSpan.Zero;
            Interlocked.Increment(ref delayed);
            return TimeSpan.FromTicks(Math.Max(1, (long)((double)wait * TimeSpan.TicksPerSecond / second)));
        }
    }

    /// <summary>Time in which the bucket refills by that many records, in ticks of the clock.</summary>
    private long CostOf(Grant grant, int records) =>
        (long)((double)records * time.TimestampFrequency / grant.Limits.RecordsPerSecond!.Value);

    private void ForgetFullOnes(long now)
    {
        foreach (var (key, full) in fullAt)
        {
            if (full <= now) fullAt.Remove(key);
        }
    }
}
