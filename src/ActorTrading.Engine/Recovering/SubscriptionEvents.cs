using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Recovering;

/// <summary>Reads the journaled changes of the subscription list.</summary>
internal static class SubscriptionEvents
{
    /// <summary>
    /// Reads one change from a journal row. Returns false, with the fault, if the row has an unexpected sequence number, is not a change of
    /// subscriptions, or is damaged.
    /// </summary>
    public static bool TryRead(in JournalRow row, long expected, out SubscriptionChange change, out Symbol[] symbols, out string fault)
    {
        (change, symbols, fault) = (default, [], "");
        if (row.SequenceNumber != expected) fault = $"it is missing; the next one is {row.SequenceNumber}";
        else if (row.SerializerId != EventManifests.SerializerId || row.Manifest != EventManifests.Subscription)
            fault = $"not a subscription, but '{row.Manifest}' of serializer {row.SerializerId}";
        else if (SubscriptionCodec.TryDecode(row.Payload, out change, out var read, out var error)) symbols = read;
        else fault = error.ToString();
        return fault.Length == 0;
    }
}
