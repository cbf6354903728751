namespace ActorTrading.Lab.Chaos;

/// <summary>The results of all faults of one kind.</summary>
/// <param name="Name">The kind of fault.</param>
internal sealed record FaultTally(string Name)
{
    /// <summary>
    /// For each fault, in the order of the rounds: the longest wait of a record for its ack, since the record was first passed to its feed.
    /// </summary>
    public List<TimeSpan> LongestWaits { get; } = [];

    /// <summary>Number of nodes that ended by themselves, as downed nodes do.</summary>
    public int EndedByThemselves { get; set; }
}
