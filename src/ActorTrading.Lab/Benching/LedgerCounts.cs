namespace ActorTrading.Lab.Benching;

/// <summary>The ledger counts of a source.</summary>
internal readonly record struct LedgerCounts(long Received, long Applied, long Duplicate, long Late, long Rejected)
{
    /// <summary>Whether received = applied + duplicate + late + rejected.</summary>
    public bool IsBalanced => Received == Applied + Duplicate + Late + Rejected;

    public static LedgerCounts operator -(LedgerCounts left, LedgerCounts right) => new(
        left.Received - right.Received, left.Applied - right.Applied, left.Duplicate - right.Duplicate, left.Late - right.Late,
        left.Rejected - right.Rejected);

    /// <summary>The counts as text.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"received {Received:N0} = applied {Applied:N0} + duplicate {Duplicate:N0} + late {Late:N0} + rejected {Rejected:N0}")
        + (IsBalanced ? "" : "  NOT BALANCED");
}
