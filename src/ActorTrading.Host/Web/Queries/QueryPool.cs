using ActorTrading.Engine.Telemetry;

namespace ActorTrading.Host.Web.Queries;

/// <summary>
/// Admits queries of the journal: some run at once, others wait for their turn, which goes round among callers. A
/// caller has a limited number of places in the queue, and so have all together. Safe for any number of threads.
/// </summary>
internal sealed class QueryPool(QueryOptions options, TimeProvider time)
{
    private readonly Lock sync = new();
    private readonly Dictionary<string, Line> lines = new(StringComparer.Ordinal); // callers with a query that runs or waits
    private readonly LinkedList<Line> turns = []; // callers with a query that waits; the next turn is the first one's
    private readonly long[] refused = new long[Enum.GetValues<QueryLimit>().Length];
    private int running;
    private int waiting;
    private long timedOut;

    /// <summary>Its limits.</summary>
    public QueryOptions Options => options;

    /// <summary>Queries that run now.</summary>
    public int Running
    {
        get
        {
            lock (sync) return running;
        }
    }

    /// <summary>Queries that wait now.</summary>
    public int Waiting
    {
        get
        {
            lock (sync) return waiting;
        }
    }

    /// <summary>Queries that had to end because they took too long.</summary>
    public long TimedOut => Interlocked.Read(ref timedOut);

    /// <summary>Told how long queries ran.</summary>
    public EngineMeter? Meter { get; init; }

    /// <summary>Queries that were refused by a limit.</summary>
    public long Refused(QueryLimit limit) => Interlocked.Read(ref refused[(int)limit]);

    /// <summary>Waits for the turn of a query. Who leaves frees the place in the queue at once.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="quota">Queries of the caller that may run or wait at once; null for no such limit.</param>
    /// <param name="cancellation">The caller has left.</param>
    /// <returns>The place, which the query holds until it is disposed of.</returns>
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
            throw Refuse(QueryLimit.Wait, $"The query has waited for {options.Timeout.TotalSeconds:0.#} s, and its turn has not come.");
        }
    }

    /// <summary>A query has come to its time limit.</summary>
    public void NoteTimeout() => Interlocked.Increment(ref timedOut);

    /// <summary>A query has ended; the next one begins.</summary>
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
                throw Refuse(QueryLimit.Quota, $"The access rules let the caller have {quota} queries at once; wait until one has ended.");
            if (running >= options.AtOnce && line.Waiting.Count >= options.WaitingPerCaller)
                throw Refuse(QueryLimit.Caller, $"{line.Waiting.Count} queries of the caller wait already; wait until some have ended.");
            if (running >= options.AtOnce && waiting >= options.Waiting)
                throw Refuse(QueryLimit.Node, $"{waiting} queries wait on this node already.");
            lines[caller] = line;
            var waiter = new Waiter(line);
            if (line.Waiting.Count == 0) turns.AddLast(line);
            line.Waiting.AddLast(waiter);
            waiting++;
            Admit();
            return waiter;
        }
    }

    /// <summary>Gives free places to those whose turn it is.</summary>
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

    /// <summary>One does not wait any more.</summary>
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

/// <summary>Why a query was refused.</summary>
internal enum QueryLimit
{
    /// <summary>The quota of the caller by the access rules.</summary>
    Quota,

    /// <summary>The places that one caller has in the queue.</summary>
    Caller,

    /// <summary>The places that all have in the queue.</summary>
    Node,

    /// <summary>It waited too long.</summary>
    Wait,
}

/// <summary>The place of a query that runs.</summary>
internal sealed class QuerySlot(QueryPool pool, string caller, TimeProvider time) : IDisposable
{
    private readonly long begun = time.GetTimestamp();
    private int isOver;

    /// <summary>What is asked, for the metrics.</summary>
    public string Operation { get; set; } = "";

    /// <summary>Frees the place; once.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isOver, 1) == 1) return;
        pool.Meter?.Queried(Operation, time.GetElapsedTime(begun));
        pool.Release(caller);
    }
}
