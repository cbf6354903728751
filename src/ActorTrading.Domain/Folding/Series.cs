using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>
/// One frame of a compiled plan: its bars, its indicators, and the rules evaluated when one of its bars closes. On the tick frame every
/// price counts as a bar. Contains the offsets of a symbol's state, not the state.
/// </summary>
public sealed class Series
{
    private readonly IndicatorSlot[] slots;
    private RuleSlot[] rules = [];

    internal Series(StateLayout layout, Frame frame, int index, IEnumerable<IndicatorSpec> indicators)
    {
        Frame = frame;
        Index = index;
        Bars = new BarBuilder(layout, frame);
        slots = [.. indicators.DistinctBy(spec => spec.Call).Select(spec => new IndicatorSlot(layout, spec))];
    }

    /// <summary>Length of the bars.</summary>
    public Frame Frame { get; }

    /// <summary>Index in <see cref="SymbolPlan.Shown"/>; -1 if the plan does not list the frame.</summary>
    public int Index { get; }

    /// <summary>The series from whose bars these bars are built; null if they are built from prices.</summary>
    public Series? Source { get; internal init; }

    /// <summary>The series that are built from these bars.</summary>
    internal Series[] Feeds { get; set; } = [];

    /// <summary>The builder of the bars.</summary>
    public BarBuilder Bars { get; }

    /// <summary>Offset of an indicator's value, a double, in a symbol's words; -1 if this frame does not have the indicator.</summary>
    public int ValueOffset(IndicatorSpec spec)
    {
        var slot = Array.Find(slots, s => s.Call == spec.Call);
        return slot is null ? -1 : slot.Values + Math.Max(0, spec.Output);
    }

    /// <summary>The rule with that id, or null if this frame does not evaluate it.</summary>
    public CompiledRule? RuleOf(string id) => Array.Find(rules, rule => rule.Compiled.Id == id)?.Compiled;

    /// <summary>Reserves the words of an indicator.</summary>
    internal static void LayOut(StateLayout layout, IndicatorSpec spec) => _ = new IndicatorSlot(layout, spec);

    /// <summary>Marks every value as absent and the bar as not open.</summary>
    internal void Initialize(Span<long> words)
    {
        Bars.Initialize(words);
        foreach (var slot in slots) slot.Initialize(words);
        foreach (var rule in rules) rule.Initialize(words);
    }

    internal void SetRules(IEnumerable<RuleSlot> compiled) => rules = [.. compiled];

    /// <summary>Updates every indicator with the bar.</summary>
    internal void Step(SymbolState symbol, in Bar bar, Span<long> words, IFoldOutput output)
    {
        foreach (var slot in slots)
        {
            if (!slot.TryStep(bar, words, out var error))
            {
                output.OnFault(new IndicatorFault(symbol.Symbol, Frame, slot.Call, bar.Opened, error));
            }
        }
    }

    /// <summary>Evaluates every rule, after all values up to <paramref name="time"/> were updated.</summary>
    internal void EvaluateRules(SymbolState symbol, long time, in Trigger trigger, Span<long> words, IFoldOutput output)
    {
        foreach (var rule in rules)
        {
            if (rule.Compiled.Evaluate(words, time)) output.OnSignal(rule.Fire(symbol, this, time, trigger, words));
        }
    }

    /// <summary>One indicator: its state, its outputs, and whether it has failed.</summary>
    private sealed class IndicatorSlot
    {
        private readonly Indicator indicator;
        private readonly IntegerCell failed;
        private readonly int outputs;

        public IndicatorSlot(StateLayout layout, IndicatorSpec spec)
        {
            Call = spec.Call;
            outputs = spec.Kind.OutputCount;
            Values = layout.Take(outputs);
            failed = layout.Integer();
            indicator = spec.Kind.Create(new Arguments(spec.Arguments), layout);
        }

        public string Call { get; }

        public int Values { get; }

        public void Initialize(Span<long> words) => words.Reals(Values, outputs).Fill(Indicator.Absent);

        public bool TryStep(in Bar bar, Span<long> words, out string error)
        {
            error = "";
            var values = words.Reals(Values, outputs);
            if (failed.In(words) != 0) return true;
            try
            {
                values.Fill(Indicator.Absent);
                indicator.Step(bar, words, values);
                foreach (ref var value in values)
                {
                    if (!double.IsFinite(value)) value = Indicator.Absent;
                }

                return true;
            }
            catch (Exception exception)
            {
                values.Fill(Indicator.Absent);
                failed.In(words) = 1;
                error = exception.Message;
                return false;
            }
        }
    }
}

/// <summary>A compiled rule with its name, and the counter that numbers its signals within one bar.</summary>
internal sealed class RuleSlot(StateLayout layout, NamedRule rule, CompiledRule compiled)
{
    private readonly IntegerCell lastBarTime = layout.Integer();
    private readonly IntegerCell firedInBar = layout.Integer();

    public CompiledRule Compiled => compiled;

    public void Initialize(Span<long> words) => lastBarTime.In(words) = long.MinValue;

    public Signal Fire(SymbolState symbol, Series series, long time, in Trigger trigger, Span<long> words)
    {
        ref readonly var bar = ref series.Bars.Last(words);
        var number = symbol.Ohlcv.NextSignalNumber();
        var ordinal = OrdinalOf(bar.OpenTime, number, words);
        var values = new SignalValue[compiled.Operands.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = new SignalValue(compiled.Operands[i].Name, compiled.Operands[i].Read(words));
        }

        return new Signal(
            symbol.Symbol, number, compiled.Id, rule.Name, compiled.Text, compiled.Action,
            series.Frame, bar.Opened, ordinal, new Timestamp(time), bar.Close, values, trigger)
        {
            PriceDecimals = symbol.Plan.Units.PriceDecimals,
        };
    }

    /// <summary>
    /// Numbers the signals within one bar. Late ticks take the tick frame back to times that already had their signals, and the counter of
    /// each such time cannot be kept. There the signal's number, which is unique, makes the id unique.
    /// </summary>
    private int OrdinalOf(long openTime, long number, Span<long> words)
    {
        ref var barTime = ref lastBarTime.In(words);
        if (openTime < barTime) return (int)number;
        ref var fired = ref firedInBar.In(words);
        fired = openTime == barTime ? fired + 1 : 0;
        barTime = openTime;
        return (int)fired;
    }
}
