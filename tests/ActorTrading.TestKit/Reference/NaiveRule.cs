using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.TestKit.Reference;

/// <summary>
/// One rule with its own values. Before each evaluation, all values that it reads are computed again. The rule language itself is tested
/// elsewhere.
/// </summary>
internal sealed class NaiveRule : IValueLocations
{
    private readonly NamedRule rule;
    private readonly Func<Frame, NaiveSeries> seriesOf;
    private readonly StateLayout layout;
    private readonly List<(int Offset, IndicatorSpec Spec, Frame Frame)> indicators = [];
    private readonly List<(int Offset, Frame Frame)> bars = [];
    private readonly CompiledRule compiled;
    private readonly Frame defaultFrame;
    private readonly long[] words;
    private readonly List<Signal> fired = [];

    public NaiveRule(NamedRule rule, PlanSettings settings, Func<Frame, NaiveSeries> seriesOf)
    {
        this.rule = rule;
        this.seriesOf = seriesOf;
        defaultFrame = settings.DefaultFrame;
        layout = new StateLayout(settings.Units, settings.Limits.AnyPrices);
        compiled = RuleCompiler.Compile(rule.Rule, settings.DefaultFrame, layout, this);
        words = new long[layout.Words];
    }

    public Frame Frame => compiled.Frame;

    public int IndicatorValue(IndicatorSpec spec, Frame frame)
    {
        indicators.Add((layout.Take(1), spec, frame));
        return indicators[^1].Offset;
    }

    public int LastBar(Frame frame)
    {
        bars.Add((layout.Take(BarBuilder.BarWords), frame));
        return bars[^1].Offset;
    }

    /// <summary>The signal of that moment; null if there is none.</summary>
    public Signal? Evaluate(Symbol symbol, long time, long nextNumber, Trigger trigger)
    {
        foreach (var (offset, spec, frame) in indicators) words[offset] = BitConverter.DoubleToInt64Bits(seriesOf(frame).Value(spec));
        foreach (var (offset, frame) in bars) BarBuilder.At(words, offset) = seriesOf(frame).Closed.LastOrDefault();
        if (!compiled.Evaluate(words, time)) return null;

        var bar = seriesOf(Frame).Closed[^1];
        var isBack = fired.Any(signal => signal.BarTime > bar.Opened);
        var ordinal = isBack ? (int)nextNumber : fired.Count(signal => signal.BarTime == bar.Opened);
        fired.Add(new Signal(
            symbol, nextNumber, rule.Rule.Id(defaultFrame), rule.Name, compiled.Text, rule.Rule.Action, Frame, bar.Opened, ordinal,
            new(time), bar.Close, [.. compiled.Operands.Select(operand => new SignalValue(operand.Name, operand.Read(words)))], trigger));
        return fired[^1];
    }
}
