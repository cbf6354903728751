using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Embedded;

/// <summary>The list of subscribed symbols and the journal of its changes; one change at a time. Thread-safe.</summary>
internal sealed class SubscriptionLog(JournalWriter journal)
{
    private readonly SemaphoreSlim turn = new(1);
    private Subscriptions current = Subscriptions.Everything;
    private long lastEvent;

    /// <summary>The list, with durable changes only.</summary>
    public Subscriptions Current => Volatile.Read(ref current);

    /// <summary>Reads the changes from the journal, before any record is accepted.</summary>
    /// <exception cref="RecoveryException">A change is missing or damaged.</exception>
    public void Recover(IJournalStore store)
    {
        RecoveryException? failure = null;
        store.Read(PersistenceIds.Subscriptions, 1, long.MaxValue, (in JournalRow row) =>
        {
            if (!SubscriptionEvents.TryRead(row, lastEvent + 1, out var change, out var symbols, out var fault))
            {
                failure = new(PersistenceIds.Subscriptions, lastEvent + 1, fault);
                return false;
            }

            current = current.After(change, symbols);
            lastEvent = row.SequenceNumber;
            return true;
        });
        if (failure is not null) throw failure;
        var head = store.HighestSequenceNumber(PersistenceIds.Subscriptions);
        if (lastEvent < head)
            throw new RecoveryException(PersistenceIds.Subscriptions, lastEvent + 1, $"it and all up to {head} are missing");
    }

    /// <summary>Makes a change durable, then applies it.</summary>
    /// <param name="changing">Returns the change, given the list at that moment; null for no change.</param>
    public async Task ChangeAsync(
        Func<Subscriptions, (SubscriptionChange Change, Symbol[] Symbols)?> changing, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (changing(current) is not var (change, symbols)) return;
            var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var work = new SimpleWork(() =>
            {
                Volatile.Write(ref current, current.After(change, symbols));
                durable.TrySetResult();
            });
            SubscriptionCodec.Encode(change, symbols, work.Bytes);
            work.AddEvent(PersistenceIds.Subscriptions, ++lastEvent, EventManifests.Subscription, 0);
            journal.Enqueue(work);
            await durable.Task.ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }
}
