namespace ActorTrading.Engine.Verifying;

/// <summary>The faults found: all are counted, and the first ones are listed.</summary>
internal sealed class Faults
{
    private readonly List<VerificationFault> listed = [];

    public IReadOnlyList<VerificationFault> Listed => listed;

    public long Count { get; private set; }

    public void Add(VerifiedPart part, string persistenceId, long sequenceNumber, string fault)
    {
        if (++Count <= Verification.MaxFaults) listed.Add(new VerificationFault(part, persistenceId, sequenceNumber, fault));
    }
}
