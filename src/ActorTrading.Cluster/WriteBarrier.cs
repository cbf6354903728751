namespace ActorTrading.Cluster;

/// <summary>
/// Runs actions in order after all pending journal writes of a persistent actor are durable. Replaces Akka's <c>DeferAsync</c>, which
/// sends the journal batches without an event. Akka.Persistence.Sql's own journal, used for PostgreSQL, fails such a batch, and ten
/// in a row open its circuit breaker (docs/cluster.md). For one actor that stops when a write fails; not thread-safe.
/// </summary>
internal sealed class WriteBarrier
{
    private readonly Queue<(long Writes, Action Act)> waiting = new();
    private long begun;
    private long durable;

    /// <summary>Whether a write is pending.</summary>
    public bool IsClosed => begun > durable;

    /// <summary>Notes the start of a write.</summary>
    public void Begin() => begun++;

    /// <summary>Called when the oldest write is durable and its handler has run. Runs the actions that waited for it.</summary>
    public void End()
    {
        durable++;
        while (waiting.TryPeek(out var next) && next.Writes <= durable) waiting.Dequeue().Act();
    }

    /// <summary>Runs an action after all pending writes; at once if there are none.</summary>
    public void Run(Action act)
    {
        if (IsClosed) waiting.Enqueue((begun, act));
        else act();
    }
}
