using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals;

namespace ActorTrading.Domain.Plans;

/// <summary>
/// Estimate of the memory of a symbol's state under a plan: the words of bars, windows, indicators and rules, counted without allocating
/// them, plus the objects around them. Not included: sources, order book, prints and names, which depend on the records.
/// </summary>
public static class PlanMemory
{
    /// <summary>Default limit of the memory per symbol, in bytes: windows of two million values.</summary>
    public const long DefaultLimit = 16 << 20;

    private const long Objects = 312; // size of a symbol without words, as measured

    /// <summary>The bytes of the symbol with the largest state.</summary>
    public static long BytesPerSymbol(Plan plan) => plan.Overrides.Values.Append(plan.Settings).Distinct().Max(BytesPerSymbol);

    /// <summary>The bytes of a symbol with these settings.</summary>
    public static long BytesPerSymbol(PlanSettings settings) => Objects + (WordsPerSymbol(settings) * sizeof(long));

    /// <summary>The error if the plan exceeds the limit; otherwise null.</summary>
    public static PlanError? CheckLimit(Plan plan, long limit)
    {
        var bytes = BytesPerSymbol(plan);
        return bytes <= limit ? null : new PlanError("$", FormattableString.Invariant(
            $"a symbol would need {bytes:N0} bytes; the limit is {limit:N0} (engine:max_symbol_bytes); ")
            + "use shorter windows, fewer indicators or fewer frames");
    }

    /// <summary>The number of words of a symbol: equal to that of a <see cref="SymbolPlan"/> of the settings.</summary>
    internal static long WordsPerSymbol(PlanSettings settings)
    {
        // Indicators without a frame are on every frame. They are counted once and multiplied by the number of frames.
        var everywhere = new Dictionary<string, IndicatorSpec>(StringComparer.Ordinal);
        var single = new Dictionary<(Frame Frame, string Call), IndicatorSpec>();
        foreach (var spec in settings.Indicators)
        {
            if (spec.Frame is { } frame) single.TryAdd((frame, spec.Call), spec);
            else everywhere.TryAdd(spec.Call, spec);
        }

        var rules = LayoutOf(settings);
        var ticks = settings.Frames.Contains(Frame.Tick);
        foreach (var rule in settings.Rules)
        {
            foreach (var (spec, frame) in rule.Rule.Indicators(settings.DefaultFrame)) single.TryAdd((frame, spec.Call), spec);
            ticks |= rule.Rule.EvaluationFrame(settings.DefaultFrame) == Frame.Tick;
            _ = new RuleSlot(rules, rule, RuleCompiler.Compile(rule.Rule, settings.DefaultFrame, rules, Nowhere.Instance));
        }

        ticks |= single.Keys.Any(one => one.Frame == Frame.Tick);
        var listed = settings.Frames.ToHashSet();
        var bars = LayoutOf(settings);
        _ = new BarBuilder(bars, Frame.OneMinute);
        long series = SymbolPlan.FramesOfBars(settings.Frames).Count() + (ticks ? 1 : 0);
        return SymbolPlan.WordsOfHeader + rules.Words + (series * bars.Words)
            + (everywhere.Values.Sum(spec => WordsOf(settings, spec)) * listed.Count)
            + single.Where(one => !listed.Contains(one.Key.Frame) || !everywhere.ContainsKey(one.Key.Call))
                .Sum(one => WordsOf(settings, one.Value));
    }

    private static long WordsOf(PlanSettings settings, IndicatorSpec spec)
    {
        var layout = LayoutOf(settings);
        Series.LayOut(layout, spec);
        return layout.Words;
    }

    private static StateLayout LayoutOf(PlanSettings settings) => new(settings.Units, settings.Limits.AnyPrices);

    /// <summary>Dummy locations: only the sizes matter here.</summary>
    private sealed class Nowhere : IValueLocations
    {
        public static readonly Nowhere Instance = new();

        public int IndicatorValue(IndicatorSpec spec, Frame frame) => 0;

        public int LastBar(Frame frame) => 0;
    }
}
