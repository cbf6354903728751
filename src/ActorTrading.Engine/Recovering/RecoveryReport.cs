namespace ActorTrading.Engine.Recovering;

/// <summary>Progress of recovery: events replayed, the approximate total, and the records in the replayed events.</summary>
public readonly record struct RecoveryProgress(long Events, long EventsToReplay, long Records);

/// <summary>A snapshot that could not be used, and the reason. Its symbol, or the signal log, was recovered without it.</summary>
public sealed record UnusedSnapshot(string PersistenceId, long SequenceNumber, string Reason);

/// <summary>Result of the recovery when an engine was opened.</summary>
public sealed record RecoveryReport(
    int Symbols, int SnapshotsUsed, IReadOnlyList<UnusedSnapshot> SnapshotsUnused, long Events, long Records, TimeSpan Elapsed)
{
    /// <summary>Number of entries read from the signal log: those after its newest usable snapshot.</summary>
    public long SignalsRead { get; init; }
}
