using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine;

/// <summary>Version of a symbol's state: the number of the last folded event, and the hash of the plan.</summary>
internal readonly record struct StateVersion(long Event, PlanHash Plan)
{
    /// <summary>The current version of a symbol.</summary>
    public static StateVersion Of(HostedSymbol symbol) => new(symbol.LastFolded, symbol.State.Plan.Settings.Hash);
}
