namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Bounds what of one connection waits to become durable, by <see cref="IngestBatch.Weight"/>. What is heavier than the bound
/// gets in when nothing is inside. For one that enters and others that leave.
/// </summary>
internal sealed class InFlightBudget(int bound)
{
    private readonly Lock sync = new();
    private long inside;
    private long wanted;
    private TaskCompletionSource? waiting;

    /// <summary>Waits for room.</summary>
    public Task EnterAsync(int weight, CancellationToken cancellation)
    {
        lock (sync)
        {
            wanted = weight;
            if (HasRoom())
            {
                inside += wanted;
                return Task.CompletedTask;
            }

            waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return waiting.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>What weighs so much is done.</summary>
    public void Leave(int weight)
    {
        TaskCompletionSource entered;
        lock (sync)
        {
            inside -= weight;
            if (waiting is null || !HasRoom()) return;
            inside += wanted;
            entered = waiting;
            waiting = null;
        }

        entered.TrySetResult();
    }

    private bool HasRoom() => inside == 0 || inside + wanted <= bound;
}
