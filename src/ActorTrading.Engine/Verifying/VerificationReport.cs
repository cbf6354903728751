using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Verifying;

/// <summary>The part of a journal with a fault.</summary>
public enum VerifiedPart
{
    /// <summary>An event of a symbol is missing, damaged, or out of order. Later events were not folded.</summary>
    Event,

    /// <summary>A snapshot is damaged, or differs from the state folded from the events before it.</summary>
    Snapshot,

    /// <summary>An entry of the signal log is missing, damaged, duplicate, or differs from what the events give.</summary>
    Signal,

    /// <summary>A change of the subscription list is missing or damaged.</summary>
    Subscription,

    /// <summary>A change of the plan is missing or damaged. From there on it is unknown which plan was in force.</summary>
    Plan,
}

/// <summary>A fault in a journal: the part, the persistence id, the sequence number and a description.</summary>
public sealed record VerificationFault(VerifiedPart Part, string PersistenceId, long SequenceNumber, string Fault)
{
    /// <summary>The fault as one readable line.</summary>
    public override string ToString() => $"{Part} {SequenceNumber} of '{PersistenceId}': {Fault}";
}

/// <summary>
/// Events of a symbol that could not be verified because older events were deleted: all up to <paramref name="UpTo"/>, which a snapshot
/// covers.
/// </summary>
public sealed record UnverifiedEvents(Symbol Symbol, long UpTo);

/// <summary>Progress of a verification: events folded, the approximate total, and the records in the folded events.</summary>
public readonly record struct VerificationProgress(long Events, long AllEvents, long Records);

/// <summary>Result of verifying a journal.</summary>
public sealed record VerificationReport
{
    /// <summary>The first faults, in the order of finding; at most <see cref="Verification.MaxFaults"/>.</summary>
    public required IReadOnlyList<VerificationFault> Faults { get; init; }

    /// <summary>Number of all faults, including those not listed.</summary>
    public required long FaultCount { get; init; }

    /// <summary>Number of symbols in the journal.</summary>
    public required int Symbols { get; init; }

    /// <summary>Number of folded events.</summary>
    public required long Events { get; init; }

    /// <summary>Number of records in the folded events.</summary>
    public required long Records { get; init; }

    /// <summary>Number of snapshots of the present plan, and of the signal log, that are equal to what the events give.</summary>
    public required long Snapshots { get; init; }

    /// <summary>Number of valid snapshots of other plans, which cannot be compared.</summary>
    public required long SnapshotsOfOtherPlans { get; init; }

    /// <summary>Number of logged signals that are equal to what the events give.</summary>
    public required long Signals { get; init; }

    /// <summary>Number of valid signals of other plans, which cannot be compared.</summary>
    public required long SignalsOfOtherPlans { get; init; }

    /// <summary>
    /// Number of logged signals whose events were deleted or are damaged. They are logged once and in order, but could not be compared.
    /// </summary>
    public required long SignalsUnverified { get; init; }

    /// <summary>Number of withdrawals in the log; each takes back one earlier signal.</summary>
    public long SignalsWithdrawn { get; init; }

    /// <summary>Number of exclusions in force at the end of the journal.</summary>
    public int Exclusions { get; init; }

    /// <summary>Number of records that were not folded because they are excluded.</summary>
    public long RecordsExcluded { get; init; }

    /// <summary>
    /// Number of signals that the events give but that are not in the log, because another plan was in force when the events were written.
    /// </summary>
    public required long SignalsNotInForce { get; init; }

    /// <summary>
    /// Number of signals that the newest events give but that are not in the log yet: a crash can leave them, and the next start logs them.
    /// </summary>
    public required long SignalsToLog { get; init; }

    /// <summary>Events that could not be verified because older events were deleted.</summary>
    public required IReadOnlyList<UnverifiedEvents> Unverified { get; init; }

    /// <summary>The hash over all symbols at the end of the journal; null if the events of a symbol are damaged.</summary>
    public required StateHash? Hash { get; init; }

    /// <summary>Duration of the verification.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether no fault was found in the verified parts.</summary>
    public bool IsSound => FaultCount == 0;

    /// <summary>Whether everything could be verified from the first event.</summary>
    public bool IsComplete => Unverified.Count == 0;

    /// <summary>Records folded per second.</summary>
    public double RecordsPerSecond => Records / Math.Max(Elapsed.TotalSeconds, 1e-9);
}
