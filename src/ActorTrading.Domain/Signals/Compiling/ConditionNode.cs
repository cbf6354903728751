using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Signals.Compiling;

/// <summary>
/// A condition bound to the offsets of its values and of its own cells. Some nodes have memory, so each node must be evaluated at every
/// evaluation of its rule: no short-circuit evaluation here.
/// </summary>
internal abstract class ConditionNode
{
    public abstract Tri Evaluate(Span<long> state);
}

internal sealed class ComparisonNode(OperandNode left, Comparator comparator, OperandNode right) : ConditionNode
{
    public override Tri Evaluate(Span<long> state)
    {
        var a = left.Read(state);
        var b = right.Read(state);
        if (double.IsNaN(a) || double.IsNaN(b)) return Tri.Unknown;
        var holds = comparator switch
        {
            Comparator.Less => a < b,
            Comparator.AtMost => a <= b,
            Comparator.Greater => a > b,
            Comparator.AtLeast => a >= b,
            Comparator.Equal => a == b,
            _ => a != b,
        };
        return holds ? Tri.True : Tri.False;
    }
}

/// <summary>
/// Stores whether the left side was beyond the right one at the last time when both were present. While a side is absent the result is
/// unknown and the memory does not change.
/// </summary>
internal sealed class CrossingNode(StateLayout layout, OperandNode left, bool above, OperandNode right) : ConditionNode
{
    private const long NeverSeen = 0;
    private const long Beyond = 1;
    private const long NotBeyond = 2;

    private readonly IntegerCell lastSide = layout.Integer();

    public override Tri Evaluate(Span<long> state)
    {
        var a = left.Read(state);
        var b = right.Read(state);
        if (double.IsNaN(a) || double.IsNaN(b)) return Tri.Unknown;

        ref var side = ref lastSide.In(state);
        var before = side;
        side = (above ? a > b : a < b) ? Beyond : NotBeyond;
        if (before == NeverSeen) return Tri.Unknown;
        return before == NotBeyond && side == Beyond ? Tri.True : Tri.False;
    }
}

internal sealed class NotNode(ConditionNode inner) : ConditionNode
{
    public override Tri Evaluate(Span<long> state) => (Tri)(-(int)inner.Evaluate(state));
}

internal sealed class AndNode(ConditionNode left, ConditionNode right) : ConditionNode
{
    public override Tri Evaluate(Span<long> state)
    {
        var a = left.Evaluate(state);
        var b = right.Evaluate(state);
        return a < b ? a : b;
    }
}

internal sealed class OrNode(ConditionNode left, ConditionNode right) : ConditionNode
{
    public override Tri Evaluate(Span<long> state)
    {
        var a = left.Evaluate(state);
        var b = right.Evaluate(state);
        return a > b ? a : b;
    }
}

/// <summary>
/// True if the condition is true now <c>and</c> was true one bar ago <c>and</c> … at each of the last N bars. Before the first evaluation
/// it is unknown. With <paramref name="barOffset"/> (a frame larger than the rule's) an evaluation counts only if that frame has a new last
/// bar; otherwise every evaluation counts.
/// </summary>
internal sealed class HeldNode(StateLayout layout, ConditionNode inner, int bars, int? barOffset) : ConditionNode
{
    private readonly IntegerCell barsUntilLastFalseIsForgotten = layout.Integer();
    private readonly IntegerCell barsKnown = layout.Integer();
    private readonly IntegerCell lastOpenTime = barOffset is null ? default : layout.Integer();

    public override Tri Evaluate(Span<long> state)
    {
        var now = inner.Evaluate(state);
        ref var untilForgotten = ref barsUntilLastFalseIsForgotten.In(state);
        ref var known = ref barsKnown.In(state);
        if (IsNewBar(state))
        {
            if (now == Tri.False) untilForgotten = bars;
            else if (untilForgotten > 0) untilForgotten--;

            if (now == Tri.Unknown) known = 0;
            else if (known < bars) known++;
        }

        if (untilForgotten > 0) return Tri.False;
        return known < bars ? Tri.Unknown : Tri.True;
    }

    private bool IsNewBar(Span<long> state)
    {
        if (barOffset is not { } offset) return true;
        ref var bar = ref BarNode.In(state, offset);
        ref var seen = ref lastOpenTime.In(state);
        if (!bar.IsThere || bar.OpenTime == seen) return false;
        seen = bar.OpenTime;
        return true;
    }
}
