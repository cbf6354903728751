using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Signals;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Embedded.Signals;

/// <summary>
/// Assigns each signal its position in the log, exactly once. A signal that a replay fires again is recognised by its symbol, number and
/// plan. Subscribers receive a signal when it is durable. Snapshots record the last signal of each symbol, so that a start does not read
/// the whole log. Thread-safe.
/// </summary>
internal sealed class Administrator(JournalWriter journal, SignalLog log, int snapshotEvery)
{
    private const int PageLength = 1_024;

    private readonly Lock sync = new();
    private SignalLogState state = new();
    private Plan plan = Plan.Default;

    /// <summary>The plan of new signals.</summary>
    public Plan Plan
    {
        set
        {
            lock (sync) plan = value;
        }
    }

    /// <summary>
    /// Reads the newest usable snapshot and the log after it, before any signal is taken. Returns the number of signals read.
    /// </summary>
    /// <exception cref="RecoveryException">A signal is missing or damaged.</exception>
    public long Recover(IJournalStore store, long highest, List<UnusedSnapshot> unused)
    {
        state = SignalLogState.Recover(store, unused);
        log.BeginAt(state.Snapshot);
        var page = new List<LoggedSignal>();
        state.ReadOn(store, highest, signal =>
        {
            page.Add(signal);
            if (page.Count < PageLength) return;
            log.Publish(page);
            page.Clear();
        });
        log.Publish(page);
        var read = state.Position - state.Snapshot;
        if (state.IsSnapshotDue(snapshotEvery)) TakeSnapshot(); // otherwise no snapshot would be taken if no signal fires
        return read;
    }

    /// <summary>Logs the new signals among these. The signals of each symbol are in order of their numbers.</summary>
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

    /// <summary>Logs new withdrawals in one commit with the given work.</summary>
    public void Withdraw(PlanHash key, IReadOnlyList<Signal> withdrawn, SimpleWork work)
    {
        lock (sync)
        {
            Add(withdrawn, _ => key, work);
            journal.Enqueue(work);
        }
    }

    /// <summary>
    /// Adds the new signals to the work. The caller holds the lock until the work is handed over: the journal must receive positions in
    /// order.
    /// </summary>
    private void Add(IReadOnlyList<Signal> signals, Func<Symbol, PlanHash> planOf, SimpleWork work)
    {
        var logged = new List<LoggedSignal>(signals.Count);
        foreach (var signal in signals)
        {
            var of = planOf(signal.Symbol);
            if (!state.TryAdd(signal.Symbol, of, signal.Number)) continue;
            var at = work.Bytes.WrittenCount;
            SignalCodec.Encode(of, signal, work.Bytes);
            work.AddEvent(PersistenceIds.Administrator, state.Position, EventManifests.Signal, at);
            logged.Add(new LoggedSignal(state.Position, signal));
        }

        if (state.IsSnapshotDue(snapshotEvery)) AddSnapshot(work);
        if (logged.Count > 0) work.Then(() => log.Publish(logged));
    }

    /// <summary>Takes a snapshot of all taken signals, unless there is one.</summary>
    public void TakeSnapshot()
    {
        lock (sync)
        {
            if (state.Position == state.Snapshot) return;
            var work = new SimpleWork();
            AddSnapshot(work);
            journal.Enqueue(work);
        }
    }

    /// <summary>
    /// Adds the snapshot to the commit of the last signals that it covers, or to a later one: it is never durable before them.
    /// </summary>
    private void AddSnapshot(SimpleWork work)
    {
        var at = work.Bytes.WrittenCount;
        var before = state.WriteSnapshot(work.Bytes);
        work.AddSnapshot(PersistenceIds.Administrator, state.Position, EventManifests.SignalLog, at);
        if (before > 0) work.Deletions.Add(new JournalDeletion(PersistenceIds.Administrator, EventsUpTo: 0, before));
    }
}
