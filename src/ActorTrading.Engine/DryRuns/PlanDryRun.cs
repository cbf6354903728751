using System.Diagnostics;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;

namespace ActorTrading.Engine.DryRuns;

/// <summary>
/// Folds the past of symbols with the plan in force and with another one, and compares the signals. Reads the journal; blocks. Single use.
/// </summary>
internal sealed class PlanDryRun(IJournalStore store, Plan present, DryRunRequest request)
{
    private readonly long begun = Stopwatch.GetTimestamp();
    private readonly CompiledPlans presentPlans = new(present);
    private readonly CompiledPlans proposedPlans = new(request.Proposed.WithExclusionsOf(present));
    private readonly DryCounts counts = new();
    private readonly SortedDictionary<string, DryCounts> rules = new(StringComparer.Ordinal);
    private readonly NewestDifferences changed = new(request.Listed);
    private readonly NewestDifferences unchanged = new(request.Listed);
    private int symbols;
    private int fromLater;
    private long records;
    private (Timestamp First, Timestamp Last)? span;

    /// <summary>Folds until everything is done, the time limit is reached, or a symbol has too many signals.</summary>
    /// <exception cref="Recovering.RecoveryException">An event is missing or damaged.</exception>
    public DryRunReport Run(CancellationToken cancellation)
    {
        var end = DryRunEnd.Complete;
        foreach (var symbol in request.Symbols)
        {
            var fold = new DoubleFold(store, symbol, presentPlans.Of(symbol), proposedPlans.Of(symbol));
            end = fold.Run(request, () => Stopwatch.GetElapsedTime(begun) > request.TimeLimit, cancellation);
            if (end != DryRunEnd.Complete) break;
            Take(fold);
        }

        return new DryRunReport
        {
            Present = present.Hash,
            Proposed = request.Proposed.Hash,
            Symbols = symbols,
            SymbolsNotReached = request.Symbols.Count - symbols,
            SymbolsFromLater = fromLater,
            Records = records,
            Span = span,
            End = end,
            Counts = counts,
            Rules = rules,
            Signals =
            [
                .. changed.Concat(unchanged).Take(request.Listed)
                    .OrderByDescending(one => one.Signal.Time).ThenBy(one => one.Signal.Id.Symbol),
            ],
            Elapsed = Stopwatch.GetElapsedTime(begun),
        };
    }

    private void Take(DoubleFold fold)
    {
        symbols++;
        if (fold.IsFromLater) fromLater++;
        records += fold.Records;
        if (fold.Span is { } own)
        {
            span = span is { } all
                ? (own.First < all.First ? own.First : all.First, own.Last > all.Last ? own.Last : all.Last)
                : own;
        }

        foreach (var difference in SignalComparison.Of(fold.Present, fold.Proposed))
        {
            counts.Add(difference.Fate);
            var rule = difference.Signal.Rule;
            if (!rules.TryGetValue(rule, out var ofRule)) rules.Add(rule, ofRule = new DryCounts());
            ofRule.Add(difference.Fate);
            (difference.Fate == SignalFate.Stays ? unchanged : changed).Add(difference);
        }
    }
}
