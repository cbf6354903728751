using System.Runtime.InteropServices;
using ActorTrading.Engine.Journal;

namespace ActorTrading.Cluster.Journal;

/// <summary>
/// Group commit of many actors' writes: one thread commits all waiting writes in one transaction, so commits grow with the load. A
/// failed commit fails its writes, and the next commit is tried. An existing sequence number fails only the writes of its persistence
/// id. Thread-safe.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private static readonly Comparison<JournalEntry> ByIdAndNumber = static (left, right) =>
        string.CompareOrdinal(left.PersistenceId, right.PersistenceId) is var order and not 0
            ? order
            : left.SequenceNumber.CompareTo(right.SequenceNumber);

    private readonly IJournalStore store;
    private readonly object sync = new();
    private readonly List<JournalEntry> entries = [];
    private List<Write> waiting = [];
    private List<Write> taken = [];
    private bool isStopped;

    public GroupCommit(IJournalStore store)
    {
        this.store = store;
        new Thread(Run) { IsBackground = true, Name = "cluster journal" }.Start();
    }

    /// <summary>Writes events of one persistence id, all or none. Completes when they are durable.</summary>
    /// <exception cref="ArgumentException">An event does not fit in a journal row.</exception>
    public Task WriteAsync(JournalEntry[] events)
    {
        if (events.Length == 0) return Task.CompletedTask;
        JournalEntry.Check(events);
        var write = new Write(events);
        lock (sync)
        {
            ObjectDisposedException.ThrowIf(isStopped, this);
            waiting.Add(write);
            if (waiting.Count == 1) Monitor.Pulse(sync);
        }

        return write.Done.Task;
    }

    /// <summary>Completes, or fails, when no write of a persistence id is pending.</summary>
    public Task SettledAsync(string persistenceId)
    {
        lock (sync) return (Find(waiting) ?? Find(taken))?.Done.Task ?? Task.CompletedTask;

        Write? Find(List<Write> writes) => writes.FindLast(write => write.PersistenceId == persistenceId);
    }

    /// <summary>Starts no further commit, and fails the waiting writes.</summary>
    public void Dispose()
    {
        lock (sync)
        {
            isStopped = true;
            Monitor.Pulse(sync);
        }
    }

    private void Run()
    {
        while (Take())
        {
            List<Write> done;
            Commit();
            lock (sync) (done, taken) = (taken, []);
            // A pool thread completes the writes, while the next commit runs.
            ThreadPool.UnsafeQueueUserWorkItem(static writes => writes.ForEach(static write => write.Complete()), done, preferLocal: false);
        }
    }

    private bool Take()
    {
        lock (sync)
        {
            while (waiting.Count == 0 && !isStopped) Monitor.Wait(sync);
            (waiting, taken) = (taken, waiting);
            if (!isStopped) return true;
        }

        foreach (var write in taken) write.Fail(new ObjectDisposedException(nameof(GroupCommit)));
        return false;
    }

    private void Commit()
    {
        while (true)
        {
            // Sorted in the order of the index by persistence id: a third cheaper than random order.
            entries.Clear();
            foreach (var write in taken.Where(static write => write.Failure is null)) entries.AddRange(write.Events);
            entries.Sort(ByIdAndNumber);
            try
            {
                store.Commit(CollectionsMarshal.AsSpan(entries));
                return;
            }
            catch (JournalConflictException e)
            {
                Fail(e, e.PersistenceId);
            }
            catch (Exception e)
            {
                Fail(e, null);
                return;
            }
        }
    }

    private void Fail(Exception cause, string? persistenceId)
    {
        foreach (var write in taken)
        {
            if (persistenceId is null || write.PersistenceId == persistenceId) write.Failure ??= cause;
        }
    }

    private sealed class Write(JournalEntry[] events)
    {
        public JournalEntry[] Events => events;

        public string PersistenceId => events[0].PersistenceId;

        public TaskCompletionSource Done { get; } = new();

        public Exception? Failure { get; set; }

        public void Complete()
        {
            if (Failure is { } failure) Fail(failure);
            else Done.TrySetResult();
        }

        public void Fail(Exception cause) => Done.TrySetException(cause);
    }
}
