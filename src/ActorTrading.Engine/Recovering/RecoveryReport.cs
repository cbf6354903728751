namespace ActorTrading.Engine.Recovering;

/// <summary>How far recovery has come: events replayed, of about so many, and the records in them.</summary>
public readonly record struct RecoveryProgress(long Events, long EventsToReplay, long Records);

/// <summary>A snapshot that could not be used, and why; its symbol, or the signal log, was recovered without it.</summary>
public sealed record UnusedSnapshot(string PersistenceId, long SequenceNumber, string Reason);

/// <summary>What opening an engine found and did.</summary>
public sealed record RecoveryReport(
    int Symbols, int SnapshotsUsed, IReadOnlyList<UnusedSnapshot> SnapshotsUnused, long Events, long Records, TimeSpan Elapsed)
{
    /// <summary>Entries of the signal log that were read: those behind its newest usable snapshot.</summary>
    public long SignalsRead { get; init; }
}
