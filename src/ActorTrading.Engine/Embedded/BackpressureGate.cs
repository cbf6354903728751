namespace ActorTrading.Engine.Embedded;

/// <summary>
/// Lets batches in, in the order in which they come, while the partitions that they are for have room; knows what is inside. Safe for any
/// number of threads.
/// </summary>
internal sealed class BackpressureGate
{
    private readonly Lock sync = new();
    private readonly IReadOnlyList<Partition> partitions;
    private readonly int capacity;
    private readonly TimeProvider clock;
    private readonly AdmissionQueue<Submission> line;
    private readonly int[] held;
    private readonly HashSet<Submission> inside = [];
    private readonly TaskCompletionSource emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? paused;

    /// <param name="partitions">For whom batches are let in.</param>
    /// <param name="capacity">Records that each of them may hold.</param>
    /// <param name="clock">Tells when they were let in.</param>
    public BackpressureGate(IReadOnlyList<Partition> partitions, int capacity, TimeProvider clock)
    {
        this.partitions = partitions;
        this.capacity = capacity;
        this.clock = clock;
        held = new int[partitions.Count];
        line = new AdmissionQueue<Submission>(sync, HasRoom, Admit);
    }

    /// <summary>Records that a partition has been given and has not yet folded.</summary>
    public int Held(int partition) => Volatile.Read(ref held[partition]);

    /// <summary>Batches that wait for room.</summary>
    public int Waiting
    {
        get
        {
            lock (sync) return line.Count;
        }
    }

    /// <summary>Waits for room, then hands the parts to their partitions; completes with what will be the answer.</summary>
    /// <exception cref="EngineStoppedException">The gate is closed.</exception>
    public ValueTask<Admitted<IngestResult>> EnterAsync(Submission submission, CancellationToken cancellation) =>
        line.EnterAsync(submission, cancellation);

    /// <summary>A partition is done with so many records.</summary>
    public void Leave(int partition, int records)
    {
        lock (sync)
        {
            held[partition] -= records;
            line.AdmitWaiting();
        }
    }

    /// <summary>A submission is done.</summary>
    public void Finish(Submission submission)
    {
        lock (sync)
        {
            if (!inside.Remove(submission)) return; // it was failed before
            TellIfEmpty();
        }

        submission.Complete();
    }

    /// <summary>Lets everybody wait; the task completes when all that is inside is done.</summary>
    public Task PauseAsync()
    {
        lock (sync)
        {
            paused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (inside.Count == 0) paused.TrySetResult();
            return paused.Task;
        }
    }

    /// <summary>Ends a pause.</summary>
    public void Resume()
    {
        lock (sync)
        {
            paused = null;
            line.AdmitWaiting();
        }
    }

    /// <summary>Lets nobody in any more; the task completes when all that is inside is done.</summary>
    public Task CloseAsync(EngineStoppedException why)
    {
        lock (sync)
        {
            line.Close(why);
            TellIfEmpty();
        }

        return emptied.Task;
    }

    /// <summary>Lets nobody in any more, and tells those inside that it is over.</summary>
    public void Fail(EngineStoppedException why)
    {
        List<Submission> lost;
        lock (sync)
        {
            line.Close(why, isLastWord: true);
            lost = [.. inside];
            inside.Clear();
            emptied.TrySetException(why.Again());
        }

        _ = emptied.Task.Exception; // nobody may be waiting for it
        foreach (var submission in lost) submission.Fail(why.Again());
    }

    private void TellIfEmpty()
    {
        if (inside.Count > 0) return;
        paused?.TrySetResult();
        if (line.IsClosed) emptied.TrySetResult();
    }

    private bool HasRoom(Submission submission)
    {
        if (paused is not null) return false;
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
}
