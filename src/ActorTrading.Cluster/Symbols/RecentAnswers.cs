using ActorTrading.Cluster.Messages;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// The last message number of each sender with its answer, so that a resent message is answered again and processed once. Keeps 32
/// senders, and nothing across a restart: sequenced records are then detected as duplicates. Not thread-safe.
/// </summary>
internal sealed class RecentAnswers
{
    private const int MaxSenders = 32;

    private readonly Dictionary<Guid, (long Number, BatchAck? Done)> last = [];
    private readonly Queue<Guid> senders = new();

    /// <summary>
    /// Notes that a message is in progress. False: the message was seen before, and <paramref name="answer"/> is to be sent again. A
    /// null answer means: send nothing (yet).
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

    /// <summary>Notes the answer of a processed message.</summary>
    public void End(BatchAck answer)
    {
        if (last.TryGetValue(answer.Sender, out var known) && known.Number == answer.Number) last[answer.Sender] = (answer.Number, answer);
    }
}
