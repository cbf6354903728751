using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.DryRuns;

/// <summary>How a signal changes when another plan is in force.</summary>
public enum SignalFate
{
    /// <summary>Both plans give it at the same time.</summary>
    Stays,

    /// <summary>Both plans give a signal of that rule, at times at most ten bars of the rule's frame apart.</summary>
    Moves,

    /// <summary>Only the proposed plan gives it.</summary>
    Comes,

    /// <summary>Only the present plan gives it.</summary>
    Goes,
}

/// <summary>A signal in the comparison.</summary>
public readonly record struct DrySignal(SignalId Id, string Rule, SignalAction Action, Timestamp Time, long Price, int PriceDecimals)
{
    internal static DrySignal Of(Signal signal) =>
        new(SignalId.Of(signal), signal.RuleName, signal.Action, signal.Time, signal.Price, signal.PriceDecimals);
}

/// <summary>A signal of one plan or of both.</summary>
/// <param name="Present">The signal of the present plan; null if it gives none.</param>
/// <param name="Proposed">The signal of the proposed plan; null if it gives none.</param>
public sealed record DryDifference(SignalFate Fate, DrySignal? Present, DrySignal? Proposed)
{
    /// <summary>The signal of the proposed plan if there is one, otherwise that of the present plan.</summary>
    public DrySignal Signal => Proposed ?? Present!.Value;
}

/// <summary>Number of signals by fate.</summary>
public sealed class DryCounts
{
    private readonly long[] counts = new long[Enum.GetValues<SignalFate>().Length];

    /// <summary>Number of signals with that fate.</summary>
    public long this[SignalFate fate] => counts[(int)fate];

    /// <summary>Number of signals of the present plan.</summary>
    public long Present => this[SignalFate.Stays] + this[SignalFate.Moves] + this[SignalFate.Goes];

    /// <summary>Number of signals of the proposed plan.</summary>
    public long Proposed => this[SignalFate.Stays] + this[SignalFate.Moves] + this[SignalFate.Comes];

    internal void Add(SignalFate fate) => counts[(int)fate]++;
}

/// <summary>Why a dry run ended.</summary>
public enum DryRunEnd
{
    /// <summary>Everything was folded.</summary>
    Complete,

    /// <summary>The time limit was reached.</summary>
    TimeLimit,

    /// <summary>A symbol has more signals than the maximum.</summary>
    TooManySignals,
}

/// <summary>Result of a dry run: two plans folded over the same past.</summary>
public sealed record DryRunReport
{
    /// <summary>The hash of the plan in force.</summary>
    public required PlanHash Present { get; init; }

    /// <summary>The hash of the proposed plan.</summary>
    public required PlanHash Proposed { get; init; }

    /// <summary>Number of symbols folded with both plans.</summary>
    public required int Symbols { get; init; }

    /// <summary>Number of requested symbols that were not folded to the end and so are not compared.</summary>
    public required int SymbolsNotReached { get; init; }

    /// <summary>
    /// Number of symbols folded from a later event than their first one. Both plans start there, and indicators warm up from there.
    /// </summary>
    public required int SymbolsFromLater { get; init; }

    /// <summary>Number of records folded by each plan.</summary>
    public required long Records { get; init; }

    /// <summary>The exchange time of the oldest and the newest folded record; null if there was none.</summary>
    public required (Timestamp First, Timestamp Last)? Span { get; init; }

    /// <summary>Why the dry run ended.</summary>
    public required DryRunEnd End { get; init; }

    /// <summary>Counts of all signals.</summary>
    public required DryCounts Counts { get; init; }

    /// <summary>Counts of the signals by rule name, ordered by name.</summary>
    public required IReadOnlyDictionary<string, DryCounts> Rules { get; init; }

    /// <summary>The newest signals that come, go or move; if there is room, also signals that stay. Newest first.</summary>
    public required IReadOnlyList<DryDifference> Signals { get; init; }

    /// <summary>Duration of the dry run.</summary>
    public required TimeSpan Elapsed { get; init; }
}
