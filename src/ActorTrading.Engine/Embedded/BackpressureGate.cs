namespace ActorTrading.Engine.Embedded;

/// <summary>
/// Admission gate of the engine: admits batches in arrival order while their partitions have room, and tracks the admitted ones.
/// Thread-safe.
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

    /// <param name="partitions">The partitions that receive the admitted batches.</param>
    /// <param name="capacity">Maximum number of records in each partition.</param>
    /// <param name="clock">The clock for admission times.</param>
    public BackpressureGate(IReadOnlyList<Partition> partitions, int capacity, TimeProvider clock)
    {
        this.partitions = partitions;
        this.capacity = capacity;
        this.clock = clock;
        held = new int[partitions.Count];
        line = new AdmissionQueue<Submission>(sync, HasRoom, Admit);
    }

    /// <summary>Number of records that a partition has received and not yet folded.</summary>
    public int Held(int partition) => Volatile.Read(ref held[partition]);

    /// <summary>Number of batches that wait for room.</summary>
    public int Waiting
    {
        get
        {
            lock (sync) return line.Count;
        }
    }

    /// <summary>Waits for room, then passes the parts to their partitions. The result completes with the outcome of the batch.</summary>
    /// <exception cref="EngineStoppedException">The gate is closed.</exception>
    public ValueTask<Admitted<IngestResult>> EnterAsync(Submission submission, CancellationToken cancellation) =>
        line.EnterAsync(submission, cancellation);

    /// <summary>A partition has finished that many records.</summary>
    public void Leave(int partition, int records)
    {
        lock (sync)
        {
            held[partition] -= records;
            line.AdmitWaiting();
        }
    }

    /// <summary>A submission has finished.</summary>
    public void Finish(Submission submission)
    {
        lock (sync)
        {
            if (!inside.Remove(submission)) return; // it has already failed
            TellIfEmpty();
        }

        submission.Complete();
    }

    /// <summary>Pauses admission: new batches wait. The task completes when all admitted batches have finished.</summary>
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

    /// <summary>Closes the gate: new batches fail. The task completes when all admitted batches have finished.</summary>
    public Task CloseAsync(EngineStoppedException why)
    {
        lock (sync)
        {
            line.Close(why);
            TellIfEmpty();
        }

        return emptied.Task;
    }

    /// <summary>Closes the gate and fails all admitted batches.</summary>
    public void Fail(EngineStoppedException why)
    {
        List<Submission> lost;
        lock (sync)
        {
            line.Close(why, isLastWord: true);
            lost = [.. inside];
            inside.Clear();
            emptied.TrySetException(why.Copy());
        }

        _ = emptied.Task.Exception; // observed here, since nothing may await the task
        foreach (var submission in lost) submission.Fail(why.Copy());
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
