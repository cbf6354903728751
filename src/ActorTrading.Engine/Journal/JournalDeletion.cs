namespace ActorTrading.Engine.Journal;

/// <summary>The events and snapshots of an id to delete.</summary>
/// <param name="EventsUpTo">Events with this sequence number and below; 0 for none.</param>
/// <param name="SnapshotsBelow">Snapshots with a lower sequence number; 0 for none.</param>
public readonly record struct JournalDeletion(string PersistenceId, long EventsUpTo, long SnapshotsBelow);
