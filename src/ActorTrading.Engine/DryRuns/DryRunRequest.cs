using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.DryRuns;

/// <summary>A plan to try on the past, and the limits of the dry run. All limits apply to one dry run.</summary>
/// <param name="Proposed">The plan. Its own exclusions are ignored: the exclusions in force apply.</param>
/// <param name="Symbols">The symbols to fold with both plans, in this order.</param>
public sealed record DryRunRequest(Plan Proposed, IReadOnlyList<Symbol> Symbols)
{
    /// <summary>Default maximum number of records per symbol.</summary>
    public const long DefaultRecords = 200_000;

    /// <summary>Upper limit of the maximum number of records per symbol.</summary>
    public const long MaxRecords = 2_000_000;

    /// <summary>Maximum number of symbols in one dry run.</summary>
    public const int MaxSymbols = 1_000;

    /// <summary>Maximum number of signals per symbol and plan that are compared.</summary>
    public const int MaxSignals = 100_000;

    /// <summary>Signals before that time are not compared. Earlier records are still folded.</summary>
    public Timestamp From { get; init; } = Timestamp.MinValue;

    /// <summary>Maximum number of records per symbol: the last ones. Both plans start from the same event.</summary>
    public long Records { get; init; } = DefaultRecords;

    /// <summary>Maximum duration. At the limit the dry run ends with the results so far.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Maximum number of listed signals; all signals are counted.</summary>
    public int Listed { get; init; } = 200;
}
