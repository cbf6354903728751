using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Moving volatility at a closed bar, published on the topic <see cref="Signals.Topics.Volatility"/> for every symbol and frame
/// (except ticks) whose plan has such an indicator. Not published while the indicator warms up. The message may be lost.
/// </summary>
/// <param name="Symbol">The symbol of the bar.</param>
/// <param name="Frame">The frame of the bar.</param>
/// <param name="BarTime">Open time of the bar.</param>
/// <param name="Indicator">Name of the indicator in the plan: <c>volatility(100)</c>, <c>volatility(20,log)</c>.</param>
/// <param name="Value">Standard deviation of the returns per bar, not annualised: 0.01 is 1 %. Never NaN.</param>
public sealed record VolatilityPublished(Symbol Symbol, Frame Frame, Timestamp BarTime, string Indicator, double Value);
