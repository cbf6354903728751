using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.History;

/// <summary>A page of bars, in the order in which they closed.</summary>
/// <param name="Previous">End (exclusive) of the page of older bars; null if there are none. Pages of ticks may overlap.</param>
public sealed record BarPage(IReadOnlyList<BarClosed> Bars, Timestamp? Previous);
