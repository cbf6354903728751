using ActorTrading.Domain.Values;
using ActorTrading.Engine.Nodes;

namespace ActorTrading.Cluster.Overview;

/// <summary>The latest member and shard events that this node saw. Thread-safe.</summary>
internal sealed class ClusterHistory(TimeProvider time)
{
    /// <summary>Number of events kept.</summary>
    public const int Kept = 500;

    private readonly Lock sync = new();
    private readonly Queue<HistoryEvent> events = new();
    private long last;

    /// <summary>Adds a member event.</summary>
    public void Add(HistoryEventKind kind, string node) => Add(kind, node, null, null);

    /// <summary>Adds the move of a shard to another node.</summary>
    public void Moved(int shard, string from, string to) => Add(HistoryEventKind.ShardMoved, to, shard, from);

    /// <summary>The events after a number, oldest first, and the number of the last event.</summary>
    public (IReadOnlyList<HistoryEvent> Events, long Last) After(long number)
    {
        lock (sync) return ([.. events.Where(one => one.Number > number)], last);
    }

    private void Add(HistoryEventKind kind, string node, int? shard, string? from)
    {
        var now = Timestamp.FromDateTime(time.GetUtcNow().UtcDateTime);
        lock (sync)
        {
            if (events.Count == Kept) events.Dequeue();
            events.Enqueue(new HistoryEvent(++last, now, kind, node, shard, from));
        }
    }
}
