namespace ActorTrading.Engine.Ingest.Access;

/// <summary>
/// Quotas of one caller (a token, a certificate, or all unauthenticated callers), from the <c>limits</c> of its rule. Null means no quota
/// of its own; the limits of the node apply to all callers. Each quota is per node, for all connections of the caller together.
/// </summary>
public sealed record CallerLimits
{
    /// <summary>No quotas.</summary>
    public static CallerLimits None { get; } = new();

    /// <summary>Records a second; 1 or more.</summary>
    public long? RecordsPerSecond { get; init; }

    /// <summary>New symbols that the caller may add to a node; 0 or more.</summary>
    public long? Symbols { get; init; }

    /// <summary>Concurrent connections over TCP, WebSockets and event streams together; 1 or more.</summary>
    public long? Connections { get; init; }

    /// <summary>Concurrent queries of the journal, running or waiting; 1 or more.</summary>
    public long? Queries { get; init; }
}
