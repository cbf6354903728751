namespace ActorTrading.Lab.Chaos;

/// <summary>What came of all faults of one kind.</summary>
/// <param name="Name">The kind.</param>
internal sealed record FaultTally(string Name)
{
    /// <summary>
    /// For each fault the longest that a record waited for its ack, from when it was first handed to its feed, in the order of the rounds.
    /// </summary>
    public List<TimeSpan> LongestWaits { get; } = [];

    /// <summary>Nodes that ended in its course though nobody had ended them, as those do that the others have gone on without.</summary>
    public int EndedByThemselves { get; set; }
}
