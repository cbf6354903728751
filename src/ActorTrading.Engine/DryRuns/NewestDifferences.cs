using System.Collections;

namespace ActorTrading.Engine.DryRuns;

/// <summary>The newest differences, up to a maximum number; newest first.</summary>
internal sealed class NewestDifferences(int most) : IEnumerable<DryDifference>
{
    private readonly PriorityQueue<DryDifference, long> kept = new();

    public void Add(DryDifference difference)
    {
        kept.Enqueue(difference, difference.Signal.Time.Nanoseconds);
        if (kept.Count > most) kept.Dequeue(); // the oldest
    }

    public IEnumerator<DryDifference> GetEnumerator() =>
        kept.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
