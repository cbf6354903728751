using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine;

/// <summary>Tells two states of a symbol apart: the number of the last event that is folded, and the plan that it is folded by.</summary>
internal readonly record struct StateVersion(long Event, PlanHash Plan)
{
    /// <summary>That of a symbol as it is.</summary>
    public static StateVersion Of(HostedSymbol symbol) => new(symbol.LastFolded, symbol.State.Plan.Settings.Hash);
}
