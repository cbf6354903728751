using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Plans;

/// <summary>An entry of a plan's list: what it came to, how it was spelled, and where.</summary>
internal sealed record Listed<T>(T Value, string Text, string Path);

/// <summary>
/// What the plan, or one symbol's overrides, says key by key: null for a key that is not there.
/// Lists hold their good entries; of the bad ones the reader has told.
/// </summary>
internal sealed class PlanDraft(string path)
{
    public string Path { get; } = path;

    public TradingCalendar? Calendar { get; set; }

    public List<Frame>? Frames { get; set; }

    /// <summary>Whether the frames could be read; otherwise nothing else is held against them.</summary>
    public bool FramesAreGood { get; set; } = true;

    public List<Listed<IndicatorSpec>>? Indicators { get; set; }

    public List<Listed<NamedRule>>? Rules { get; set; }

    public PriceSource? PriceSource { get; set; }

    public Limits? Limits { get; set; }

    public int? PriceDecimals { get; set; }

    public int? SizeDecimals { get; set; }

    /// <summary>Whether prices may be zero or negative.</summary>
    public bool? AnyPrices { get; set; }

    /// <summary>These overrides on top of what the plan says.</summary>
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

    /// <summary>The settings, with the defaults of every key that is not there.</summary>
    public PlanSettings ToSettings() => new(
        Calendar ?? BuiltInCalendars.Continuous,
        Frames ?? PlanReader.DefaultFrames,
        [.. (Indicators ?? []).Select(listed => listed.Value)],
        [.. (Indicators ?? []).Select(listed => listed.Text)],
        [.. (Rules ?? []).Select(listed => listed.Value)],
        PriceSource ?? Plans.PriceSource.Trade,
        (Limits ?? Admission.Limits.Default) with { AnyPrices = AnyPrices ?? false },
        new Units(PriceDecimals ?? Fixed8.Decimals, SizeDecimals ?? Fixed8.Decimals));
}
