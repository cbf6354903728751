using ActorTrading.Engine;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Cluster.Messages;

/// <summary>Asks a node for a <see cref="MarketPage"/>.</summary>
/// <param name="Collector">The one that gave <paramref name="After"/>; 0: none yet.</param>
/// <param name="After">The number of the last change that the asker has; 0: none.</param>
internal sealed record GetMarket(long Collector, long After);

/// <summary>
/// What symbols awake on a node show, of those that have changed since: the changes that were noticed first. Ask again
/// behind <paramref name="Last"/>; where <paramref name="IsCut"/>, at once.
/// </summary>
/// <param name="Collector">Who numbers the changes: another one after each start of the node.</param>
internal sealed record MarketPage(long Collector, long Last, bool IsCut, IReadOnlyList<MarketReading> Readings);

/// <summary>Asks a symbol what it shows, if that is no longer what it was. Never leaves its node.</summary>
internal sealed record GetSymbolReading(MarketTrace.Mark Seen);

/// <summary>What a symbol shows; null where that has not changed. Never leaves its node.</summary>
internal sealed record SymbolShows(Domain.Values.Symbol Symbol, MarketTrace.Mark Mark, MarketReading? Reading);
