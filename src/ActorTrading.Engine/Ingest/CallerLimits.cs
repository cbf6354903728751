namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Quotas of one caller (a token, a certificate, or everybody who shows neither), from the <c>limits</c> of its rule.
/// Null: no quota of its own; the limits of the node hold for everybody. Each is for one node and all connections of
/// the caller together.
/// </summary>
public sealed record CallerLimits
{
    /// <summary>No quotas.</summary>
    public static CallerLimits None { get; } = new();

    /// <summary>Records a second that it may send; 1 or more.</summary>
    public long? RecordsPerSecond { get; init; }

    /// <summary>Symbols that it may make a node know, that were unknown before; 0 or more.</summary>
    public long? Symbols { get; init; }

    /// <summary>Connections at one time, over TCP, WebSockets and event streams together; 1 or more.</summary>
    public long? Connections { get; init; }

    /// <summary>Queries of the journal at one time, running or waiting; 1 or more.</summary>
    public long? Queries { get; init; }
}
