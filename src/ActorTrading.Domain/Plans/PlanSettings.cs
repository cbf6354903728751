using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Plans;

/// <summary>
/// The settings of a plan for one symbol, with its overrides applied. Immutable. Symbols with equal settings share one object, so compiled
/// plans can be cached by reference.
/// </summary>
public sealed class PlanSettings
{
    private readonly PlanValues values;
    private PlanSettings? whole; // the settings without exclusions; null if there are none

    internal PlanSettings(PlanValues values)
    {
        this.values = values;
        Columns = [.. Indicators.Zip(IndicatorTexts).SelectMany(pair => ColumnsOf(pair.First, pair.Second))];
        Hash = PlanHash.Of(PlanWriter.Write(this), [Calendar]);
    }

    /// <summary>The calendar that gives the start and end of bars.</summary>
    public TradingCalendar Calendar => values.Calendar;

    /// <summary>The listed frames, small to large. Indicators and rules may use <c>tick</c> even if it is not listed.</summary>
    public IReadOnlyList<Frame> Frames => values.Frames;

    /// <summary>The frame of rules without a frame: the smallest listed bar frame, or tick if no other frame is listed.</summary>
    public Frame DefaultFrame => DefaultFrameOf(Frames);

    /// <summary>
    /// The listed indicators. An indicator without a frame applies to every listed frame; one without an output has all outputs.
    /// </summary>
    public IReadOnlyList<IndicatorSpec> Indicators => values.Indicators;

    /// <summary>The indicators as written in the plan, in the same order.</summary>
    public IReadOnlyList<string> IndicatorTexts => values.IndicatorTexts;

    /// <summary>
    /// The columns of the indicators, one for each output. If an indicator has a single output, or names one, its column has the name
    /// written in the plan. Otherwise the columns have canonical names, such as <c>macd(12,26,9).line</c>.
    /// </summary>
    public IReadOnlyList<IndicatorColumn> Columns { get; }

    /// <summary>The rules in the order of the plan; no two have the same id or the same name.</summary>
    public IReadOnlyList<NamedRule> Rules => values.Rules;

    /// <summary>The price from which bars are built.</summary>
    public PriceSource PriceSource => values.PriceSource;

    /// <summary>The limits of plausible records.</summary>
    public Limits Limits => values.Limits;

    /// <summary>Units of prices, sizes and volumes.</summary>
    public Units Units => values.Units;

    /// <summary>The accepted records that are not folded, of the one symbol with these settings; null if all are folded.</summary>
    public Exclusions? Exclusions { get; private set; }

    /// <summary>The hash of all settings.</summary>
    public PlanHash Hash { get; private set; }

    /// <summary>A copy with other exclusions, or with none.</summary>
    public PlanSettings With(Exclusions? exclusions)
    {
        if (exclusions is null) return whole ?? this;
        var copy = (PlanSettings)MemberwiseClone();
        copy.whole = whole ?? this;
        copy.Exclusions = exclusions;
        copy.Hash = PlanHash.Of(copy.whole.Hash, exclusions.Hash);
        return copy;
    }

    /// <summary>A copy in other units, without exclusions.</summary>
    internal PlanSettings With(Units units) => new(values with { Units = units });

    /// <summary>These settings without exclusions.</summary>
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
