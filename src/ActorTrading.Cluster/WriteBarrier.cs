namespace ActorTrading.Cluster;

/// <summary>
/// Runs actions when all events that a persistent actor has sent to the journal so far are durable, in order. Stands for Akka's
/// <c>DeferAsync</c>, which hands the journal batches without an event: Akka.Persistence.Sql's own journal, which PostgreSQL has,
/// fails such a batch, and ten in a row open its circuit breaker (docs/cluster.md). For one actor, which ends when a write fails.
/// </summary>
internal sealed class WriteBarrier
{
    private readonly Queue<(long Writes, Action Act)> waiting = new();
    private long begun;
    private long durable;

    /// <summary>Whether a write is under way.</summary>
    public bool IsClosed => begun > durable;

    /// <summary>A write begins.</summary>
    public void Begin() => begun++;

    /// <summary>The oldest write is durable and its handler has run: runs what waited for it alone.</summary>
    public void End()
    {
        durable++;
        while (waiting.TryPeek(out var next) && next.Writes <= durable) waiting.Dequeue().Act();
    }

    /// <summary>Runs an action behind all writes so far: at once if there is none under way.</summary>
    public void Run(Action act)
    {
        if (IsClosed) waiting.Enqueue((begun, act));
        else act();
    }
}
