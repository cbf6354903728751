using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals.Compiling;

namespace ActorTrading.Domain.Signals;

/// <summary>
/// A rule bound to the words of a symbol's state. Its own memory (last relations, counts, whether it was true, when it last fired) is in
/// cells of the same words. The object is immutable and shared by all symbols of a plan.
/// </summary>
public sealed class CompiledRule
{
    private const long WasTrue = 1;
    private const long HasFired = 2;

    private readonly ConditionNode condition;
    private readonly IntegerCell flags;
    private readonly IntegerCell firedAt;

    internal CompiledRule(Rule rule, Frame frame, ConditionNode condition, IReadOnlyList<RuleOperand> operands, StateLayout layout)
    {
        Rule = rule;
        Frame = frame;
        Operands = operands;
        Id = rule.Id(frame);
        Text = rule.ToString();
        this.condition = condition;
        flags = layout.Integer();
        firedAt = layout.Integer();
    }

    /// <summary>The rule, resolved: each of its values has a frame.</summary>
    public Rule Rule { get; }

    /// <summary>The rule's short name, see <see cref="RuleId"/>.</summary>
    public string Id { get; }

    /// <summary>The rule's canonical text.</summary>
    public string Text { get; }

    /// <summary>The action of the rule.</summary>
    public SignalAction Action => Rule.Action;

    /// <summary>The frame whose bar closes (on tick: prices) trigger an evaluation.</summary>
    public Frame Frame { get; }

    /// <summary>The market values that it reads, each once, in the order of the rule.</summary>
    public IReadOnlyList<RuleOperand> Operands { get; }

    /// <summary>
    /// Evaluates the rule. Call it once each time a bar of <see cref="Frame"/> has closed, after the bars and indicators of every frame
    /// that closes at this moment were updated. <paramref name="time"/> is the exchange time of the close, in nanoseconds since 1970 UTC.
    /// Returns true if the rule fires: its condition has become true, and its cooldown, if any, has passed. No allocation.
    /// </summary>
    public bool Evaluate(Span<long> state, long time)
    {
        var isTrue = condition.Evaluate(state) == Tri.True;
        ref var flag = ref flags.In(state);
        var wasTrue = (flag & WasTrue) != 0;
        flag = isTrue ? flag | WasTrue : flag & ~WasTrue;
        if (!isTrue || wasTrue) return false;

        ref var fired = ref firedAt.In(state);
        if ((flag & HasFired) != 0 && IsCoolingDown(fired, time)) return false;
        flag |= HasFired;
        fired = time;
        return true;
    }

    private bool IsCoolingDown(long fired, long time) =>
        Rule.Cooldown > 0 && (time < fired || (ulong)(time - fired) < (ulong)Rule.Cooldown);
}
