using ActorTrading.Engine;

namespace ActorTrading.Cluster.Messages;

/// <summary>Asks a node for a <see cref="MarketPage"/>.</summary>
/// <param name="Collector">The collector that assigned <paramref name="After"/>; 0: none yet.</param>
/// <param name="After">Number of the last change that the requester has; 0: none.</param>
internal sealed record GetMarket(long Collector, long After);

/// <summary>
/// Readings of a node's active symbols that have changed since the request's number, oldest changes first. Continue after
/// <paramref name="Last"/>; if <paramref name="IsCut"/>, at once.
/// </summary>
/// <param name="Collector">Identity of the actor that numbers the changes. It differs after each start of the node.</param>
internal sealed record MarketPage(long Collector, long Last, bool IsCut, IReadOnlyList<MarketReading> Readings);
