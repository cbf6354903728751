using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Plans;

/// <summary>
/// What a plan comes to for one symbol, its overrides applied. Immutable. Symbols with the same settings share one
/// object, so what is compiled from them can be kept by reference.
/// </summary>
public sealed class PlanSettings
{
    private PlanSettings? whole; // without exclusions; null where there are none

    internal PlanSettings(
        TradingCalendar calendar,
        IReadOnlyList<Frame> frames,
        IReadOnlyList<IndicatorSpec> indicators,
        IReadOnlyList<string> indicatorTexts,
        IReadOnlyList<NamedRule> rules,
        PriceSource priceSource,
        Limits limits,
        Units units)
    {
        Calendar = calendar;
        Frames = frames;
        Indicators = indicators;
        IndicatorTexts = indicatorTexts;
        Rules = rules;
        PriceSource = priceSource;
        Limits = limits;
        Units = units;
        Columns = [.. indicators.Zip(indicatorTexts).SelectMany(pair => ColumnsOf(pair.First, pair.Second))];
        Hash = PlanHash.Of(PlanWriter.Write(this), [calendar]);
    }

    /// <summary>Where bars begin and end.</summary>
    public TradingCalendar Calendar { get; }

    /// <summary>The frames listed, small to large. Indicators and rules may use <c>tick</c> without its being listed.</summary>
    public IReadOnlyList<Frame> Frames { get; }

    /// <summary>The frame of rules that name none: the smallest listed one of bars; tick when nothing else is listed.</summary>
    public Frame DefaultFrame => DefaultFrameOf(Frames);

    /// <summary>The indicators as listed; one without a frame is on every frame listed, one without an output has all of them.</summary>
    public IReadOnlyList<IndicatorSpec> Indicators { get; }

    /// <summary>The indicators as the plan spells them, in the same order.</summary>
    public IReadOnlyList<string> IndicatorTexts { get; }

    /// <summary>
    /// The columns of the indicators, one for each output. An indicator with a single output, or with one named, gives
    /// its column the name that the plan spells; otherwise the columns are named canonically, as in <c>macd(12,26,9).line</c>.
    /// </summary>
    public IReadOnlyList<IndicatorColumn> Columns { get; }

    /// <summary>The rules in the order of the plan; no two have the same id or the same name.</summary>
    public IReadOnlyList<NamedRule> Rules { get; }

    /// <summary>Which price is followed.</summary>
    public PriceSource PriceSource { get; }

    /// <summary>What is plausible.</summary>
    public Limits Limits { get; }

    /// <summary>What the integers of prices, sizes and volumes count.</summary>
    public Units Units { get; }

    /// <summary>The accepted records of the one symbol that has these settings which are not folded; null where all are.</summary>
    public Exclusions? Exclusions { get; private set; }

    /// <summary>The hash of all of this.</summary>
    public PlanHash Hash { get; private set; }

    /// <summary>The same settings with other exclusions, or with none.</summary>
    public PlanSettings With(Exclusions? exclusions)
    {
        if (exclusions is null) return whole ?? this;
        var copy = (PlanSettings)MemberwiseClone();
        copy.whole = whole ?? this;
        copy.Exclusions = exclusions;
        copy.Hash = PlanHash.Of(copy.whole.Hash, exclusions.Hash);
        return copy;
    }

    /// <summary>The same settings in other units, without exclusions.</summary>
    internal PlanSettings With(Units units) =>
        new(Calendar, Frames, Indicators, IndicatorTexts, Rules, PriceSource, Limits, units);

    /// <summary>What is left of these settings without exclusions.</summary>
    public PlanSettings WithoutExclusions => whole ?? this;

    internal static Frame DefaultFrameOf(IReadOnlyList<Frame> frames)
    {
        foreach (var frame in frames)
        {
            if (frame != Frame.Tick) return frame;
        }

        return Frame.Tick;
    }

    private static IEnumerable<IndicatorColumn> ColumnsOf(IndicatorSpec spec, string text)
    {
        var outputs = spec.EachOutput().ToList();
        return outputs.Select(output => new IndicatorColumn(outputs.Count == 1 ? text : output.ToString(), output));
    }
}
