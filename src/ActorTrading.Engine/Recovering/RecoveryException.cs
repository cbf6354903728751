namespace ActorTrading.Engine.Recovering;

/// <summary>The journal does not return what was written: names the persistence id, the event and the fault.</summary>
public sealed class RecoveryException(string persistenceId, long sequenceNumber, string fault)
    : Exception($"Event {sequenceNumber} of '{persistenceId}': {fault}.")
{
    /// <summary>The persistence id of the event.</summary>
    public string PersistenceId { get; } = persistenceId;

    /// <summary>The sequence number of the event.</summary>
    public long SequenceNumber { get; } = sequenceNumber;

    /// <summary>The fault of the event.</summary>
    public string Fault { get; } = fault;
}
