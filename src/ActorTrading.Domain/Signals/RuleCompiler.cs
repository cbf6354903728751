using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals.Compiling;

namespace ActorTrading.Domain.Signals;

/// <summary>
/// Compiles rules: binds them to the offsets of their values. Nodes are created from left to right and from the inside out.
/// </summary>
public sealed class RuleCompiler
{
    private readonly StateLayout layout;
    private readonly IValueLocations locations;
    private readonly Frame ruleFrame;
    private readonly List<RuleOperand> operands = [];

    private RuleCompiler(StateLayout layout, IValueLocations locations, Frame ruleFrame)
    {
        this.layout = layout;
        this.locations = locations;
        this.ruleFrame = ruleFrame;
    }

    /// <summary>
    /// Compiles a rule. Values without a frame are on <paramref name="defaultFrame"/>. The layout allocates the cells; compiling the same
    /// rule at the same place gives the same cells.
    /// </summary>
    public static CompiledRule Compile(Rule rule, Frame defaultFrame, StateLayout layout, IValueLocations locations)
    {
        var resolved = rule.WithDefaultFrame(defaultFrame);
        var frame = resolved.EvaluationFrame(defaultFrame);
        var compiler = new RuleCompiler(layout, locations, frame);
        var condition = compiler.Compile(resolved.Condition);
        return new CompiledRule(resolved, frame, condition, compiler.operands, layout);
    }

    private ConditionNode Compile(Condition condition) => condition switch
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
        BarValue v => Watch(v, new BarNode(locations.LastBar(v.On!.Value), v.Field, layout.PriceOne, layout.SizeOne)),
        Arithmetic a => new ArithmeticNode(Compile(a.Left), a.Sign, Compile(a.Right)),
        Negated n => new NegatedNode(Compile(n.Inner)),
        _ => throw new ArgumentOutOfRangeException(nameof(operand), operand, null),
    };

    private OperandNode Watch(MarketValue value, OperandNode node)
    {
        var name = value.ToString();
        if (operands.TrueForAll(operand => operand.Name != name)) operands.Add(new RuleOperand(name, node));
        return node;
    }
}
