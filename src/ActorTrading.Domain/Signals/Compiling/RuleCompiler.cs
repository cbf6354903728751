using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Signals.Compiling;

/// <summary>Turns the parts of a resolved rule into nodes, from left to right and from the inside out.</summary>
internal sealed class RuleCompiler(StateLayout layout, IValueLocations locations, Frame ruleFrame)
{
    private readonly List<RuleOperand> operands = [];

    /// <summary>The values of the market met so far, each once.</summary>
    public IReadOnlyList<RuleOperand> Operands => operands;

    public ConditionNode Compile(Condition condition) => condition switch
    {
        Comparison c => new ComparisonNode(Compile(c.Left), c.Comparator, Compile(c.Right)),
        Crossing c => new CrossingNode(layout, Compile(c.Left), c.Above, Compile(c.Right)),
        Not c => new NotNode(Compile(c.Inner)),
        And c => new AndNode(Compile(c.Left), Compile(c.Right)),
        Or c => new OrNode(Compile(c.Left), Compile(c.Right)),
        Held c => Compile(c),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, null),
    };

    private HeldNode Compile(Held held)
    {
        var inner = Compile(held.Inner);
        var frame = held.Values.Min(value => value.On!.Value);
        return new HeldNode(layout, inner, held.Bars, frame == ruleFrame ? null : locations.LastBar(frame));
    }

    private OperandNode Compile(Operand operand) => operand switch
    {
        Constant c => new ConstantNode(c.Value),
        IndicatorValue v => Watch(v, new IndicatorNode(locations.IndicatorValue(v.Spec with { Frame = null }, v.On!.Value))),
        BarValue v => Watch(v, new BarNode(locations.LastBar(v.On!.Value), v.Field)),
        Arithmetic a => new ArithmeticNode(Compile(a.Left), a.Sign, Compile(a.Right)),
        Negated n => new NegatedNode(Compile(n.Inner)),
        _ => throw new ArgumentOutOfRangeException(nameof(operand), operand, null),
    };

    private OperandNode Watch(MarketValue value, OperandNode node)
    {
        var name = value.ToString();
        if (operands.All(operand => operand.Name != name)) operands.Add(new RuleOperand(name, node));
        return node;
    }
}
