using ActorTrading.Engine;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// A bar that has just closed, on the topic <see cref="Signals.Topics.BarsOf"/> of its frame and symbol, from the node that hosts
/// the symbol. May be lost; the journal has it.
/// </summary>
/// <param name="Closed">The bar, with the values of the indicators of its frame, NaN where one is absent.</param>
/// <param name="Columns">The names of those values, in their order: <c>ema(20)</c>, <c>macd(12,26,9).line</c>.</param>
public sealed record BarPublished(BarClosed Closed, IReadOnlyList<string> Columns);
