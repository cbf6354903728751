namespace ActorTrading.Lab.Chaos;

/// <summary>The kinds of faults of a cluster.</summary>
internal enum FaultKind
{
    /// <summary>A node is killed and restarted after a while.</summary>
    Kill,

    /// <summary>A node drains and is restarted.</summary>
    Drain,

    /// <summary>A node is suspended: briefly, which the cluster tolerates, or so long that the cluster downs it.</summary>
    Freeze,

    /// <summary>The network between a node and the others is cut, briefly or for long; all reach the journal.</summary>
    Cut,

    /// <summary>A node joins, receives shards, and drains later.</summary>
    Join,

    /// <summary>Rolling restart: all nodes drain and restart, one after the other.</summary>
    Roll,

    /// <summary>The journal cannot be written for a while.</summary>
    Journal,
}
