using System.Globalization;
using ActorTrading.Domain.Calendars;

namespace ActorTrading.Domain.Signals;

/// <summary>Describes a rule in plain English.</summary>
public static class RuleExplainer
{
    /// <summary>
    /// Returns several lines: the values that the rule reads, when it is evaluated, when it fires, when it does not fire, and its warm-up.
    /// Without a <paramref name="defaultFrame"/>, values without a frame are described as on "the smallest bar frame of the plan".
    /// </summary>
    public static IReadOnlyList<string> Explain(Rule rule, Frame? defaultFrame = null)
    {
        if (defaultFrame is { } frame) rule = rule.WithDefaultFrame(frame);
        List<string> lines =
        [
            $"Rule: {rule}",
            $"Watches: {string.Join(", ", rule.Condition.Values.Distinct().Select(Watched))}.",
            $"Is evaluated: {Evaluated(rule)}.",
            $"Fires: {rule.Action.Name()}, when this becomes true: {Words(rule.Condition)}. It does not fire again while that stays true.",
        ];
        var parts = rule.Condition.SelfAndParts.ToList();
        foreach (var crossing in parts.OfType<Crossing>().DistinctBy(part => part.Above))
        {
            lines.Add(
                $"Crosses {Direction(crossing)}: {Direction(crossing)} now, and not {Direction(crossing)} (equal included) the last time "
                + "both values were available.");
        }

        foreach (var held in parts.OfType<Held>().DistinctBy(part => (part.Bars, Smallest(part))))
        {
            lines.Add($"For {Count(held.Bars, "bar")}: true at each of the last {Count(held.Bars, "bar")} of {FrameOf(Smallest(held))}, "
                + "including the current one.");
        }

        lines.Add(rule.Cooldown > 0
            ? $"Is silent: for {Durations.Spell(rule.Cooldown)} of exchange time after it has fired (what becomes true meanwhile is "
                + "skipped, not delayed), and while a required value is missing."
            : "Is silent: while a required value is missing.");
        lines.Add($"Warm-up: {string.Join(", ", rule.Condition.Values.Distinct().Select(WarmUpOf))}.");
        return lines;
    }

    private static string Watched(MarketValue value) => value is IndicatorValue indicator
        ? $"{value.WithFrame(null)} ({indicator.Spec.Kind.Summary}) on {FrameOf(value.On)}"
        : $"{value.WithFrame(null)} of the last {(value.On == Frame.Tick ? "tick" : $"closed bar of {FrameOf(value.On)}")}";

    private static string Evaluated(Rule rule)
    {
        var frame = Smallest(rule.Condition);
        var larger = rule.Condition.Values.Select(v => v.On).Distinct().Count() > 1
            ? "; values of larger frames are those of their last closed bar"
            : "";
        return (frame == Frame.Tick ? "at every price" : $"whenever a bar of {FrameOf(frame)} closes") + larger;
    }

    /// <summary>
    /// The smallest frame within the condition. A value without a frame stands for a bar frame, so it is larger than tick.
    /// </summary>
    private static Frame? Smallest(Condition condition)
    {
        var frames = condition.Values.Select(value => value.On).Distinct().ToList();
        return frames.Contains(Frame.Tick) ? Frame.Tick : frames.Contains(null) ? null : frames.Min();
    }

    private static string Words(Condition condition) => condition switch
    {
        Comparison c => $"{c.Left} {Words(c.Comparator)} {c.Right}",
        Crossing c => c.ToString(),
        Not c => $"it is false that ({Words(c.Inner)})",
        And c => $"{Bracketed(c.Left)} and {Bracketed(c.Right)}",
        Or c => $"{Bracketed(c.Left)} or {Bracketed(c.Right)}",
        Held c => $"{Bracketed(c.Inner)} at {Count(c.Bars, "bar")} in a row",
        _ => condition.ToString(),
    };

    private static string Bracketed(Condition condition) =>
        condition is Comparison or Crossing ? Words(condition) : $"({Words(condition)})";

    private static string Words(Comparator comparator) => comparator switch
    {
        Comparator.Less => "is below",
        Comparator.AtMost => "is at most",
        Comparator.Greater => "is above",
        Comparator.AtLeast => "is at least",
        Comparator.Equal => "equals",
        _ => "differs from",
    };

    private static string WarmUpOf(MarketValue value)
    {
        if (value is not IndicatorValue { Spec: var spec })
        {
            return value.On == Frame.Tick ? $"{value} needs 1 price" : $"{value} needs 1 closed bar";
        }

        var unit = spec.Frame == Frame.Tick ? "price" : "bar";
        return WarmUp.Bars(spec) is { } bars ? $"{value} needs {Count(bars, unit)}" : $"{value} depends on the market";
    }

    private static string Direction(Crossing crossing) => crossing.Above ? "above" : "below";

    private static string FrameOf(Frame? frame) => frame is { } named ? named.Name() : "the plan's smallest bar frame";

    private static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
