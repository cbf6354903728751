using System.Buffers;
using ActorTrading.Engine.Journal;

namespace ActorTrading.Engine.Ingest.Accounting;

/// <summary>
/// Stores rejections on disk. One thread writes all waiting rejections and syncs once for them. After a failure it tries again, into
/// another file, until it succeeds; a rejection is reported as kept only after that. Thread-safe.
/// </summary>
internal sealed class Quarantine : IDisposable
{
    private const string Prefix = "rejected";

    private readonly object gate = new(); // a monitor: the writer waits on it
    private readonly RotatedLog log;
    private readonly IngestPipelineOptions options;
    private readonly ArrayBufferWriter<byte> lines = new(4096); // used by the writer thread only
    private readonly Thread writer;
    private readonly CommitPulse kept = new();
    private readonly string folder;
    private List<Block> waiting = [];
    private TaskCompletionSource room = NewSignal();
    private QuarantineStatus status = new(0, 0, 0, 0, 0, null, null);
    private QuarantinePlace durable;
    private bool isClosing;

    public Quarantine(string folder, IngestPipelineOptions options)
    {
        this.options = options;
        this.folder = folder;
        log = new RotatedLog(folder, Prefix, options.FileBytes, options.QuarantineBytes, Notify);
        log.Refresh();
        durable = log.Durable;
        writer = new Thread(Run) { IsBackground = true, Name = "quarantine" };
        writer.Start();
    }

    public QuarantineStatus Status
    {
        get
        {
            lock (gate) return status;
        }
    }

    /// <summary>The position after the last durable rejection.</summary>
    public QuarantinePlace End
    {
        get
        {
            lock (gate) return durable;
        }
    }

    /// <summary>The rejections after a position, each after it is durable, then new ones, until the quarantine is closed.</summary>
    public IAsyncEnumerable<QuarantineLine> ReadAsync(QuarantinePlace after, CancellationToken cancellation) =>
        new QuarantineReader(folder, Prefix, () => End, kept).FollowAsync(after, cancellation);

    /// <summary>Waits until there is room for that many rejections, and reserves it.</summary>
    /// <exception cref="QuarantineException">The quarantine is closed.</exception>
    public ValueTask EnterAsync(int count, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (isClosing) throw new QuarantineException("The quarantine is closed.");
            if (TryEnter(count)) return ValueTask.CompletedTask;
        }

        return new ValueTask(WaitAsync());

        async Task WaitAsync()
        {
            while (true)
            {
                Task wait;
                lock (gate)
                {
                    if (isClosing) throw new QuarantineException("The quarantine is closed.");
                    if (TryEnter(count)) return;
                    wait = room.Task;
                }

                await wait.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Adds rejections for which room is reserved; completes when they are durable.</summary>
    /// <exception cref="QuarantineException">(From the task.) The quarantine was closed before they were durable.</exception>
    public Task KeepAsync(IReadOnlyList<Reject> rejects)
    {
        var block = new Block(rejects);
        lock (gate)
        {
            if (isClosing) throw new QuarantineException("The quarantine is closed.");
            waiting.Add(block);
            Monitor.Pulse(gate);
        }

        return block.Kept.Task;
    }

    /// <summary>Writes the waiting rejections, if the disk accepts them, and stops.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isClosing = true;
            Monitor.Pulse(gate);
            Announce();
        }

        writer.Join();
        log.Dispose();
        kept.End(null);
    }

    private bool TryEnter(int count)
    {
        if (status.Waiting > 0 && status.Waiting + count > options.MaxWaiting) return false;
        status = status with { Waiting = status.Waiting + count };
        return true;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Run()
    {
        var group = new List<Block>();
        while (true)
        {
            lock (gate)
            {
                while (waiting.Count == 0 && !isClosing) Monitor.Wait(gate);
                if (waiting.Count == 0) return;
                (group, waiting) = (waiting, group);
            }

            while (!IsDone(group)) WaitToRetry();
            group.Clear();
        }
    }

    /// <summary>Tries to write; false if it must be tried again.</summary>
    private bool IsDone(List<Block> group)
    {
        try
        {
            foreach (var block in group)
            {
                lines.ResetWrittenCount();
                RejectLines.Write(lines, block.Rejects);
                log.Append(lines.WrittenSpan);
            }

            log.Sync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            log.Abandon();
            return IsGivenUp(group, e.Message);
        }

        Settle(group, null);
        foreach (var block in group) block.Kept.SetResult();
        return true;
    }

    /// <summary>Records the reason of a failure. Returns whether it will not be tried again; then the waiting callers fail.</summary>
    private bool IsGivenUp(List<Block> group, string problem)
    {
        bool isNew, isOver;
        lock (gate)
        {
            isNew = status.Problem is null;
            isOver = isClosing;
            status = status with { Problem = problem, Since = status.Since ?? options.Time.GetUtcNow() };
        }

        if (isNew) Notify($"The quarantine cannot be written, so refused input is not acknowledged: {problem}");
        if (!isOver) return false;
        Settle(group, problem);
        foreach (var block in group) block.Kept.SetException(new QuarantineException($"The quarantine cannot be written: {problem}"));
        return true;
    }

    private void Settle(List<Block> group, string? problem)
    {
        var count = group.Sum(block => (long)block.Rejects.Count);
        bool isBack;
        lock (gate)
        {
            isBack = status.Problem is not null && problem is null;
            status = new QuarantineStatus(
                status.Kept + (problem is null ? count : 0), status.Waiting - count, log.Bytes, log.DroppedFiles, log.DroppedBytes, problem,
                problem is null ? null : status.Since);
            durable = log.Durable;
            Announce();
        }

        kept.Beat();
        if (isBack) Notify("The quarantine can be written again.");
    }

    private void WaitToRetry()
    {
        lock (gate)
        {
            if (!isClosing) Monitor.Wait(gate, options.RetryAfter);
        }
    }

    /// <summary>Wakes the callers that wait for room. The caller holds the gate.</summary>
    private void Announce()
    {
        room.SetResult();
        room = NewSignal();
    }

    private void Notify(string what) => options.OnNotice?.Invoke(what);

    private sealed record Block(IReadOnlyList<Reject> Rejects)
    {
        public TaskCompletionSource Kept { get; } = NewSignal();
    }
}
