namespace ActorTrading.Cluster;

/// <summary>
/// What waits until everything that a persistent actor has on its way to the journal is durable, in order. Akka's <c>DeferAsync</c> would do, but it hands the
/// journal batches without any event: Akka.Persistence.Sql fails them, and ten in a row, as there are when a node is gone and much is sent again, open its
/// circuit breaker for everybody. For one actor; of a failed write nothing need be told, as its actor ends.
/// </summary>
internal sealed class AfterWrites
{
    private readonly Queue<(long Writes, Action Act)> waiting = new();
    private long begun;
    private long durable;

    /// <summary>Whether something is on its way to the journal.</summary>
    public bool AreUnderWay => begun > durable;

    /// <summary>A write begins.</summary>
    public void Begin() => begun++;

    /// <summary>The oldest write is durable, and its handler is done: what waited for it alone happens now.</summary>
    public void End()
    {
        durable++;
        while (waiting.TryPeek(out var next) && next.Writes <= durable) waiting.Dequeue().Act();
    }

    /// <summary>Acts behind all writes so far: at once if there is none under way.</summary>
    public void Run(Action act)
    {
        if (AreUnderWay) waiting.Enqueue((begun, act));
        else act();
    }
}
