using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Past;

/// <summary>Bars in the order in which they closed.</summary>
/// <param name="Previous">Before which moment the page of older bars ends; null where there are none. Pages of ticks may overlap.</param>
public sealed record BarPage(IReadOnlyList<BarClosed> Bars, Timestamp? Previous);
