namespace ActorTrading.Cluster.Hosting;

/// <summary>Whether this node can still write to the journal. Safe for any number of threads.</summary>
/// <param name="patience">How long every write may fail while the journal answers.</param>
/// <param name="time">What tells how long that is.</param>
internal sealed class WriteHealth(TimeSpan patience, TimeProvider time)
{
    private readonly Lock sync = new();
    private volatile bool isFailing;
    private long since;

    /// <summary>Whether the last that was heard of a write is that it failed.</summary>
    public bool IsFailing => isFailing;

    /// <summary>An event is durable.</summary>
    public void Written() => isFailing = false;

    /// <summary>An event could not be written.</summary>
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
    /// Whether all writes have failed for too long. While the journal does not answer it is that which is away, and the patience
    /// begins anew when it is back.
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
