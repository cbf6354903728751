namespace ActorTrading.Engine.Ingest.Access;

/// <summary>
/// Counts the connections of each caller, over all protocols, against its quota (<see cref="CallerLimits.Connections"/>). Callers are
/// identified by their rule: the count is kept when the rules change. Thread-safe.
/// </summary>
public sealed class CallerConnections
{
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>
    /// Counts a connection, unless the caller has reached its quota. After a result of true, the caller of this method must call
    /// <see cref="Leave"/> once.
    /// </summary>
    /// <param name="grant">The caller; null (no access rules) has no quota.</param>
    /// <param name="replaces">Whether the new connection replaces one that is about to end.</param>
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

    /// <summary>Removes a counted connection that has ended.</summary>
    public void Leave(Grant? grant)
    {
        if (grant is null) return;
        lock (gate)
        {
            if (--counts[grant.Key] == 0) counts.Remove(grant.Key);
        }
    }
}
