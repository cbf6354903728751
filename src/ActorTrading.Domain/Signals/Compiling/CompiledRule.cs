using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Signals.Compiling;

/// <summary>
/// A rule bound to the words in which a symbol keeps its values. Its own memory (last relations, counts, whether it
/// was true, when it last fired) is in cells of the same words; the object itself never changes and serves all
/// symbols of a plan.
/// </summary>
public sealed class CompiledRule
{
    private const long WasTrue = 1;
    private const long HasFired = 2;

    private readonly ConditionNode condition;
    private readonly IntegerCell flags;
    private readonly IntegerCell firedAt;

    private CompiledRule(Rule rule, StateLayout layout, IValueLocations locations)
    {
        Rule = rule;
        Frame = rule.EvaluationFrame(default);
        Id = rule.Id(default);
        var compiler = new RuleCompiler(layout, locations, Frame);
        condition = compiler.Compile(rule.Condition);
        Operands = compiler.Operands;
        flags = layout.Integer();
        firedAt = layout.Integer();
    }

    /// <summary>The rule, resolved.</summary>
    public Rule Rule { get; }

    /// <summary>The rule's short name.</summary>
    public RuleId Id { get; }

    /// <summary>The frame whose closing bars (on tick: prices) call for an evaluation.</summary>
    public Frame Frame { get; }

    /// <summary>The values of the market that it reads, each once, in the order of the rule.</summary>
    public IReadOnlyList<RuleOperand> Operands { get; }

    /// <summary>Binds a rule and takes the cells it needs from the layout: always the same ones for the same rule.</summary>
    /// <exception cref="ArgumentException">A value of the rule has no frame; see <see cref="Rule.WithDefaultFrame"/>.</exception>
    public static CompiledRule Compile(Rule rule, StateLayout layout, IValueLocations locations) =>
        rule.IsResolved
            ? new CompiledRule(rule, layout, locations)
            : throw new ArgumentException($"'{rule}' has values without a frame.", nameof(rule));

    /// <summary>
    /// To be called once each time a bar of <see cref="Frame"/> has closed, after the bars and indicators of every
    /// frame that this moment closes have their new values. <paramref name="time"/> is the exchange time of that
    /// closing, in nanoseconds since 1970 UTC. Returns whether the rule fires: its condition has become true, and its
    /// cooldown, if any, has passed. No allocation.
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
