using ActorTrading.Engine.Ingest.Accounting;

namespace ActorTrading.Engine.Nodes;

/// <summary>The newest rejections of a node, for later queries. Thread-safe.</summary>
internal sealed class RecentRejects
{
    /// <summary>Maximum number of rejections.</summary>
    public const int Kept = 1_000;

    private readonly Lock sync = new();
    private readonly Queue<KeptReject> kept = new();
    private long last;

    /// <summary>Adds rejections, in order.</summary>
    public void Add(IReadOnlyList<Reject> rejects)
    {
        lock (sync)
        {
            last += Math.Max(0, rejects.Count - Kept);
            for (var i = Math.Max(0, rejects.Count - Kept); i < rejects.Count; i++)
            {
                if (kept.Count == Kept) kept.Dequeue();
                kept.Enqueue(new KeptReject(++last, rejects[i]));
            }
        }
    }

    /// <summary>The rejections that match, newest first.</summary>
    public IReadOnlyList<KeptReject> Read(RejectFilter filter)
    {
        KeptReject[] all;
        lock (sync) all = [.. kept];
        return
        [
            .. all.Reverse().Where(one => filter.Reason is not { } reason || one.Reject.Input.Rejection.Reason == reason)
                .Where(one => filter.Source is not { } source || one.Reject.Input.Source.Equals(source)).Take(filter.Limit),
        ];
    }
}
