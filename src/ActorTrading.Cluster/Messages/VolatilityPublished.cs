using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// The moving volatility at a bar that has just closed, on the topic <see cref="Signals.Topics.Volatility"/>, of every symbol and
/// every frame but ticks whose plan has such an indicator; nothing while that warms up. May be lost.
/// </summary>
/// <param name="Symbol">Whose it is.</param>
/// <param name="Frame">The frame of the bar.</param>
/// <param name="BarTime">When the bar opened.</param>
/// <param name="Indicator">Its name in the plan: <c>volatility(100)</c>, <c>volatility(20,log)</c>.</param>
/// <param name="Value">The deviation of the returns per bar, not annualised: 0.01 is 1 %. Never NaN.</param>
public sealed record VolatilityPublished(Symbol Symbol, Frame Frame, Timestamp BarTime, string Indicator, double Value);
