using ActorTrading.Cluster.Messages;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// The last message of each sender and its answer, so that one that is sent again is answered again and done once. Remembers the last
/// few senders only, and nothing across a restart: sequenced records are then known as duplicates. For one thread.
/// </summary>
internal sealed class RecentAnswers
{
    private const int MaxSenders = 32;

    private readonly Dictionary<Guid, (long Number, BatchAck? Done)> last = [];
    private readonly Queue<Guid> senders = new();

    /// <summary>
    /// Notes that a message is being worked on. False if it was seen before: then <paramref name="answer"/> is what to say again, or
    /// null for nothing (yet).
    /// </summary>
    public bool TryBegin(INumbered message, out BatchAck? answer)
    {
        answer = null;
        if (last.TryGetValue(message.Sender, out var known))
        {
            if (message.Number == known.Number) answer = known.Done;
            if (message.Number <= known.Number) return false;
        }
        else
        {
            if (senders.Count == MaxSenders) last.Remove(senders.Dequeue());
            senders.Enqueue(message.Sender);
        }

        last[message.Sender] = (message.Number, null);
        return true;
    }

    /// <summary>The message that this answers is done.</summary>
    public void End(BatchAck answer)
    {
        if (last.TryGetValue(answer.Sender, out var known) && known.Number == answer.Number) last[answer.Sender] = (answer.Number, answer);
    }
}
