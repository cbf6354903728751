namespace ActorTrading.Host.Nodes;

/// <summary>How far a node has come.</summary>
internal enum NodePhase
{
    /// <summary>It replays its journal and takes nothing yet.</summary>
    Recovering,

    /// <summary>It takes ticks.</summary>
    Ready,

    /// <summary>It takes nothing more and lets what it took become durable.</summary>
    Draining,

    /// <summary>It cannot go on; a new start recovers.</summary>
    Failed,
}
