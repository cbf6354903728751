using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Signals;

/// <summary>
/// A parsed rule: action, condition, and the minimum time between two signals (<paramref name="Cooldown"/>, nanoseconds of exchange time, 0
/// for none). Created from text by <see cref="RuleParser"/>. Two rules are equal if their contents are equal.
/// </summary>
public sealed record Rule(SignalAction Action, Condition Condition, long Cooldown = 0)
{
    /// <summary>Whether each value has a frame.</summary>
    public bool IsResolved => Condition.Values.All(value => value.On is not null);

    /// <summary>A copy in which values without a frame are on that frame (the plan's smallest bar frame).</summary>
    public Rule WithDefaultFrame(Frame defaultFrame) =>
        IsResolved ? this : this with { Condition = Condition.Map(value => value.WithFrame(value.On ?? defaultFrame)) };

    /// <summary>The frames it reads, from small to large.</summary>
    public IReadOnlyList<Frame> Frames(Frame defaultFrame) =>
        [.. Condition.Values.Select(value => value.On ?? defaultFrame).Distinct().Order()];

    /// <summary>
    /// The smallest frame it reads. The rule is evaluated whenever a bar of that frame closes; on the tick frame, at every price.
    /// </summary>
    public Frame EvaluationFrame(Frame defaultFrame) => Frames(defaultFrame)[0];

    /// <summary>The indicators it reads, each once. The spec has no frame; the frame is the second item of the pair.</summary>
    public IEnumerable<(IndicatorSpec Spec, Frame Frame)> Indicators(Frame defaultFrame) =>
        Condition.Values
            .OfType<IndicatorValue>()
            .Select(value => (value.Spec with { Frame = null }, value.On ?? defaultFrame))
            .Distinct();

    /// <summary>The short name, see <see cref="RuleId"/>.</summary>
    public string Id(Frame defaultFrame) => RuleId.Of(this, defaultFrame);

    /// <summary>
    /// The canonical spelling, which parses to the same rule. If all values are on one frame, the frame is written once at the end;
    /// otherwise each value has its own.
    /// </summary>
    public override string ToString()
    {
        var frames = Condition.Values.Select(value => value.On).Distinct().ToList();
        var condition = frames is [{ } frame]
            ? $"{Condition.Map(value => value.WithFrame(null))} on {frame.Name()}"
            : Condition.ToString();
        var cooldown = Cooldown == 0 ? "" : $" cooldown {Durations.Spell(Cooldown)}";
        return $"{Action.Name()} when {condition}{cooldown}";
    }
}
