namespace ActorTrading.Cluster.Shards;

/// <summary>Whether the node's shard region answers and has found its coordinator. Thread-safe.</summary>
internal sealed class RegionHealth(TimeSpan patience)
{
    private long answeredAt = Environment.TickCount64;
    private long foundAt = Environment.TickCount64;
    private volatile bool hasStopped;

    /// <summary>What keeps this node from sending records to symbols; null: nothing.</summary>
    public string? Fault
    {
        get
        {
            if (hasStopped) return "The shard region has stopped; the node must be restarted.";
            if (Since(ref answeredAt) is { } silent && silent > patience)
                return $"The shard region has not answered for {silent.TotalSeconds:0} s.";
            if (Since(ref foundAt) is { } lost && lost > patience)
                return $"The shard region has not reached its coordinator for {lost.TotalSeconds:0} s.";
            return null;
        }
    }

    /// <summary>Notes an answer of the region, or of its coordinator.</summary>
    public void Answered(bool coordinator)
    {
        Interlocked.Exchange(ref answeredAt, Environment.TickCount64);
        if (coordinator) Interlocked.Exchange(ref foundAt, Environment.TickCount64);
    }

    /// <summary>Notes that the region has stopped.</summary>
    public void Stopped() => hasStopped = true;

    private static TimeSpan? Since(ref long moment) => TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref moment));
}
