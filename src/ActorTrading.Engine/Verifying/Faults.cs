namespace ActorTrading.Engine.Verifying;

/// <summary>The faults found: the first ones listed, all of them counted.</summary>
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
