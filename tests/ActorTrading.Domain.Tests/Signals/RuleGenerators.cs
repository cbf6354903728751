using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTrading.Domain.Tests.Signals;

/// <summary>Random rules of every form in the grammar.</summary>
internal static class RuleGenerators
{
    private static readonly Frame?[] SomeFrames = [null, Frame.Tick, Frame.OneMinute, Frame.FiveMinutes, Frame.OneDay];

    private static readonly string[] Indicators =
        ["sma(1)", "ema(20,first)", "rsi(14)", "volatility(100,log)", "bollinger(20,2.5).upper", "macd(12,26,9).signal", "vwap",
            "stochastic(14,3,3).k"];

    /// <summary>Rules with values of any frame or none.</summary>
    public static Gen<Rule> Rules => RulesOn(Gen.Elements(SomeFrames), Gen.Elements(Indicators), Constants);

    /// <summary>Rules with few values and numbers, so that equal values are frequent.</summary>
    public static Gen<Rule> SmallRules => RulesOn(
        Gen.Elements<Frame?>(Frame.OneMinute, Frame.OneMinute, Frame.FiveMinutes),
        Gen.Elements("sma(1)", "ema(2)"),
        Gen.Elements(0.0, 1, 2));

    private static Gen<double> Constants =>
        Gen.OneOf(
            Gen.Choose(-100, 100).Select(n => (double)n),
            Gen.Choose(-100_000, 100_000).Select(n => n / 1000.0),
            ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(value => value == 0 ? 0 : value));

    private static Gen<Rule> RulesOn(Gen<Frame?> frames, Gen<string> indicators, Gen<double> constants)
    {
        var values = Gen.OneOf(
            from text in indicators
            from frame in frames
            select new IndicatorValue(Spec(text)).WithFrame(frame),
            from field in Gen.Elements(Enum.GetValues<BarField>())
            from frame in frames
            select new BarValue(field).WithFrame(frame));
        return
            from action in Gen.Elements(SignalActions.All.ToArray())
            from condition in Gen.Sized(size => ConditionOf(Math.Min(size, 12), values, constants))
            from seconds in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 600)), (1, Gen.Choose(1, 20).Select(n => n * 3600)))
            select new Rule(action, condition, seconds * Domain.Values.Timestamp.Second);
    }

    private static Gen<Condition> ConditionOf(int size, Gen<MarketValue> values, Gen<double> constants)
    {
        var operands = OperandOf(Math.Min(size, 4), values, constants);
        var sides =
            from left in operands
            from right in operands
            where left.Values.Concat(right.Values).Any()
            select (Left: left, Right: right);
        var comparison =
            from pair in sides
            from comparator in Gen.Elements(Enum.GetValues<Comparator>())
            select (Condition)new Comparison(pair.Left, comparator, pair.Right);
        var crossing =
            from pair in sides
            from above in Gen.Elements(true, false)
            select (Condition)new Crossing(pair.Left, above, pair.Right);
        if (size <= 1) return Gen.OneOf(comparison, crossing);

        var smaller = ConditionOf(size / 2, values, constants);
        return Gen.OneOf(
            comparison,
            crossing,
            smaller.Select(inner => (Condition)new Not(inner)),
            from inner in smaller from bars in Gen.Choose(1, 4) select (Condition)new Held(inner, bars),
            from left in smaller from right in smaller select (Condition)new And(left, right),
            from left in smaller from right in smaller select (Condition)new Or(left, right));
    }

    private static Gen<Operand> OperandOf(int size, Gen<MarketValue> values, Gen<double> constants)
    {
        var value = values.Select(v => (Operand)v);
        var leaf = Gen.Frequency((3, value), (1, constants.Select(c => (Operand)new Constant(c))));
        if (size <= 1) return leaf;

        var smaller = OperandOf(size / 2, values, constants);
        return Gen.Frequency(
            (4, leaf),
            (1, smaller.Select(inner => inner is Constant ? inner : new Negated(inner))),
            (2, from left in smaller
                from sign in Gen.Elements('+', '-', '*', '/')
                from right in smaller
                select (Operand)new Arithmetic(left, sign, right)));
    }

    private static IndicatorSpec Spec(string text) =>
        IndicatorSpec.TryParse(text, out var spec, out var error) ? spec : throw new ArgumentException(error.Message);
}
