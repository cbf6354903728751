namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Paces callers that have a quota of records: a bucket for each, of one second's records, however many connections it
/// has. A batch that is larger than the bucket waits for a full one and leaves a debt, so that the quota holds over
/// time. Safe for any number of threads.
/// </summary>
internal sealed class RecordQuotas(TimeProvider time)
{
    private const int ManyBuckets = 1_024;

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> fullAt = []; // by the key of the grant: when its bucket is full again
    private long delayed;

    /// <summary>Batches that had to wait, or were not taken, because of a quota.</summary>
    public long Delayed => Interlocked.Read(ref delayed);

    /// <summary>How many records a batch of a caller has at most, so that one batch is no more than its bucket.</summary>
    public static int BatchRecords(Grant? grant, int most) =>
        grant?.Limits.RecordsPerSecond is { } quota ? (int)Math.Min(most, quota) : most;

    /// <summary>Waits until the caller may send so many records; those who wait have their turn in the order in which they came.</summary>
    /// <exception cref="OperationCanceledException">It was given up: the records are not counted.</exception>
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

    /// <summary>Counts so many records of a caller if it may send them now.</summary>
    /// <returns>How long it has to wait before it may; zero where they are counted.</returns>
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

    /// <summary>How long the bucket takes to fill by so many records, in ticks of the clock.</summary>
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
