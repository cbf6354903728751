using ActorTrading.Engine.Telemetry;

namespace ActorTrading.Host.Web.Queries;

/// <summary>
/// Admits journal queries: a limited number run at once, others are queued and admitted round-robin by caller. The queue is limited per
/// caller and in total. Thread-safe.
/// </summary>
internal sealed class QueryPool(QueryOptions options, TimeProvider time)
{
    private readonly Lock sync = new();
    private readonly Dictionary<string, Line> lines = new(StringComparer.Ordinal); // callers with a running or queued query
    private readonly LinkedList<Line> turns = []; // callers with a queued query; the first one is next
    private readonly long[] refused = new long[Enum.GetValues<QueryLimit>().Length];
    private int running;
    private int waiting;
    private long timedOut;

    /// <summary>The limits.</summary>
    public QueryOptions Options => options;

    /// <summary>Number of running queries.</summary>
    public int Running
    {
        get
        {
            lock (sync) return running;
        }
    }

    /// <summary>Number of queued queries.</summary>
    public int Waiting
    {
        get
        {
            lock (sync) return waiting;
        }
    }

    /// <summary>Number of queries that exceeded the time limit.</summary>
    public long TimedOut => Interlocked.Read(ref timedOut);

    /// <summary>Receives the durations of queries.</summary>
    public EngineMeter? Meter { get; init; }

    /// <summary>Number of queries rejected by a limit.</summary>
    public long Refused(QueryLimit limit) => Interlocked.Read(ref refused[(int)limit]);

    /// <summary>Waits for a slot. A caller that disconnects leaves the queue immediately.</summary>
    /// <param name="caller">The caller of the query.</param>
    /// <param name="quota">Maximum number of running and queued queries of the caller; null for no limit.</param>
    /// <param name="cancellation">Cancelled when the caller disconnects.</param>
    /// <returns>The slot, which the query holds until it is disposed.</returns>
    /// <exception cref="RequestFault">There are too many queries.</exception>
    public async Task<QuerySlot> EnterAsync(string caller, long? quota, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var waiter = Enter(caller, quota);
        try
        {
            return await waiter.Turn.Task.WaitAsync(options.Timeout, time, cancellation);
        }
        catch (Exception gone) when (gone is OperationCanceledException or TimeoutException)
        {
            Leave(waiter);
            if (gone is OperationCanceledException) throw;
            throw Refuse(QueryLimit.Wait, $"The query has waited for {options.Timeout.TotalSeconds:0.#} s and was not started.");
        }
    }

    /// <summary>Counts a query that exceeded the time limit.</summary>
    public void NoteTimeout() => Interlocked.Increment(ref timedOut);

    /// <summary>Called when a query has ended; admits the next query.</summary>
    internal void Release(string caller)
    {
        lock (sync)
        {
            running--;
            var line = lines[caller];
            line.Running--;
            Forget(line);
            Admit();
        }
    }

    private Waiter Enter(string caller, long? quota)
    {
        lock (sync)
        {
            if (!lines.TryGetValue(caller, out var line)) line = new Line(caller);
            if (line.Running + line.Waiting.Count >= quota)
                throw Refuse(QueryLimit.Quota, $"The access rules allow the caller {quota} queries at once; wait until one has ended.");
            if (running >= options.AtOnce && line.Waiting.Count >= options.WaitingPerCaller)
                throw Refuse(QueryLimit.Caller, $"{line.Waiting.Count} queries of the caller are already waiting; retry later.");
            if (running >= options.AtOnce && waiting >= options.Waiting)
                throw Refuse(QueryLimit.Node, $"{waiting} queries are already waiting on this node.");
            lines[caller] = line;
            var waiter = new Waiter(line);
            if (line.Waiting.Count == 0) turns.AddLast(line);
            line.Waiting.AddLast(waiter);
            waiting++;
            Admit();
            return waiter;
        }
    }

    /// <summary>Gives free slots to the next queries.</summary>
    private void Admit()
    {
        while (running < options.AtOnce && turns.First is { Value: var line })
        {
            var waiter = line.Waiting.First!.Value;
            turns.RemoveFirst();
            line.Waiting.RemoveFirst();
            if (line.Waiting.Count > 0) turns.AddLast(line);
            waiting--;
            running++;
            line.Running++;
            waiter.Turn.SetResult(new QuerySlot(this, line.Caller, time));
        }
    }

    /// <summary>Removes a waiter from the queue.</summary>
    private void Leave(Waiter waiter)
    {
        lock (sync)
        {
            if (waiter.Line.Waiting.Remove(waiter))
            {
                waiting--;
                if (waiter.Line.Waiting.Count == 0) turns.Remove(waiter.Line);
                Forget(waiter.Line);
                return;
            }
        }

        waiter.Turn.Task.Result.Dispose(); // its turn came at the same moment
    }

    private void Forget(Line line)
    {
        if (line.Running == 0 && line.Waiting.Count == 0) lines.Remove(line.Caller);
    }

    private RequestFault Refuse(QueryLimit limit, string message)
    {
        Interlocked.Increment(ref refused[(int)limit]);
        return new RequestFault(429, "too_many_queries", message);
    }

    private sealed class Line(string caller)
    {
        public string Caller { get; } = caller;

        public int Running { get; set; }

        public LinkedList<Waiter> Waiting { get; } = [];
    }

    private sealed class Waiter(Line line)
    {
        public Line Line { get; } = line;

        public TaskCompletionSource<QuerySlot> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>The limit that rejected a query.</summary>
internal enum QueryLimit
{
    /// <summary>The quota of the caller in the access rules.</summary>
    Quota,

    /// <summary>The queue limit per caller.</summary>
    Caller,

    /// <summary>The queue limit of the node.</summary>
    Node,

    /// <summary>The time limit in the queue.</summary>
    Wait,
}

/// <summary>The slot of a running query.</summary>
internal sealed class QuerySlot(QueryPool pool, string caller, TimeProvider time) : IDisposable
{
    private readonly long begun = time.GetTimestamp();
    private int isOver;

    /// <summary>The name of the operation, for metrics.</summary>
    public string Operation { get; set; } = "";

    /// <summary>Frees the slot. Repeated calls do nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isOver, 1) == 1) return;
        pool.Meter?.Queried(Operation, time.GetElapsedTime(begun));
        pool.Release(caller);
    }
}
