using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>The settings of a plan, each compiled when the first symbol that has them asks. Not safe for two threads.</summary>
internal sealed class CompiledPlans(Plan plan)
{
    private readonly Dictionary<PlanSettings, SymbolPlan> compiled = [];

    /// <summary>What a symbol is folded by: the same object for all symbols with the same settings.</summary>
    public SymbolPlan Of(Symbol symbol)
    {
        var settings = plan.For(symbol);
        if (!compiled.TryGetValue(settings, out var symbolPlan)) compiled.Add(settings, symbolPlan = new SymbolPlan(settings));
        return symbolPlan;
    }
}
