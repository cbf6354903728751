namespace ActorTrading.Host.Nodes;

/// <summary>The phase of a node.</summary>
internal enum NodePhase
{
    /// <summary>Replays the journal; accepts no records yet.</summary>
    Recovering,

    /// <summary>Accepts ticks.</summary>
    Ready,

    /// <summary>Accepts no more records and waits until the accepted ones are durable.</summary>
    Draining,

    /// <summary>Has stopped because of a failure; a restart recovers it.</summary>
    Failed,
}
