namespace ActorTrading.Engine;

/// <summary>A batch in the admission queue.</summary>
internal interface IAdmitted
{
    /// <summary>Completes when each record of the batch is durable or refused.</summary>
    Task<IngestResult> Completion { get; }
}

/// <summary>
/// FIFO queue of batches that wait for capacity. Batches are admitted strictly in arrival order: a small batch does not overtake a large
/// one. Guarded by the owner's lock; both callbacks run under that lock.
/// </summary>
internal sealed class AdmissionQueue<T>(Lock sync, Func<T, bool> hasRoom, Action<T> admit)
    where T : IAdmitted
{
    private readonly Lock sync = sync;
    private readonly LinkedList<Waiter> waiters = [];
    private EngineStoppedException? closed;

    /// <summary>Number of waiting batches. The caller holds the lock.</summary>
    public int Count => waiters.Count;

    /// <summary>Whether the queue admits no more batches. The caller holds the lock.</summary>
    public bool IsClosed => closed is not null;

    /// <summary>Admits a batch as soon as there is room and all earlier batches are admitted. Takes the lock.</summary>
    /// <exception cref="EngineStoppedException">The queue is closed.</exception>
    public ValueTask<Admitted<IngestResult>> EnterAsync(T batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (sync)
        {
            ThrowIfClosed();
            if (waiters.Count == 0 && hasRoom(batch))
            {
                admit(batch);
                return new(new Admitted<IngestResult>(batch.Completion));
            }

            waiter = new Waiter(batch);
            waiters.AddLast(waiter);
        }

        return new(WaitAsync(waiter, cancellation));
    }

    /// <summary>Admits waiting batches as long as there is room. The caller holds the lock.</summary>
    public void AdmitWaiting()
    {
        while (waiters.First is { } first && hasRoom(first.Value.Batch))
        {
            waiters.RemoveFirst();
            admit(first.Value.Batch);
            first.Value.Entered.TrySetResult();
        }
    }

    /// <summary>
    /// Closes the queue: all waiting and later batches fail. The first reason is kept, unless a later one has <paramref name="isLastWord"/>
    /// set. The caller holds the lock.
    /// </summary>
    public void Close(EngineStoppedException why, bool isLastWord = false)
    {
        if (isLastWord) closed = why;
        else closed ??= why;
        foreach (var waiter in waiters) waiter.Entered.TrySetException(why.Copy());
        waiters.Clear();
    }

    /// <exception cref="EngineStoppedException">The queue is closed.</exception>
    public void ThrowIfClosed()
    {
        if (closed is not null) throw closed.Copy();
    }

    private async Task<Admitted<IngestResult>> WaitAsync(Waiter waiter, CancellationToken cancellation)
    {
        await using var registration = cancellation.UnsafeRegister(
            static (state, token) =>
            {
                var (line, waiter) = ((AdmissionQueue<T>, Waiter))state!;
                lock (line.sync)
                {
                    if (!line.waiters.Remove(waiter)) return;
                    line.AdmitWaiting(); // the removed batch may have been too large for the room, and the next one may fit
                }

                waiter.Entered.TrySetCanceled(token);
            },
            (this, waiter)).ConfigureAwait(false);
        await waiter.Entered.Task.ConfigureAwait(false);
        return new(waiter.Batch.Completion);
    }

    private sealed class Waiter(T batch)
    {
        public T Batch => batch;

        // The thread that completes this holds the lock, so continuations must run asynchronously.
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
