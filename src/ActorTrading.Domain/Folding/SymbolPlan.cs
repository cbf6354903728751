using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding.Parts;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Indicators.Parts;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>
/// A compiled plan: every frame, indicator and rule is created once and has its offset in the words of memory of each symbol. Immutable and
/// thread-safe; shared by all symbols of the plan.
/// </summary>
public sealed class SymbolPlan : IValueLocations
{
    /// <summary>Number of words that every symbol has, under any plan.</summary>
    internal const int WordsOfHeader = 6;

    private readonly long[] initialWords;
    private readonly int cells;
    private readonly bool checksSession;

    /// <summary>Compiles the settings of a plan.</summary>
    public SymbolPlan(PlanSettings settings)
        : this(settings, LayoutOf(settings, new SymbolPlan(settings, LayoutOf(settings)).cells))
    {
    }

    private SymbolPlan(PlanSettings settings, StateLayout layout)
    {
        Settings = settings;
        Units = settings.Units;
        Calendar = settings.Calendar;

        // The words that every tick touches come first, side by side: the header, the ticks, the smallest bars.
        NextClose = layout.Integer();
        FilledUntil = layout.Integer();
        LastPrice = layout.Integer();
        LastTime = layout.Integer();
        OffSession = layout.Integer();
        SignalNumber = layout.Integer();

        var wordsOfTick = 0;
        var needed = Needed(settings).ToLookup(use => use.Frame, use => use.Spec);
        var shown = new List<Series>();
        if (settings.Frames.Contains(Frame.Tick) || needed.Contains(Frame.Tick) || settings.Rules.Any(rule => FrameOf(rule) == Frame.Tick))
        {
            shown.Add(Ticks = new Series(layout, Frame.Tick, 0, needed[Frame.Tick]));
            WindowsOfTick = [.. layout.Windows];
        }

        var bars = new List<Series>();
        foreach (var frame in FramesOfBars(settings.Frames))
        {
            if (bars.Count == 0) wordsOfTick = layout.Cells + BarBuilder.WordsOfOpenBar;
            var isShown = settings.Frames.Contains(frame);
            var series = new Series(layout, frame, isShown ? shown.Count : -1, needed[frame])
            {
                Source = bars.FindLast(smaller => smaller.Frame.Divides(frame)),
            };
            bars.Add(series);
            if (isShown) shown.Add(series);
        }

        foreach (var series in bars) series.Feeds = [.. bars.Where(larger => larger.Source == series)];
        Shown = shown;
        BarSeries = [.. bars];
        Base = BarSeries.FirstOrDefault();
        checksSession = Calendar.HasClosingConditions || Base is { Frame: >= Frame.OneDay };
        ShowsTicks = settings.Frames.Contains(Frame.Tick);
        foreach (var rules in settings.Rules.GroupBy(FrameOf))
        {
            SeriesOf(rules.Key)!.SetRules(rules.Select(rule => Compile(rule, layout)).ToArray());
        }

        cells = layout.Cells;
        WordsOfTick = wordsOfTick > 0 ? wordsOfTick : layout.Cells;
        initialWords = new long[layout.Words];
        NextClose.In(initialWords) = Ohlcv.NothingToClose;
        FilledUntil.In(initialWords) = long.MinValue;
        LastTime.In(initialWords) = long.MinValue;
        Ticks?.Initialize(initialWords);
        foreach (var series in BarSeries) series.Initialize(initialWords);
    }

    /// <summary>The settings from which this plan was compiled.</summary>
    public PlanSettings Settings { get; }

    /// <summary>Units of prices, sizes and volumes in states, bars and events.</summary>
    public Units Units { get; }

    /// <summary>The calendar that gives the start and end of bars.</summary>
    public TradingCalendar Calendar { get; }

    /// <summary>Number of 64-bit words of memory per symbol.</summary>
    public int Words => initialWords.Length;

    /// <summary>The series of the tick frame; null if no indicator and no rule needs it and the plan does not list it.</summary>
    public Series? Ticks { get; }

    /// <summary>The series of the frames that the plan lists or needs, small to large, ticks first.</summary>
    public IReadOnlyList<Series> Shown { get; }

    /// <summary>The series of bars, small to large: those shown, and a smaller one if no frame of the plan divides all others.</summary>
    public Series[] BarSeries { get; }

    /// <summary>
    /// The series of the smallest bar frame, which is built from prices and divides all others. Null if the plan has no bar frame.
    /// </summary>
    public Series? Base { get; }

    /// <summary>Whether the plan lists the tick frame: then each price is put out like a bar.</summary>
    public bool ShowsTicks { get; }

    /// <summary>Number of words, from the first one, that most ticks touch (without windows).</summary>
    internal int WordsOfTick { get; }

    /// <summary>The windows that every tick updates.</summary>
    internal Window[] WindowsOfTick { get; } = [];

    internal IntegerCell NextClose { get; }

    internal IntegerCell FilledUntil { get; }

    internal IntegerCell LastPrice { get; }

    internal IntegerCell LastTime { get; }

    internal IntegerCell OffSession { get; }

    internal IntegerCell SignalNumber { get; }

    /// <summary>The frame of rules without a frame: the smallest of the plan.</summary>
    public Frame DefaultFrame => Settings.DefaultFrame;

    /// <summary>The series of that frame, or null.</summary>
    public Series? SeriesOf(Frame frame)
    {
        foreach (var series in Shown)
        {
            if (series.Frame == frame) return series;
        }

        return null;
    }

    /// <summary>The series that receives external bars of that frame: the smallest whose bars are multiples of them, or null.</summary>
    public Series? SeriesFor(Frame frame) => Array.Find(BarSeries, series => frame.Divides(series.Frame));

    /// <summary>Whether the plan can use external bars of that frame. Always true for bars without a frame.</summary>
    public bool TakesBarsOf(Frame frame) => frame == Frame.Tick || SeriesFor(frame) is not null;

    /// <inheritdoc/>
    public int IndicatorValue(IndicatorSpec spec, Frame frame) => SeriesOf(frame)!.ValueOffset(spec);

    /// <inheritdoc/>
    public int LastBar(Frame frame) => SeriesOf(frame)!.Bars.LastBar;

    /// <summary>
    /// Whether a price counts towards the session that contains it. Evaluated only if an open bar can span time without trading: with
    /// closing conditions, or if the smallest frame is a day or longer.
    /// </summary>
    internal bool Counts(in Record record) => !checksSession || Calendar.Counts(record.Time, record.Text);

    internal long[] NewWords() => [.. initialWords];

    private static StateLayout LayoutOf(PlanSettings settings) => new(settings.Units, settings.Limits.AnyPrices);

    private static StateLayout LayoutOf(PlanSettings settings, int cells) => new(cells, settings.Units, settings.Limits.AnyPrices);

    private Frame FrameOf(NamedRule rule) => rule.Rule.EvaluationFrame(DefaultFrame);

    private RuleSlot Compile(NamedRule rule, StateLayout layout) =>
        new(layout, rule, RuleCompiler.Compile(rule.Rule, DefaultFrame, layout, this));

    /// <summary>The bar frames, small to large, preceded by the largest frame that divides them all.</summary>
    internal static IEnumerable<Frame> FramesOfBars(IEnumerable<Frame> frames)
    {
        var bars = frames.Where(frame => frame != Frame.Tick).ToList();
        if (bars.Count == 0) return bars;
        var smallest = bars.Aggregate(Frames.CommonDivisor);
        return bars[0] == smallest ? bars : bars.Prepend(smallest);
    }

    /// <summary>Every indicator on every frame: the listed ones and those that only rules use.</summary>
    private static IEnumerable<(Frame Frame, IndicatorSpec Spec)> Needed(PlanSettings settings)
    {
        foreach (var spec in settings.Indicators)
        {
            if (spec.Frame is { } frame)
            {
                yield return (frame, spec);
                continue;
            }

            foreach (var every in settings.Frames) yield return (every, spec);
        }

        foreach (var rule in settings.Rules)
        {
            foreach (var (spec, frame) in rule.Rule.Indicators(settings.DefaultFrame)) yield return (frame, spec);
        }
    }
}
