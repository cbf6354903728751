using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Cluster.Signals;

/// <summary>The list of subscribed symbols as read by this node from the journal. Thread-safe.</summary>
internal sealed class SubscriptionView(IJournalStore store)
{
    private readonly Lock sync = new();
    private Subscriptions current = Subscriptions.Everything;
    private long lastEvent;

    /// <summary>The list up to the last event read.</summary>
    public Subscriptions Current => Volatile.Read(ref current);

    /// <summary>Reads new changes. Blocks.</summary>
    /// <exception cref="RecoveryException">A change is missing or damaged.</exception>
    public void Read()
    {
        lock (sync)
        {
            RecoveryException? failure = null;
            store.Read(PersistenceIds.Subscriptions, lastEvent + 1, long.MaxValue, (in JournalRow row) =>
            {
                if (!SubscriptionEvents.TryRead(row, lastEvent + 1, out var change, out var symbols, out var fault))
                {
                    failure = new(PersistenceIds.Subscriptions, lastEvent + 1, fault);
                    return false;
                }

                Volatile.Write(ref current, current.After(change, symbols));
                lastEvent = row.SequenceNumber;
                return true;
            });
            if (failure is not null) throw failure;
        }
    }
}
