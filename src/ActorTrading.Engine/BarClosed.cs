using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>A closed bar with the indicator values of its frame, in the order of the plan's columns (NaN if absent).</summary>
public sealed record BarClosed(Symbol Symbol, Frame Frame, Domain.Bars.Bar Bar, IReadOnlyList<double> Values)
{
    /// <summary>The settings that define the columns, if known: the plan may have changed since.</summary>
    public PlanSettings? Settings { get; init; }

    /// <summary>The units of its prices and volume.</summary>
    public Units Units { get; init; }
}
