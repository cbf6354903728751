namespace ActorTrading.Engine.Past;

/// <summary>
/// Threads for long synchronous reads of the journal, so that they do not take those of the thread pool, which the
/// engine, acknowledgements and the web server need. They begin when there is work and end after some seconds without
/// any. How many reads run at once is for those who admit them; the limit here is only a last one. Their priority is
/// the usual one: a garbage collection waits for every thread, so one that the system lets wait would hold up all
/// others. Safe for any number of threads.
/// </summary>
internal sealed class ReadingThreads(string name, int limit) : TaskScheduler
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private readonly object sync = new(); // Monitor.Wait needs an object
    private readonly LinkedList<Task> waiting = [];
    private int threads;
    private int idle;

    /// <summary>For queries.</summary>
    public static ReadingThreads OfQueries { get; } = new("journal query", 64);

    /// <summary>
    /// For what those who look on are sent: pages of the signal log that they are behind with, and symbols that sleep.
    /// However many they are, they take turns, page by page and symbol by symbol.
    /// </summary>
    public static ReadingThreads OfSubscribers { get; } = new("journal for subscribers", Math.Clamp(Environment.ProcessorCount / 2, 2, 8));

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => limit;

    /// <summary>Reads on one of the threads. The task ends when the reading has ended, also where it was cancelled.</summary>
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
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false; // never on the caller's thread

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
