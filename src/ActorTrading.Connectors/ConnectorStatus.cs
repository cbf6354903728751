namespace ActorTrading.Connectors;

/// <summary>What a connector does at present.</summary>
public enum ConnectorPhase
{
    /// <summary>It tries to reach the other system, or waits before it tries again.</summary>
    Connecting,

    /// <summary>It is connected.</summary>
    Running,

    /// <summary>It leaves the work to another node of the cluster.</summary>
    Standby,

    /// <summary>It has ended.</summary>
    Stopped,
}

/// <summary>Which way the records of a connector go.</summary>
public enum ConnectorDirection
{
    /// <summary>From the other system to the engine.</summary>
    In,

    /// <summary>From the engine to the other system.</summary>
    Out,
}

/// <summary>
/// How a connector is doing. <paramref name="Messages"/>: handled and durable, on the side they went to.
/// <paramref name="Rejected"/>: of those, messages of which a record was refused (in).
/// <paramref name="Errors"/>: failures of the connection since the start.
/// <paramref name="Lag"/>: messages that wait on the side they come from; null where that is not known.
/// </summary>
public sealed record ConnectorStatus(
    string Name, string Kind, ConnectorDirection Direction, ConnectorPhase Phase, long Messages, long Rejected, long Errors, long? Lag)
{
    /// <summary>Messages beside those, which have no content and were passed over.</summary>
    public long Skipped { get; init; }

    private static readonly Dictionary<string, long> NoEvents = [];

    /// <summary>What else its kind counts, by name; none where it counts nothing else.</summary>
    public IReadOnlyDictionary<string, long> Events { get; init; } = NoEvents;

    /// <summary>The symbols that it reads; null where it does not choose them.</summary>
    public IReadOnlyList<string>? Symbols { get; init; }

    /// <summary>The last failure; null before the first. It holds no secret.</summary>
    public string? LastError { get; init; }

    /// <summary>Messages that the other side deleted before they were handled, since the start, as far as that is known.</summary>
    public long Lost { get; init; }

    /// <summary>When the last message was handled; null before the first.</summary>
    public DateTimeOffset? LastMessage { get; init; }
}
