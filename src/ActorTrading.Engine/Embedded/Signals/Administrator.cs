using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Signals;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Engine.Embedded.Signals;

/// <summary>
/// Gives each signal its place in the log, once: a signal that a replay fires again is known by its symbol, its number and its
/// plan. Subscribers see it when it is durable. Now and then it writes down how far each symbol has come, so that a start need
/// not read the whole log. Safe for any number of threads.
/// </summary>
internal sealed class Administrator(JournalWriter journal, SignalLog log, int snapshotEvery)
{
    private const int PageLength = 1_024;

    private readonly Lock sync = new();
    private Dictionary<(Symbol Symbol, PlanHash Plan), long> lastNumbers = []; // of every plan: an earlier one may come back
    private long lastPosition;
    private long lastSnapshot;
    private Plan plan = Plan.Default;

    /// <summary>The plan that signals are of from now on.</summary>
    public Plan Plan
    {
        set
        {
            lock (sync) plan = value;
        }
    }

    /// <summary>
    /// Reads the newest usable snapshot and the log behind it, before anything is taken; returns how many signals it read.
    /// </summary>
    /// <exception cref="RecoveryException">A signal is missing or damaged.</exception>
    public long Recover(IJournalStore store, long highest, List<UnusedSnapshot> unused)
    {
        var recovery = new SignalLogRecovery(store, highest, unused);
        log.BeginAt(lastSnapshot = recovery.Snapshot);
        var page = new List<LoggedSignal>();
        recovery.ReadOn(signal =>
        {
            page.Add(signal);
            if (page.Count < PageLength) return;
            log.Publish(page);
            page.Clear();
        });
        (lastPosition, lastNumbers) = (recovery.Position, recovery.LastNumbers);
        log.Publish(page);
        var read = lastPosition - lastSnapshot;
        if (IsSnapshotDue()) TakeSnapshot(); // else nothing would come of it where no signal fires
        return read;
    }

    /// <summary>Logs what is new among these, which are in the order of their numbers for each symbol.</summary>
    public void Take(List<Signal> signals)
    {
        if (signals.Count == 0) return;
        lock (sync)
        {
            var work = new SimpleWork();
            Add(signals, symbol => plan.For(symbol).Hash, work);
            if (!work.IsEmpty) journal.Enqueue(work);
        }
    }

    /// <summary>Logs withdrawals that are new, in one commit with what the work holds.</summary>
    public void Withdraw(PlanHash key, IReadOnlyList<Signal> withdrawn, SimpleWork work)
    {
        lock (sync)
        {
            Add(withdrawn, _ => key, work);
            journal.Enqueue(work);
        }
    }

    /// <summary>
    /// Adds what is new. Within the lock, and so must be the hand-over of the work: the journal gets the positions in their order.
    /// </summary>
    private void Add(IReadOnlyList<Signal> signals, Func<Symbol, PlanHash> planOf, SimpleWork work)
    {
        var logged = new List<LoggedSignal>(signals.Count);
        foreach (var signal in signals)
        {
            var key = (signal.Symbol, Plan: planOf(signal.Symbol));
            if (signal.Number <= lastNumbers.GetValueOrDefault(key)) continue;
            lastNumbers[key] = signal.Number;
            var at = work.Bytes.WrittenCount;
            SignalCodec.Encode(key.Plan, signal, work.Bytes);
            work.AddEvent(PersistenceIds.Administrator, ++lastPosition, EventManifests.Signal, at);
            logged.Add(new LoggedSignal(lastPosition, signal));
        }

        if (IsSnapshotDue()) AddSnapshot(work);
        if (logged.Count > 0) work.Then(() => log.Publish(logged));
    }

    /// <summary>Writes a snapshot of all that was taken, unless there is one.</summary>
    public void TakeSnapshot()
    {
        lock (sync)
        {
            if (lastPosition == lastSnapshot) return;
            var work = new SimpleWork();
            AddSnapshot(work);
            journal.Enqueue(work);
        }
    }

    /// <summary>
    /// A snapshot names every symbol, so that with many of them it comes after more signals: its cost for each stays the same.
    /// </summary>
    private bool IsSnapshotDue() => snapshotEvery > 0 && lastPosition - lastSnapshot >= Math.Max(snapshotEvery, lastNumbers.Count);

    /// <summary>Into the commit of the last signals that it covers, or a later one: it is never durable before them.</summary>
    private void AddSnapshot(SimpleWork work)
    {
        var at = work.Bytes.WrittenCount;
        SignalLogCodec.Encode(lastPosition, lastNumbers, work.Bytes);
        work.AddSnapshot(PersistenceIds.Administrator, lastPosition, EventManifests.SignalLog, at);
        if (lastSnapshot > 0) work.Deletions.Add(new JournalDeletion(PersistenceIds.Administrator, EventsUpTo: 0, lastSnapshot));
        lastSnapshot = lastPosition;
    }
}
