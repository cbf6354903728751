using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using Akka.Actor;
using Akka.Cluster;

namespace ActorTrading.Cluster.Plans;

/// <summary>
/// Going over to another plan: the keeper of the plan makes it durable, every node reads it, and every symbol ends its life by the old one and begins
/// another by the new one, wherever it is.
/// </summary>
/// <param name="keeper">The keeper of the plan.</param>
/// <param name="retention">Who has old events deleted, and must not while it is not certain that they can go; null where all are kept.</param>
internal sealed class PlanChange(PlanView plans, IJournalStore store, Questions questions, IActorRef keeper, IActorRef? retention)
{
    /// <summary>At the start: goes over to the given plan, or makes the first plan of this journal durable.</summary>
    public async Task BeginAsync(Plan? given, CancellationToken cancellation)
    {
        if (plans.History.Count == 0) await MakeDurableAsync(new ChangePlan(plans.Present.ToUtf8(), IsFirst: true), cancellation).ConfigureAwait(false);
        if (given is not null && given.Hash != plans.Present.Hash) await RunAsync(given, cancellation).ConfigureAwait(false);
    }

    /// <summary>Returns when every node and every symbol has gone over.</summary>
    /// <exception cref="PlanChangeException">The past of a symbol cannot be folded by it.</exception>
    public async Task RunAsync(Plan plan, CancellationToken cancellation)
    {
        questions.ThrowIfStopped();
        if (retention is not null) await questions.AskAsync<DeletionsHeld>(retention, HoldDeletions.Instance, cancellation).ConfigureAwait(false);
        await Task.Run(() => RefuseWhereEventsAreGone(plan), cancellation).ConfigureAwait(false);
        var number = await MakeDurableAsync(new ChangePlan(plan.ToUtf8()), cancellation).ConfigureAwait(false);
        await Task.WhenAll(questions.Members.Others.Select(node => UntilReadAsync(node, number, cancellation))).ConfigureAwait(false);
        await Questions.ForEachAsync(
            (await questions.SymbolsAsync(cancellation).ConfigureAwait(false)).Keys,
            async (symbol, token) => await UntilRefoldedAsync(symbol, number, token).ConfigureAwait(false),
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Returns when this node goes by it; gives its number.</summary>
    private async Task<long> MakeDurableAsync(ChangePlan change, CancellationToken cancellation)
    {
        var changed = await questions.AskAsync<PlanChanged>(keeper, change, cancellation).ConfigureAwait(false);
        await Task.Run(plans.Read, cancellation).ConfigureAwait(false);
        return changed.Plans;
    }

    /// <summary>A node that dies meanwhile reads it when it comes back.</summary>
    private async Task UntilReadAsync(Member node, long number, CancellationToken cancellation)
    {
        while (questions.Members.Others.Contains(node))
        {
            questions.ThrowIfStopped();
            var read = await questions.TryAskAsync<PlanChanged>(node, NodeChain.GatewayPath, AskPlan.Instance, cancellation).ConfigureAwait(false);
            if (read?.Plans >= number) return; // else it is busy, or dead: then it is no member in a while
        }
    }

    /// <summary>However long its past is.</summary>
    private async Task UntilRefoldedAsync(Symbol symbol, long number, CancellationToken cancellation)
    {
        do questions.ThrowIfStopped();
        while (await questions.TryAskAsync<SymbolRefolded>(new RefoldSymbol(symbol, number), cancellation).ConfigureAwait(false) is null); // it is still being folded, or a question was lost
    }

    private void RefuseWhereEventsAreGone(Plan plan)
    {
        foreach (var head in store.Heads())
        {
            if (PersistenceIds.SymbolOf(head.PersistenceId) is not { } symbol || plan.For(symbol).Hash == plans.Present.For(symbol).Hash) continue;
            var isThere = false;
            store.Read(head.PersistenceId, 1, 1, (in JournalRow _) => !(isThere = true));
            if (!isThere) throw new PlanChangeException($"The past cannot be folded by another plan: the first events of {symbol} were deleted.");
        }
    }
}
