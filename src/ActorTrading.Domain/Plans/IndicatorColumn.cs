using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Plans;

/// <summary>One output of a plan's indicator, with the column name used in all outputs.</summary>
public sealed record IndicatorColumn(string Name, IndicatorSpec Spec);
