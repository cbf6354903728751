namespace ActorTrading.Lab.Chaos;

/// <summary>What happens to a cluster.</summary>
internal enum FaultKind
{
    /// <summary>A node is killed, and started again after a while.</summary>
    Kill,

    /// <summary>A node is told to drain, and started again.</summary>
    Drain,

    /// <summary>A node stands still for a moment, which the others bear with, or for so long that they go on without it.</summary>
    Freeze,

    /// <summary>A node and the others cannot hear each other, for a moment or for long, while all reach the journal.</summary>
    Cut,

    /// <summary>One more node joins, takes its part, and is drained later.</summary>
    Join,

    /// <summary>All nodes are drained and started again, one after the other.</summary>
    Roll,

    /// <summary>Nobody can write to the journal for a while.</summary>
    Journal,
}
