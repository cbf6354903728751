using System.Diagnostics;
using System.Runtime.InteropServices;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Telemetry;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// The only thread that writes to the journal. It puts all waiting work into one commit, in order of hand-over: the longer a commit takes,
/// the larger the next one.
/// </summary>
internal sealed class JournalWriter
{
    private readonly IJournalStore store;
    private readonly Action<Exception> onFailure;
    private readonly EngineMeter? meter;
    private readonly Retention retention;
    private readonly Thread thread;
    private readonly object sync = new();
    private readonly List<JournalEntry> events = [];
    private readonly List<JournalEntry> snapshots = [];
    private readonly List<JournalDeletion> deletions = [];
    private List<JournalWork> waiting = [];
    private List<JournalWork> taken = [];
    private bool isStopped;

    public JournalWriter(IJournalStore store, Retention retention, Action<Exception> onFailure, EngineMeter? meter = null)
    {
        this.store = store;
        this.retention = retention;
        this.onFailure = onFailure;
        this.meter = meter;
        thread = new Thread(Run) { IsBackground = true, Name = "journal" };
        thread.Start();
    }

    /// <summary>Signals after each commit.</summary>
    public CommitPulse Committed { get; } = new();

    /// <summary>Adds work to the queue. Its <c>OnCommitted</c> is called when it is durable, and not called if the commit fails.</summary>
    public void Enqueue(JournalWork work)
    {
        lock (sync)
        {
            waiting.Add(work);
            if (waiting.Count == 1) Monitor.Pulse(sync);
        }
    }

    /// <summary>Completes when all work enqueued before is durable.</summary>
    public Task FlushAsync()
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(new SimpleWork(() => flushed.TrySetResult()));
        return flushed.Task;
    }

    /// <summary>Starts no further commit.</summary>
    public void Stop()
    {
        lock (sync)
        {
            isStopped = true;
            Monitor.Pulse(sync);
        }
    }

    public void Join()
    {
        if (thread != Thread.CurrentThread) thread.Join();
    }

    private void Run()
    {
        try
        {
            while (Take())
            {
                Commit();
                foreach (var work in taken) work.OnCommitted();
                taken.Clear();
                Committed.Beat();
                retention.RunIfDue();
            }

            retention.Run();
        }
        catch (Exception e)
        {
            onFailure(e);
        }
    }

    private bool Take()
    {
        lock (sync)
        {
            while (waiting.Count == 0 && !isStopped) Monitor.Wait(sync);
            if (isStopped) return false;
            (waiting, taken) = (taken, waiting);
            return true;
        }
    }

    private void Commit()
    {
        foreach (var work in taken)
        {
            work.AddTo(events, snapshots);
            deletions.AddRange(work.Deletions);
        }

        if (events.Count > 0 || snapshots.Count > 0) CommitRows();
        retention.Add(deletions);
        events.Clear();
        snapshots.Clear();
        deletions.Clear();
    }

    private void CommitRows()
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            store.Commit(CollectionsMarshal.AsSpan(events), CollectionsMarshal.AsSpan(snapshots));
        }
        catch
        {
            meter?.CommitFailed();
            throw;
        }

        meter?.Committed(
            Stopwatch.GetElapsedTime(begun), events.Count, snapshots.Count, taken.Sum(static work => (long)work.Bytes.WrittenCount));
    }
}
