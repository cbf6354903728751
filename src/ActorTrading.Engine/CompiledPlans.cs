using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>
/// Cache of compiled plan settings. Settings are compiled when the first symbol that has them is looked up. Not thread-safe.
/// </summary>
internal sealed class CompiledPlans(Plan plan)
{
    private readonly Dictionary<PlanSettings, SymbolPlan> compiled = [];

    /// <summary>The compiled settings of a symbol: the same object for all symbols with equal settings.</summary>
    public SymbolPlan Of(Symbol symbol)
    {
        var settings = plan.For(symbol);
        if (!compiled.TryGetValue(settings, out var symbolPlan)) compiled.Add(settings, symbolPlan = new SymbolPlan(settings));
        return symbolPlan;
    }
}
