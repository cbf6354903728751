namespace ActorTrading.Cluster.Hosting;

/// <summary>Whether this node can still write to the journal. Thread-safe.</summary>
/// <param name="patience">How long all writes may fail while the journal answers.</param>
/// <param name="time">Clock for that time.</param>
internal sealed class WriteHealth(TimeSpan patience, TimeProvider time)
{
    private readonly Lock sync = new();
    private volatile bool isFailing;
    private long since;

    /// <summary>Whether the last write failed.</summary>
    public bool IsFailing => isFailing;

    /// <summary>Notes a successful write.</summary>
    public void Written() => isFailing = false;

    /// <summary>Notes a failed write.</summary>
    public void Failed()
    {
        lock (sync)
        {
            if (isFailing) return;
            since = time.GetTimestamp();
            isFailing = true;
        }
    }

    /// <summary>
    /// Whether all writes have failed for too long. While the journal does not answer at all, the time restarts: then the journal is
    /// down, not only its writes.
    /// </summary>
    public bool IsLost(bool answers)
    {
        lock (sync)
        {
            if (!answers) since = time.GetTimestamp();
            return isFailing && answers && time.GetElapsedTime(since) >= patience;
        }
    }
}
