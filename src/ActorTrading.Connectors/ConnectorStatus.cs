namespace ActorTrading.Connectors;

/// <summary>Phase of a connector.</summary>
public enum ConnectorPhase
{
    /// <summary>Connecting to the other system, or waiting before a retry.</summary>
    Connecting,

    /// <summary>Connected.</summary>
    Running,

    /// <summary>Another node of the cluster does the work.</summary>
    Standby,

    /// <summary>Stopped.</summary>
    Stopped,
}

/// <summary>Direction of a connector.</summary>
public enum ConnectorDirection
{
    /// <summary>From the other system to the engine.</summary>
    In,

    /// <summary>From the engine to the other system.</summary>
    Out,
}

/// <summary>
/// Status of a connector. <paramref name="Messages"/>: number of messages processed and durable at their destination.
/// <paramref name="Rejected"/>: of those, messages with a rejected record (in). <paramref name="Errors"/>: failures of the connection since
/// the start. <paramref name="Lag"/>: messages waiting at their origin; null if unknown.
/// </summary>
public sealed record ConnectorStatus(
    string Name, string Kind, ConnectorDirection Direction, ConnectorPhase Phase, long Messages, long Rejected, long Errors, long? Lag)
{
    /// <summary>Number of further messages, which were skipped since they have no content.</summary>
    public long Skipped { get; init; }

    private static readonly Dictionary<string, long> NoEvents = [];

    /// <summary>Additional counters of its kind, by name; may be empty.</summary>
    public IReadOnlyDictionary<string, long> Events { get; init; } = NoEvents;

    /// <summary>The symbols that it reads; null if it does not select symbols.</summary>
    public IReadOnlyList<string>? Symbols { get; init; }

    /// <summary>The last failure; null before the first. Contains no secret.</summary>
    public string? LastError { get; init; }

    /// <summary>Number of messages since the start that the other side deleted before they were processed, as far as known.</summary>
    public long Lost { get; init; }

    /// <summary>Time of the last processed message; null before the first.</summary>
    public DateTimeOffset? LastMessage { get; init; }
}
