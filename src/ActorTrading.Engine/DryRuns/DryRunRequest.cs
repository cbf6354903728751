using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.DryRuns;

/// <summary>A plan that is to be tried on the past, and how much of that. All limits hold for one dry run.</summary>
/// <param name="Proposed">The plan; its own exclusions do not count: those in force do.</param>
/// <param name="Symbols">The symbols that both plans are folded for, in the order in which they are.</param>
public sealed record DryRunRequest(Plan Proposed, IReadOnlyList<Symbol> Symbols)
{
    /// <summary>Most records of a symbol that are folded by default.</summary>
    public const long DefaultRecords = 200_000;

    /// <summary>Most records of a symbol that can be asked for.</summary>
    public const long MaxRecords = 2_000_000;

    /// <summary>Most symbols of one dry run.</summary>
    public const int MaxSymbols = 1_000;

    /// <summary>Most signals of one symbol and plan that are compared.</summary>
    public const int MaxSignals = 100_000;

    /// <summary>Signals before that moment are not compared. What precedes it is folded nevertheless.</summary>
    public Timestamp From { get; init; } = Timestamp.MinValue;

    /// <summary>The most records of a symbol that are folded: the last ones. By both plans from the same event on.</summary>
    public long Records { get; init; } = DefaultRecords;

    /// <summary>When it ends with what it has by then.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The most signals that are listed; all are counted.</summary>
    public int Listed { get; init; } = 200;
}
