namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Counts the connections of each caller, over whatever way they come, against its quota
/// (<see cref="CallerLimits.Connections"/>). A caller is known by its rule: its count stays when the rules change. Safe
/// for any number of threads.
/// </summary>
public sealed class CallerConnections
{
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Counts one more, unless the caller has as many as it may. Whoever gets true calls <see cref="Leave"/> once.</summary>
    /// <param name="grant">The caller; null, where there are no rules, has no quota.</param>
    /// <param name="replaces">Whether the new one takes the place of one that is about to end.</param>
    public bool TryEnter(Grant? grant, bool replaces = false)
    {
        if (grant is null) return true;
        lock (gate)
        {
            var count = counts.GetValueOrDefault(grant.Key);
            if (grant.Limits.Connections is { } quota && count >= quota + (replaces ? 1 : 0)) return false;
            counts[grant.Key] = count + 1;
            return true;
        }
    }

    /// <summary>One that was counted has ended.</summary>
    public void Leave(Grant? grant)
    {
        if (grant is null) return;
        lock (gate)
        {
            if (--counts[grant.Key] == 0) counts.Remove(grant.Key);
        }
    }
}
