namespace ActorTrading.Engine.Journal;

/// <summary>Two writers of one id: an event with that sequence number already exists. Nothing was written.</summary>
public sealed class JournalConflictException(string persistenceId, long sequenceNumber, Exception? inner = null)
    : JournalException(
        JournalFailure.Conflict, $"Event {sequenceNumber} of '{persistenceId}' is already in the journal: there are two writers.", inner)
{
    /// <summary>The persistence id with the conflict.</summary>
    public string PersistenceId { get; } = persistenceId;

    /// <summary>The first sequence number of the commit that already existed.</summary>
    public long SequenceNumber { get; } = sequenceNumber;
}
