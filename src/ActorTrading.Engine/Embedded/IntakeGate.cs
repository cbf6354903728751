namespace ActorTrading.Engine.Embedded;

/// <summary>
/// Lets batches in, in the order in which they come, while the partitions that they are for have room; knows what is inside. Safe for any
/// number of threads.
/// </summary>
internal sealed class IntakeGate(IReadOnlyList<Partition> partitions, int capacity, TimeProvider clock)
{
    private readonly Lock sync = new();
    private readonly int[] held = new int[partitions.Count];
    private readonly LinkedList<Waiter> waiters = [];
    private readonly HashSet<Submission> inside = [];
    private readonly TaskCompletionSource emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EngineStoppedException? closed;

    /// <summary>Records that a partition has been given and has not yet folded.</summary>
    public int Held(int partition) => Volatile.Read(ref held[partition]);

    /// <summary>Batches that wait for room.</summary>
    public int Waiting
    {
        get
        {
            lock (sync) return waiters.Count;
        }
    }

    /// <summary>Waits for room, then hands the parts to their partitions.</summary>
    /// <exception cref="EngineStoppedException">The gate is closed.</exception>
    public ValueTask EnterAsync(Submission submission, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (sync)
        {
            if (closed is not null) throw Again(closed);
            if (waiters.Count == 0 && HasRoom(submission))
            {
                Admit(submission);
                return ValueTask.CompletedTask;
            }

            waiter = new Waiter(submission);
            waiters.AddLast(waiter);
        }

        return new ValueTask(WaitAsync(waiter, cancellation));
    }

    /// <summary>A partition is done with so many records.</summary>
    public void Leave(int partition, int records)
    {
        lock (sync)
        {
            held[partition] -= records;
            AdmitWaiting();
        }
    }

    /// <summary>A submission is done.</summary>
    public void Finish(Submission submission)
    {
        lock (sync)
        {
            if (!inside.Remove(submission)) return; // it was failed before
            if (closed is not null && inside.Count == 0) emptied.TrySetResult();
        }

        submission.Complete();
    }

    /// <summary>Lets nobody in any more; the task completes when all that is inside is done.</summary>
    public Task CloseAsync(EngineStoppedException why)
    {
        List<Waiter> turnedAway;
        lock (sync)
        {
            closed ??= why;
            turnedAway = [.. waiters];
            waiters.Clear();
            if (inside.Count == 0) emptied.TrySetResult();
        }

        foreach (var waiter in turnedAway) waiter.Entered.TrySetException(Again(why));
        return emptied.Task;
    }

    /// <summary>Lets nobody in any more, and tells those inside that it is over.</summary>
    public void Fail(EngineStoppedException why)
    {
        List<Submission> lost;
        lock (sync)
        {
            closed = why;
            lost = [.. inside];
            inside.Clear();
            emptied.TrySetException(Again(why));
        }

        _ = emptied.Task.Exception; // nobody may be waiting for it
        _ = CloseAsync(why);
        foreach (var submission in lost) submission.Fail(Again(why));
    }

    private static EngineStoppedException Again(EngineStoppedException why) => new(why.Message, why.InnerException);

    private async Task WaitAsync(Waiter waiter, CancellationToken cancellation)
    {
        await using var registration = cancellation.UnsafeRegister(
            static (state, token) =>
            {
                var (gate, waiter) = ((IntakeGate, Waiter))state!;
                lock (gate.sync)
                {
                    if (!gate.waiters.Remove(waiter)) return;
                    gate.AdmitWaiting();
                }

                waiter.Entered.TrySetCanceled(token);
            },
            (this, waiter)).ConfigureAwait(false);
        await waiter.Entered.Task.ConfigureAwait(false);
    }

    private void AdmitWaiting()
    {
        while (waiters.First is { } first && HasRoom(first.Value.Submission))
        {
            waiters.RemoveFirst();
            Admit(first.Value.Submission);
            first.Value.Entered.TrySetResult();
        }
    }

    private bool HasRoom(Submission submission)
    {
        foreach (var part in submission.Parts)
        {
            var inUse = held[part.Partition];
            if (inUse > 0 && inUse + part.Count > capacity) return false;
        }

        return true;
    }

    private void Admit(Submission submission)
    {
        inside.Add(submission);
        foreach (var part in submission.Parts)
        {
            held[part.Partition] += part.Count;
            part.Since = clock.GetTimestamp();
            partitions[part.Partition].Enqueue(part);
        }
    }

    private sealed class Waiter(Submission submission)
    {
        public Submission Submission => submission;

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
