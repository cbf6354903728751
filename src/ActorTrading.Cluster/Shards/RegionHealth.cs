namespace ActorTrading.Cluster.Shards;

/// <summary>Whether the node's shard region answers, and has found its coordinator. Safe for any number of threads.</summary>
internal sealed class RegionHealth(TimeSpan patience)
{
    private long answeredAt = Environment.TickCount64;
    private long foundAt = Environment.TickCount64;
    private volatile bool hasStopped;

    /// <summary>What keeps this node from sending records to symbols; null where nothing does.</summary>
    public string? Fault
    {
        get
        {
            if (hasStopped) return "The shard region has stopped; the node must be started again.";
            if (Since(ref answeredAt) is { } silent && silent > patience)
                return $"The shard region has not answered for {silent.TotalSeconds:0} s.";
            if (Since(ref foundAt) is { } lost && lost > patience)
                return $"The shard region has not reached its coordinator for {lost.TotalSeconds:0} s.";
            return null;
        }
    }

    /// <summary>The region has answered, by itself or through its coordinator.</summary>
    public void Answered(bool coordinator)
    {
        Interlocked.Exchange(ref answeredAt, Environment.TickCount64);
        if (coordinator) Interlocked.Exchange(ref foundAt, Environment.TickCount64);
    }

    /// <summary>The region is no more.</summary>
    public void Stopped() => hasStopped = true;

    private static TimeSpan? Since(ref long moment) => TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref moment));
}
