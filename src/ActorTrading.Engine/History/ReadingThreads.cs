namespace ActorTrading.Engine.History;

/// <summary>
/// Threads for long synchronous reads of the journal. They keep these reads off the thread pool, which the engine, acknowledgements and the
/// web server need. Threads start when there is work and end after some seconds without work. The callers limit the number of concurrent
/// reads; the limit here is only the last safeguard. Their priority is normal: a garbage collection waits for every thread, so a thread
/// that the system delays would delay all others. Thread-safe.
/// </summary>
internal sealed class ReadingThreads(string name, int limit) : TaskScheduler
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private readonly object sync = new(); // Monitor.Wait needs an object
    private readonly LinkedList<Task> waiting = [];
    private int threads;
    private int idle;

    /// <summary>Threads for queries.</summary>
    public static ReadingThreads OfQueries { get; } = new("journal query", 64);

    /// <summary>
    /// Threads for data sent to subscribers: pages of the signal log for slow readers, and passivated symbols. Reads take turns, page by
    /// page and symbol by symbol, whatever their number.
    /// </summary>
    public static ReadingThreads OfSubscribers { get; } = new("journal for subscribers", Math.Clamp(Environment.ProcessorCount / 2, 2, 8));

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => limit;

    /// <summary>Runs a read on one of the threads. The task ends when the read has ended, even if it was cancelled.</summary>
    public Task<T> RunAsync<T>(Func<T> read, CancellationToken cancellation) => Task.Factory.StartNew(
        read, cancellation, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.RunContinuationsAsynchronously, this);

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        lock (sync)
        {
            waiting.AddLast(task);
            if (idle >= waiting.Count || threads == limit)
            {
                Monitor.Pulse(sync);
                return;
            }

            threads++;
        }

        new Thread(Work) { IsBackground = true, Name = name }.Start();
    }

    /// <inheritdoc/>
    protected override bool TryDequeue(Task task)
    {
        lock (sync) return waiting.Remove(task);
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false; // never inline on the caller's thread

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (sync) return [.. waiting];
    }

    private void Work()
    {
        while (TryTake(out var task)) TryExecuteTask(task);
    }

    private bool TryTake(out Task task)
    {
        lock (sync)
        {
            while (waiting.Count == 0)
            {
                idle++;
                var isWoken = Monitor.Wait(sync, Linger);
                idle--;
                if (isWoken || waiting.Count > 0) continue;
                threads--;
                task = null!;
                return false;
            }

            task = waiting.First!.Value;
            waiting.RemoveFirst();
            return true;
        }
    }
}
