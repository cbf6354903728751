namespace ActorTrading.Engine.Recovering;

/// <summary>The journal does not give back what was put into it: whose event, which one, and what is wrong with it.</summary>
public sealed class RecoveryException(string persistenceId, long sequenceNumber, string fault)
    : Exception($"Event {sequenceNumber} of '{persistenceId}': {fault}.")
{
    /// <summary>Whose event.</summary>
    public string PersistenceId { get; } = persistenceId;

    /// <summary>Its number.</summary>
    public long SequenceNumber { get; } = sequenceNumber;

    /// <summary>What is wrong with it.</summary>
    public string Fault { get; } = fault;
}
