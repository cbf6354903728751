namespace ActorTrading.Engine;

/// <summary>A batch that waits for room, and is answered once it has been let in.</summary>
internal interface IAdmitted
{
    /// <summary>Done when each of its records is durable or refused.</summary>
    Task<IngestResult> Completion { get; }
}

/// <summary>
/// Batches that wait until their owner has room, let in one after the other in the order in which they came: a small one does not
/// overtake a large one. Guarded by the owner's lock, under which the owner is asked for room and told whom to let in.
/// </summary>
internal sealed class AdmissionQueue<T>(Lock sync, Func<T, bool> hasRoom, Action<T> admit)
    where T : IAdmitted
{
    private readonly Lock sync = sync;
    private readonly LinkedList<Waiter> waiters = [];
    private EngineStoppedException? closed;

    /// <summary>How many wait. Under the lock.</summary>
    public int Count => waiters.Count;

    /// <summary>Whether nobody is let in any more. Under the lock.</summary>
    public bool IsClosed => closed is not null;

    /// <summary>Lets a batch in when there is room, behind those that came before it. Takes the lock.</summary>
    /// <exception cref="EngineStoppedException">Nobody is let in any more.</exception>
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

    /// <summary>Lets in whom there is room for now. Under the lock.</summary>
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
    /// Turns away those who wait and those who will come. The first reason stands, unless a later one is the last word. Under the lock.
    /// </summary>
    public void Close(EngineStoppedException why, bool isLastWord = false)
    {
        if (isLastWord) closed = why;
        else closed ??= why;
        foreach (var waiter in waiters) waiter.Entered.TrySetException(why.Again());
        waiters.Clear();
    }

    /// <exception cref="EngineStoppedException">Nobody is let in any more.</exception>
    public void ThrowIfClosed()
    {
        if (closed is not null) throw closed.Again();
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
                    line.AdmitWaiting(); // it may have been too large for the room there is, and the next one is not
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

        // Its owner goes on elsewhere: whoever completes this holds the lock.
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
