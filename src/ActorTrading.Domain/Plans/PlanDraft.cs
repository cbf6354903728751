using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Plans;

/// <summary>An entry of a plan's list: its value, its text, and its path.</summary>
internal sealed record Listed<T>(T Value, string Text, string Path);

/// <summary>
/// The keys of the plan or of one symbol's overrides; null for a missing key. Lists contain their valid entries only; the reader has
/// reported the others.
/// </summary>
internal sealed class PlanDraft(string path)
{
    public string Path { get; } = path;

    public TradingCalendar? Calendar { get; set; }

    public List<Frame>? Frames { get; set; }

    /// <summary>Whether the frames are valid; if not, nothing is checked against them.</summary>
    public bool FramesAreGood { get; set; } = true;

    public List<Listed<IndicatorSpec>>? Indicators { get; set; }

    public List<Listed<NamedRule>>? Rules { get; set; }

    public PriceSource? PriceSource { get; set; }

    public Limits? Limits { get; set; }

    public int? PriceDecimals { get; set; }

    public int? SizeDecimals { get; set; }

    /// <summary>Whether prices may be zero or negative.</summary>
    public bool? AnyPrices { get; set; }

    /// <summary>These overrides merged over those of the plan.</summary>
    public PlanDraft Over(PlanDraft plan) => new(Path)
    {
        Calendar = Calendar ?? plan.Calendar,
        Frames = Frames ?? plan.Frames,
        FramesAreGood = Frames is null ? plan.FramesAreGood && FramesAreGood : FramesAreGood,
        Indicators = Indicators ?? plan.Indicators,
        Rules = Rules ?? plan.Rules,
        PriceSource = PriceSource ?? plan.PriceSource,
        Limits = Limits ?? plan.Limits,
        PriceDecimals = PriceDecimals ?? plan.PriceDecimals,
        SizeDecimals = SizeDecimals ?? plan.SizeDecimals,
        AnyPrices = AnyPrices ?? plan.AnyPrices,
    };

    /// <summary>Creates the settings, with the default for every missing key.</summary>
    public PlanSettings ToSettings() => new(new PlanValues(
        Calendar ?? BuiltInCalendars.Continuous,
        Frames ?? PlanReader.DefaultFrames,
        [.. (Indicators ?? []).Select(listed => listed.Value)],
        [.. (Indicators ?? []).Select(listed => listed.Text)],
        [.. (Rules ?? []).Select(listed => listed.Value)],
        PriceSource ?? Plans.PriceSource.Trade,
        (Limits ?? Admission.Limits.Default) with { AnyPrices = AnyPrices ?? false },
        new Units(PriceDecimals ?? Fixed8.Decimals, SizeDecimals ?? Fixed8.Decimals)));
}
