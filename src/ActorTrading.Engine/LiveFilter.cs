using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>Filter of live events; null means all. <paramref name="Ticks"/>: include every accepted record of any kind.</summary>
public sealed record LiveFilter(
    IReadOnlySet<Symbol>? Symbols = null, IReadOnlySet<Frame>? Frames = null, bool Bars = true, bool Late = false, bool Ticks = false)
{
    /// <summary>
    /// Whether the frame <c>tick</c> is included if <see cref="Frames"/> is null. Local to the node: not sent to other nodes.
    /// </summary>
    public bool TickBars { get; init; } = true;

    /// <summary>The symbols that the reader may see; null for all. Local to the node: not sent to other nodes.</summary>
    public LiveScope? Scope { get; init; }

    /// <summary>The symbols that are requested and visible to the reader at this moment.</summary>
    internal SymbolScope Now => Symbols is null
        ? Scope?.Current ?? SymbolScope.All
        : SymbolScope.Of(Scope?.Current is { } scope ? Symbols.Where(scope.Contains) : Symbols);
}
