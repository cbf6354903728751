namespace ActorTrading.Engine.Journal;

/// <summary>How far an id has come: the highest sequence number that it ever had.</summary>
public readonly record struct JournalHead(string PersistenceId, long HighestSequenceNumber);
