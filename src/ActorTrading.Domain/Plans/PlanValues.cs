using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Plans;

/// <summary>The value of each key of a plan for one symbol; see the properties of <see cref="PlanSettings"/>.</summary>
internal sealed record PlanValues(
    TradingCalendar Calendar,
    IReadOnlyList<Frame> Frames,
    IReadOnlyList<IndicatorSpec> Indicators,
    IReadOnlyList<string> IndicatorTexts,
    IReadOnlyList<NamedRule> Rules,
    PriceSource PriceSource,
    Limits Limits,
    Units Units);
