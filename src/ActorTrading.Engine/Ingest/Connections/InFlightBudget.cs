namespace ActorTrading.Engine.Ingest.Connections;

/// <summary>
/// Bounds the input of one connection that waits to become durable, measured by <see cref="IngestBatch.Weight"/>. A batch heavier than the
/// bound enters when nothing else is in flight. Supports one thread that enters and others that leave.
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

    /// <summary>Releases the weight of a finished batch.</summary>
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
