using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Signals;

/// <summary>
/// A rule as it was understood: what to do, when, and for how long to keep quiet afterwards
/// (<paramref name="Cooldown"/>, nanoseconds of exchange time, 0 for not at all). Text of the rule language
/// becomes one through <see cref="RuleParser"/>. Equal when they say the same.
/// </summary>
public sealed record Rule(SignalAction Action, Condition Condition, long Cooldown = 0)
{
    /// <summary>Whether each value says on which frame it is taken.</summary>
    public bool IsResolved => Condition.Values.All(value => value.On is not null);

    /// <summary>The same rule, with the values that name no frame taken on that one (the plan's smallest bar frame).</summary>
    public Rule WithDefaultFrame(Frame defaultFrame) =>
        IsResolved ? this : this with { Condition = Condition.Map(value => value.WithFrame(value.On ?? defaultFrame)) };

    /// <summary>The frames it reads, from small to large.</summary>
    public IReadOnlyList<Frame> Frames(Frame defaultFrame) =>
        [.. Condition.Values.Select(value => value.On ?? defaultFrame).Distinct().Order()];

    /// <summary>
    /// The smallest frame it reads. The rule is evaluated whenever a bar of it closes; on the tick frame, at every price.
    /// </summary>
    public Frame EvaluationFrame(Frame defaultFrame) => Frames(defaultFrame)[0];

    /// <summary>The indicators it reads, each once, without a frame in the spec: that is the second of the pair.</summary>
    public IEnumerable<(IndicatorSpec Spec, Frame Frame)> Indicators(Frame defaultFrame) =>
        Condition.Values
            .OfType<IndicatorValue>()
            .Select(value => (value.Spec with { Frame = null }, value.On ?? defaultFrame))
            .Distinct();

    /// <summary>Its short name, see <see cref="RuleId"/>.</summary>
    public string Id(Frame defaultFrame) => RuleId.Of(this, defaultFrame);

    /// <summary>
    /// The canonical spelling, which parses to the same rule. Where all values are on one frame it is said once, at
    /// the end; otherwise each value carries its own.
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
