using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.DryRuns;

/// <summary>What becomes of a signal when another plan is in force.</summary>
public enum SignalFate
{
    /// <summary>Both plans give it, at the same moment.</summary>
    Stays,

    /// <summary>Both plans give one of that rule, at moments that are at most ten bars of the rule's frame apart.</summary>
    Moves,

    /// <summary>Only the proposed plan gives it.</summary>
    Comes,

    /// <summary>Only the present plan gives it.</summary>
    Goes,
}

/// <summary>A signal as a comparison sees it.</summary>
public readonly record struct DrySignal(SignalId Id, string Rule, SignalAction Action, Timestamp Time, long Price, int PriceDecimals)
{
    internal static DrySignal Of(Signal signal) =>
        new(SignalId.Of(signal), signal.RuleName, signal.Action, signal.Time, signal.Price, signal.PriceDecimals);
}

/// <summary>A signal of either plan, or of both.</summary>
/// <param name="Present">As the present plan gives it; null where it does not.</param>
/// <param name="Proposed">As the proposed plan gives it; null where it does not.</param>
public sealed record DryDifference(SignalFate Fate, DrySignal? Present, DrySignal? Proposed)
{
    /// <summary>The one of the proposed plan where there is one.</summary>
    public DrySignal Signal => Proposed ?? Present!.Value;
}

/// <summary>Signals by what becomes of them.</summary>
public sealed class DryCounts
{
    private readonly long[] counts = new long[Enum.GetValues<SignalFate>().Length];

    /// <summary>How many there are of that fate.</summary>
    public long this[SignalFate fate] => counts[(int)fate];

    /// <summary>What the present plan gives.</summary>
    public long Present => this[SignalFate.Stays] + this[SignalFate.Moves] + this[SignalFate.Goes];

    /// <summary>What the proposed plan gives.</summary>
    public long Proposed => this[SignalFate.Stays] + this[SignalFate.Moves] + this[SignalFate.Comes];

    internal void Add(SignalFate fate) => counts[(int)fate]++;
}

/// <summary>Why a dry run ended before all was folded.</summary>
public enum DryRunEnd
{
    /// <summary>All was folded.</summary>
    Complete,

    /// <summary>The time was over.</summary>
    TimeLimit,

    /// <summary>A symbol has more signals than are compared.</summary>
    TooManySignals,
}

/// <summary>Two plans folded over the same past.</summary>
public sealed record DryRunReport
{
    /// <summary>The hash of the plan in force.</summary>
    public required PlanHash Present { get; init; }

    /// <summary>The hash of the plan tried.</summary>
    public required PlanHash Proposed { get; init; }

    /// <summary>Symbols folded by both plans.</summary>
    public required int Symbols { get; init; }

    /// <summary>Symbols asked for that were not folded to their end, and so are not compared.</summary>
    public required int SymbolsNotReached { get; init; }

    /// <summary>Symbols folded from a later event than their first, by both plans alike: indicators warm up there.</summary>
    public required int SymbolsFromLater { get; init; }

    /// <summary>Records folded, by each plan.</summary>
    public required long Records { get; init; }

    /// <summary>The exchange time of the oldest and the newest record folded; null where there was none.</summary>
    public required (Timestamp First, Timestamp Last)? Span { get; init; }

    /// <summary>Why it ended.</summary>
    public required DryRunEnd End { get; init; }

    /// <summary>All signals.</summary>
    public required DryCounts Counts { get; init; }

    /// <summary>The signals by the name of their rule, ordered by that.</summary>
    public required IReadOnlyDictionary<string, DryCounts> Rules { get; init; }

    /// <summary>The newest signals that come, go or move, and, where there is room, of those that stay; the newest first.</summary>
    public required IReadOnlyList<DryDifference> Signals { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }
}
