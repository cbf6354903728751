namespace ActorTrading.Engine.Journal;

/// <summary>A persistence id and the highest sequence number that it ever had.</summary>
public readonly record struct JournalHead(string PersistenceId, long HighestSequenceNumber);
