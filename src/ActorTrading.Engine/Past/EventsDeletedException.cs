using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Past;

/// <summary>
/// What was asked for lies before the oldest events of a symbol that were kept: it may have been, but nobody can tell any more.
/// </summary>
/// <param name="symbol">Whose events.</param>
/// <param name="first">The number of the oldest event that is there.</param>
public sealed class EventsDeletedException(Symbol symbol, long first)
    : Exception($"{symbol}: the events of that time were deleted; those before event {first} are gone.")
{
    /// <summary>Whose events.</summary>
    public Symbol Symbol { get; } = symbol;

    /// <summary>The number of the oldest event that is there; one more than the last there ever was where none is.</summary>
    public long First { get; } = first;
}
