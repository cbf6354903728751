using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.History;

/// <summary>The requested data is older than the oldest event of the symbol that was kept: it cannot be reconstructed.</summary>
/// <param name="symbol">The symbol of the events.</param>
/// <param name="first">The number of the oldest existing event.</param>
public sealed class EventsDeletedException(Symbol symbol, long first)
    : Exception($"{symbol}: the events of that time were deleted; those before event {first} are gone.")
{
    /// <summary>The symbol of the events.</summary>
    public Symbol Symbol { get; } = symbol;

    /// <summary>The number of the oldest existing event; if there is none, the number after the last event that ever existed.</summary>
    public long First { get; } = first;
}
