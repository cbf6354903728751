using System.Buffers;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Cluster;

namespace ActorTrading.Cluster.Plans;

/// <summary>
/// Changes the plan of the cluster: the plan singleton persists it, every node reads it, and every symbol restarts and recovers by
/// it.
/// </summary>
/// <param name="isLogDamaged">Whether the signal log is damaged, so that waiting for it is useless.</param>
internal sealed class PlanChange(PlanView plans, IJournalStore store, ClusterQueries queries, IActorRef keeper, Func<bool> isLogDamaged)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    /// <summary>The actor that deletes old events, and holds deletions during a change; null if all events are kept.</summary>
    public IActorRef? Retention { get; init; }

    /// <summary>At the start: switches to the given plan, or persists the first plan of this journal.</summary>
    public async Task BeginAsync(Plan? given, CancellationToken cancellation)
    {
        if (plans.History.Count == 0)
            await MakeDurableAsync(new ChangePlan(plans.Present.ToUtf8(), IsFirst: true), cancellation).ConfigureAwait(false);
        if (given is not null && given.Hash != plans.Present.Hash) await RunAsync(given, cancellation).ConfigureAwait(false);
    }

    /// <summary>Changes the plan. Returns when every node and every symbol use it.</summary>
    /// <exception cref="PlanChangeException">The past of a symbol cannot be folded by the plan.</exception>
    public async Task RunAsync(Plan plan, CancellationToken cancellation)
    {
        await HoldDeletionsAsync(cancellation).ConfigureAwait(false);
        await UntilStoppedAsync(
            Task.Run(() => RefuseWhereEventsAreGone(plan.WithExclusionsOf(plans.Present)), cancellation)).ConfigureAwait(false);
        var number = await UntilEveryNodeHasReadAsync(new ChangePlan(plan.ToUtf8()), cancellation).ConfigureAwait(false);
        await ClusterQueries.ForEachAsync(
            (await queries.SymbolsAsync(cancellation).ConfigureAwait(false)).Keys,
            async (symbol, token) => await UntilRefoldedAsync(symbol, number, token).ConfigureAwait(false),
            cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Excludes records of a symbol. Returns when every node and the symbol apply the exclusion, and the withdrawals are in the log.
    /// </summary>
    /// <exception cref="ExclusionException">The exclusion is rejected.</exception>
    /// <exception cref="EventsDeletedException">The first events of the symbol were deleted.</exception>
    public async Task<ExclusionOutcome> ExcludeAsync(Symbol symbol, ExclusionRequest request, CancellationToken cancellation)
    {
        await HoldDeletionsAsync(cancellation).ConfigureAwait(false);
        var found = await ReadAsync(
            () =>
            {
                plans.Read(); // another node may just have excluded them
                return ExclusionSurvey.Find(store.Until(cancellation), plans.Present, symbol, request, TimeProvider.System);
            },
            cancellation).ConfigureAwait(false);
        if (found.Number > 0) return new ExclusionOutcome(symbol, found, IsChanged: false, SignalChanges.None);
        var signals = await ChangeAsync(new ExclusionChange(symbol, found, 0, found.Time, found.By), cancellation).ConfigureAwait(false);
        var journaled = plans.Present.For(symbol).Exclusions?.All
            .LastOrDefault(one => one.Filter == found.Filter && one.UpTo == found.UpTo);
        return new ExclusionOutcome(symbol, journaled ?? found, IsChanged: true, signals);
    }

    /// <summary>Ends an exclusion. Returns like <see cref="ExcludeAsync"/>.</summary>
    /// <exception cref="ExclusionException">No exclusion has that number.</exception>
    /// <exception cref="EventsDeletedException">The first events of the symbol were deleted.</exception>
    public async Task<ExclusionOutcome> IncludeAsync(Symbol symbol, long number, string by, CancellationToken cancellation)
    {
        await HoldDeletionsAsync(cancellation).ConfigureAwait(false);
        var found = await ReadAsync(
            () =>
            {
                plans.Read();
                var exclusion = ExclusionSurvey.Required(plans.Present, symbol, number);
                ExclusionSurvey.RequireFirstEvent(store, symbol);
                return exclusion;
            },
            cancellation).ConfigureAwait(false);
        var now = Timestamp.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        return new ExclusionOutcome(
            symbol, found, IsChanged: true,
            await ChangeAsync(new ExclusionChange(symbol, null, number, now, by), cancellation).ConfigureAwait(false));
    }

    private async Task<SignalChanges> ChangeAsync(ExclusionChange change, CancellationToken cancellation)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ExclusionCodec.Encode(change, bytes);
        var number = await UntilEveryNodeHasReadAsync(
            new ChangeExclusions(bytes.WrittenSpan.ToArray()), cancellation).ConfigureAwait(false);
        await UntilRefoldedAsync(change.Symbol, number, cancellation).ConfigureAwait(false);
        while ((await queries.AskAsync<SymbolAnswer>(new GetSymbol(change.Symbol), cancellation).ConfigureAwait(false)).Unconfirmed > 0
            && !isLogDamaged())
            await Task.Delay(Moment, cancellation).ConfigureAwait(false);
        return await ReadAsync(
            () => WithdrawnSignals.Find(store.Until(cancellation), plans.History, change.Symbol, cancellation), cancellation)
            .ConfigureAwait(false);
    }

    private async Task<T> ReadAsync<T>(Func<T> read, CancellationToken cancellation)
    {
        var reading = ReadingThreads.OfQueries.RunAsync(read, cancellation);
        await UntilStoppedAsync(reading).ConfigureAwait(false);
        return await reading.ConfigureAwait(false);
    }

    /// <summary>Waits for a read of the journal. The engine closes the journal when it stops.</summary>
    /// <exception cref="EngineStoppedException">The engine has stopped.</exception>
    private async Task UntilStoppedAsync(Task reading)
    {
        try
        {
            await reading.ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            queries.ThrowIfStopped();
            throw;
        }
    }

    private async Task HoldDeletionsAsync(CancellationToken cancellation)
    {
        queries.ThrowIfStopped();
        if (Retention is not null)
            await queries.AskAsync<DeletionsHeld>(Retention, HoldDeletions.Instance, cancellation).ConfigureAwait(false);
    }

    private async Task<long> UntilEveryNodeHasReadAsync(object change, CancellationToken cancellation)
    {
        var number = await MakeDurableAsync(change, cancellation).ConfigureAwait(false);
        await Task.WhenAll(queries.Members.Others.Select(node => UntilReadAsync(node, number, cancellation))).ConfigureAwait(false);
        return number;
    }

    /// <summary>Persists a change. Returns its plan number when this node has read it.</summary>
    private async Task<long> MakeDurableAsync(object change, CancellationToken cancellation)
    {
        var changed = await queries.AskAsync<PlanChanged>(keeper, change, cancellation).ConfigureAwait(false);
        await UntilStoppedAsync(Task.Run(plans.Read, cancellation)).ConfigureAwait(false);
        return changed.Plans;
    }

    /// <summary>Waits until a node has read the change. A node that leaves meanwhile reads it at its next start.</summary>
    private async Task UntilReadAsync(Member node, long number, CancellationToken cancellation)
    {
        while (queries.Members.Others.Contains(node))
        {
            queries.ThrowIfStopped();
            var read = await queries.TryAskAsync<PlanChanged>(
                node, ClusterNodeBuilder.GatewayPath, GetPlan.Instance, cancellation).ConfigureAwait(false);
            if (read?.Plans >= number) return; // otherwise the node is busy, or has crashed and will be removed
        }
    }

    /// <summary>Waits until a symbol is folded by the change. No timeout: the past of a symbol may be long.</summary>
    private async Task UntilRefoldedAsync(Symbol symbol, long number, CancellationToken cancellation)
    {
        do queries.ThrowIfStopped();
        // Still folding, or a message was lost.
        while (await queries.TryAskAsync<SymbolRefolded>(new RefoldSymbol(symbol, number), cancellation).ConfigureAwait(false) is null);
    }

    private void RefuseWhereEventsAreGone(Plan plan)
    {
        foreach (var head in store.Heads())
        {
            if (PersistenceIds.SymbolOf(head.PersistenceId) is not { } symbol
                || plan.For(symbol).Hash == plans.Present.For(symbol).Hash) continue;
            if (!EventPlaces.IsFirstThere(store, head.PersistenceId))
                throw new PlanChangeException($"The history cannot be replayed with this plan: the first events of {symbol} were deleted.");
        }
    }
}
