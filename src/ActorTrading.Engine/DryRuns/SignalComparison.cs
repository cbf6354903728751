using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.DryRuns;

/// <summary>
/// Compares the signals that two plans give for one symbol. A signal stays if the other plan gives one with the same id, or one with the
/// same rule name, action and time. Among the remaining signals of a rule name and action, the earliest pair at most ten bars apart counts
/// as moved, then the next pair, and so on.
/// </summary>
internal static class SignalComparison
{
    private const int BarsApart = 10;

    /// <summary>Every signal of either plan, once; in no order.</summary>
    public static List<DryDifference> Of(IReadOnlyList<DrySignal> present, IReadOnlyList<DrySignal> proposed)
    {
        var differences = new List<DryDifference>(Math.Max(present.Count, proposed.Count));
        var (goes, comes) = PairOff(present, proposed, signal => signal.Id, differences);
        (goes, comes) = PairOff(goes, comes, signal => (signal.Rule, signal.Action, signal.Time), differences);
        var left = comes.ToLookup(RuleOf);
        foreach (var rule in goes.GroupBy(RuleOf)) Move(rule, left[rule.Key], differences);
        var gone = goes.Select(RuleOf).ToHashSet();
        foreach (var signal in comes.Where(signal => !gone.Contains(RuleOf(signal))))
            differences.Add(new DryDifference(SignalFate.Comes, null, signal));
        return differences;
    }

    private static (string Rule, SignalAction Action) RuleOf(DrySignal signal) => (signal.Rule, signal.Action);

    /// <summary>Removes the signals that both lists have with the same key, each once.</summary>
    private static (List<DrySignal> Goes, List<DrySignal> Comes) PairOff<TKey>(
        IReadOnlyList<DrySignal> present, IReadOnlyList<DrySignal> proposed, Func<DrySignal, TKey> key, List<DryDifference> pairs)
        where TKey : notnull
    {
        var open = new Dictionary<TKey, Queue<DrySignal>>();
        foreach (var signal in present)
        {
            if (!open.TryGetValue(key(signal), out var same)) open.Add(key(signal), same = new Queue<DrySignal>(1));
            same.Enqueue(signal);
        }

        var comes = new List<DrySignal>();
        foreach (var signal in proposed)
        {
            if (open.TryGetValue(key(signal), out var same) && same.TryDequeue(out var twin))
                pairs.Add(new DryDifference(SignalFate.Stays, twin, signal));
            else
                comes.Add(signal);
        }

        return ([.. open.Values.SelectMany(same => same)], comes);
    }

    /// <summary>Pairs the remaining signals of a rule in time order.</summary>
    private static void Move(IEnumerable<DrySignal> goes, IEnumerable<DrySignal> comes, List<DryDifference> differences)
    {
        var (before, after) = (InOrder(goes), InOrder(comes));
        var (i, j) = (0, 0);
        while (i < before.Length || j < after.Length)
        {
            if (i < before.Length && j < after.Length && AreNear(before[i], after[j]))
                differences.Add(new DryDifference(SignalFate.Moves, before[i++], after[j++]));
            else if (j == after.Length || (i < before.Length && before[i].Time <= after[j].Time))
                differences.Add(new DryDifference(SignalFate.Goes, before[i++], null));
            else
                differences.Add(new DryDifference(SignalFate.Comes, null, after[j++]));
        }
    }

    private static DrySignal[] InOrder(IEnumerable<DrySignal> signals) =>
        [.. signals.OrderBy(signal => signal.Time).ThenBy(signal => signal.Id.Ordinal)];

    private static bool AreNear(in DrySignal one, in DrySignal other)
    {
        // Frame values are seconds; a tick counts as a bar of one second.
        var seconds = Math.Max(1, Math.Max((long)one.Id.Frame, (long)other.Id.Frame));
        return Int128.Abs((Int128)one.Time.Nanoseconds - other.Time.Nanoseconds) <= BarsApart * seconds * Timestamp.Second;
    }
}
