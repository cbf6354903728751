using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Embedded.Signals;

/// <summary>
/// Gives each signal its place in the log, once: a signal that a replay fires again is known by its symbol, its number and its
/// plan. Subscribers see it when it is durable. Safe for any number of threads.
/// </summary>
internal sealed class Administrator(Plan plan, JournalWriter journal, SignalLog log)
{
    private readonly Lock sync = new();
    private readonly Dictionary<Symbol, long> lastNumbers = [];
    private long lastPosition;

    /// <summary>Reads the log, before anything is taken.</summary>
    public void Recover(IJournalStore store, long highest)
    {
        var page = new List<LoggedSignal>();
        SignalLog.Scan(store, 1, long.MaxValue, (position, hash, signal) =>
        {
            if (hash == plan.For(signal.Symbol).Hash)
                lastNumbers[signal.Symbol] = Math.Max(signal.Number, lastNumbers.GetValueOrDefault(signal.Symbol));
            lastPosition = position;
            page.Add(new LoggedSignal(position, signal));
            if (page.Count < 1_024) return;
            log.Publish(page);
            page.Clear();
        });
        if (lastPosition != highest)
            throw new Recovering.RecoveryException(PersistenceIds.Administrator, lastPosition + 1, $"the signals up to {highest} are missing");
        log.Publish(page);
    }

    /// <summary>Logs what is new among these, which are in the order of their numbers for each symbol.</summary>
    public void Take(List<Signal> signals)
    {
        if (signals.Count == 0) return;
        lock (sync)
        {
            var logged = new List<LoggedSignal>(signals.Count);
            var work = new SimpleWork(() => log.Publish(logged));
            foreach (var signal in signals)
            {
                if (signal.Number <= lastNumbers.GetValueOrDefault(signal.Symbol)) continue;
                lastNumbers[signal.Symbol] = signal.Number;
                var at = work.Bytes.WrittenCount;
                SignalCodec.Encode(plan.For(signal.Symbol).Hash, signal, work.Bytes);
                work.AddEvent(PersistenceIds.Administrator, ++lastPosition, EventManifests.Signal, at);
                logged.Add(new LoggedSignal(lastPosition, signal));
            }

            // Within the lock, so that the journal gets the positions in their order.
            if (logged.Count > 0) journal.Enqueue(work);
        }
    }
}
