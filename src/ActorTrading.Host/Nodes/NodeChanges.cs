using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Deleting;
using ActorTrading.Engine.Excluding;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Webhooks;

namespace ActorTrading.Host.Nodes;

/// <summary>Changes to the engine of a node that callers ask for. Each is logged.</summary>
internal sealed class NodeChanges(Node node, LimitedLogger logger)
{
    private TimeProvider Time => node.Options.Time;

    /// <summary>Changes the plan; see <see cref="IEngine.ChangePlanAsync"/>.</summary>
    /// <exception cref="WebhookException">A webhook names a rule that is not in the plan.</exception>
    /// <exception cref="PlanChangeException">The plan cannot be applied to the journaled events.</exception>
    public async Task ChangePlanAsync(Plan plan, CancellationToken cancellation)
    {
        foreach (var webhook in node.Options.Webhooks) WebhookSinks.Check(webhook, plan);
        var (before, begun) = (node.Plan, Time.GetTimestamp());
        await node.Engine.ChangePlanAsync(plan, cancellation);
        if (plan.Hash != before.Hash) logger.PlanChanged(before.Hash.Short, plan.Hash.ToString(), Time.GetElapsedTime(begun));
    }

    /// <summary>Excludes records; see <see cref="IEngine.ExcludeAsync"/>.</summary>
    public async Task<ExclusionOutcome> ExcludeAsync(Symbol symbol, ExclusionRequest request, CancellationToken cancellation)
    {
        var begun = Time.GetTimestamp();
        var outcome = await node.Engine.ExcludeAsync(symbol, request, cancellation);
        if (outcome.IsChanged) logger.RecordsExcluded(symbol.Name, outcome, request.By, Time.GetElapsedTime(begun));
        return outcome;
    }

    /// <summary>Ends an exclusion; see <see cref="IEngine.IncludeAsync"/>.</summary>
    public async Task<ExclusionOutcome> IncludeAsync(Symbol symbol, long number, string by, CancellationToken cancellation)
    {
        var begun = Time.GetTimestamp();
        var outcome = await node.Engine.IncludeAsync(symbol, number, by, cancellation);
        logger.RecordsIncluded(symbol.Name, outcome, by, Time.GetElapsedTime(begun));
        return outcome;
    }

    /// <summary>Deletes a symbol; see <see cref="IEngine.DeleteSymbolAsync"/>.</summary>
    public async Task<DeletionOutcome> DeleteSymbolAsync(Symbol symbol, string by, CancellationToken cancellation)
    {
        var begun = Time.GetTimestamp();
        var outcome = await node.Engine.DeleteSymbolAsync(symbol, by, cancellation);
        if (outcome.IsChanged) logger.SymbolDeleted(symbol.Name, by, outcome.Event, Time.GetElapsedTime(begun));
        return outcome;
    }
}
