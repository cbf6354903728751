using ActorTrading.Engine;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// A closed bar, published on the topic <see cref="Signals.Topics.BarsOf"/> of its frame and symbol by the node that hosts the
/// symbol. The message may be lost; the journal has the bar.
/// </summary>
/// <param name="Closed">The bar, with the values of the indicators of its frame; NaN: no value.</param>
/// <param name="Columns">The names of those values, in the same order: <c>ema(20)</c>, <c>macd(12,26,9).line</c>.</param>
public sealed record BarPublished(BarClosed Closed, IReadOnlyList<string> Columns);
