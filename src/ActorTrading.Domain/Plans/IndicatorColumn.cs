using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Plans;

/// <summary>One output of an indicator of a plan and the name its column has wherever values are put out.</summary>
public sealed record IndicatorColumn(string Name, IndicatorSpec Spec);
