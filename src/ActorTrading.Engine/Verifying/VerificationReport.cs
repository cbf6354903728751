using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Verifying;

/// <summary>What of a journal does not hold.</summary>
public enum VerifiedPart
{
    /// <summary>An event of a symbol: missing, damaged, or out of its order. What comes after it was not folded.</summary>
    Event,

    /// <summary>A snapshot: damaged, or not what the events before it come to.</summary>
    Snapshot,

    /// <summary>An entry of the signal log: missing, damaged, there twice, or not what the events come to.</summary>
    Signal,

    /// <summary>A change of the list of subscribed symbols: missing or damaged.</summary>
    Subscription,

    /// <summary>A change of the plan: missing or damaged. Which plan was in force when is not known from there on.</summary>
    Plan,
}

/// <summary>Where a journal does not hold: whose, its number, and what is wrong with it.</summary>
public sealed record VerificationFault(VerifiedPart Part, string PersistenceId, long SequenceNumber, string Fault)
{
    /// <summary>One readable line.</summary>
    public override string ToString() => $"{Part} {SequenceNumber} of '{PersistenceId}': {Fault}";
}

/// <summary>
/// Events of a symbol that could not be verified because older ones were deleted: all up to
/// <paramref name="UpTo"/>, which a snapshot covers.
/// </summary>
public sealed record UnverifiedEvents(Symbol Symbol, long UpTo);

/// <summary>How far a verification has come: events folded, of about so many, and the records in them.</summary>
public readonly record struct VerificationProgress(long Events, long AllEvents, long Records);

/// <summary>What verifying a journal found.</summary>
public sealed record VerificationReport
{
    /// <summary>The first faults, in the order in which they were found; at most <see cref="Verification.MaxFaults"/>.</summary>
    public required IReadOnlyList<VerificationFault> Faults { get; init; }

    /// <summary>All faults, those not listed included.</summary>
    public required long FaultCount { get; init; }

    /// <summary>Symbols of which something is in the journal.</summary>
    public required int Symbols { get; init; }

    /// <summary>Events folded.</summary>
    public required long Events { get; init; }

    /// <summary>Records in them.</summary>
    public required long Records { get; init; }

    /// <summary>Snapshots of the present plan, and of the signal log, that are what the events come to.</summary>
    public required long Snapshots { get; init; }

    /// <summary>Sound snapshots of other plans, which cannot be compared.</summary>
    public required long SnapshotsOfOtherPlans { get; init; }

    /// <summary>Signals that are in the log as the events give them.</summary>
    public required long Signals { get; init; }

    /// <summary>Sound signals of other plans, which cannot be compared.</summary>
    public required long SignalsOfOtherPlans { get; init; }

    /// <summary>
    /// Signals in the log whose events were deleted or are damaged: they are there once and in order, and could not be compared.
    /// </summary>
    public required long SignalsUnverified { get; init; }

    /// <summary>Withdrawals in the log: each takes back one signal before it.</summary>
    public long SignalsWithdrawn { get; init; }

    /// <summary>Exclusions in force where the journal ends.</summary>
    public int Exclusions { get; init; }

    /// <summary>Records that were not folded, since they are excluded.</summary>
    public long RecordsExcluded { get; init; }

    /// <summary>
    /// Signals that the events give and that are not in the log because another plan was in force when those were written.
    /// </summary>
    public required long SignalsNotInForce { get; init; }

    /// <summary>Signals that the newest events give and the log has not yet: what a crash leaves, and the next opening logs.</summary>
    public required long SignalsToLog { get; init; }

    /// <summary>What could not be verified because events were deleted.</summary>
    public required IReadOnlyList<UnverifiedEvents> Unverified { get; init; }

    /// <summary>The hash over all symbols where the journal ends; null when a symbol's events are damaged.</summary>
    public required StateHash? Hash { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether nothing is wrong with what could be verified.</summary>
    public bool IsSound => FaultCount == 0;

    /// <summary>Whether everything could be verified from the first event.</summary>
    public bool IsComplete => Unverified.Count == 0;

    /// <summary>Records folded in a second.</summary>
    public double RecordsPerSecond => Records / Math.Max(Elapsed.TotalSeconds, 1e-9);
}
