using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Embedded.Replanning;

/// <summary>
/// The plan of an engine and the journal of its changes, one after another. The past is folded by the new plan beside the running engine, which then
/// pauses only for what came meanwhile. Safe for any number of threads.
/// </summary>
internal sealed class PlanKeeper(EmbeddedEngine engine, IJournalStore store, EmbeddedOptions options)
{
    private const int FewEvents = 1_000; // worth a pause
    private const int PassesAtMost = 8; // where records come as fast as they are folded, the rest is left to the pause

    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource ending = new();
    private Plan present = Plan.Default;
    private long lastEvent;

    /// <summary>The plan in force.</summary>
    public Plan Present => Volatile.Read(ref present);

    /// <summary>The plans that the journal had at the start.</summary>
    public PlanHistory History { get; private set; } = PlanHistory.None;

    /// <summary>Reads the plans, before anything is folded. Where there is none, the given plan is the first.</summary>
    /// <exception cref="RecoveryException">One is missing or damaged.</exception>
    public void Recover(Plan? given)
    {
        History = PlanHistory.None.ReadOn(store);
        lastEvent = History.Count;
        present = History.Present ?? given ?? Plan.Default;
    }

    /// <summary>Makes the first plan durable, after recovery.</summary>
    public Task BeginAsync() => lastEvent == 0 ? JournalAsync(present) : Task.CompletedTask;

    /// <summary>Goes over to another plan.</summary>
    /// <exception cref="PlanChangeException">The past cannot be folded by it.</exception>
    public async Task ChangeAsync(Plan plan, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, ending.Token);
        try
        {
            await turn.WaitAsync(either.Token).ConfigureAwait(false);
            try
            {
                if (plan.Hash != present.Hash) await ChangeInTurnAsync(plan, either.Token).ConfigureAwait(false);
            }
            finally
            {
                turn.Release();
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new EngineStoppedException("The engine is draining or stopped: its plan stays as it is.");
        }
    }

    /// <summary>Changes nothing any more; completes when no change is under way.</summary>
    public async Task CloseAsync()
    {
        await ending.CancelAsync().ConfigureAwait(false);
        await turn.WaitAsync().ConfigureAwait(false);
        turn.Release();
    }

    private async Task ChangeInTurnAsync(Plan plan, CancellationToken cancellation)
    {
        var refold = new Refold(store, present, plan, engine.Parts.Count);
        for (var pass = 1; await CatchUpAsync(refold, cancellation).ConfigureAwait(false) > FewEvents && pass < PassesAtMost;) pass++;
        try
        {
            await engine.OrFailure(engine.Gate.PauseAsync()).ConfigureAwait(false);
            await CatchUpAsync(refold, cancellation).ConfigureAwait(false);
            await RefuseUnlessWholeAsync(plan, refold).ConfigureAwait(false);
            await GoOverAsync(plan, refold).ConfigureAwait(false);
        }
        finally
        {
            engine.Gate.Resume();
        }
    }

    private static async Task<long> CatchUpAsync(Refold refold, CancellationToken cancellation)
    {
        try
        {
            return await Task.Factory.StartNew(
                () => refold.CatchUp(cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        catch (RecoveryException e)
        {
            throw new PlanChangeException($"The past cannot be folded by another plan: {e.Message}", e);
        }
    }

    /// <summary>Every symbol was folded to where it is, and a start could fold it again.</summary>
    private async Task RefuseUnlessWholeAsync(Plan plan, Refold refold)
    {
        var asked = engine.Parts.Select(partition => partition.AskAsync(hosts => hosts.Symbols
            .FirstOrDefault(symbol => plan.For(symbol.Symbol).Hash != symbol.State.Plan.Settings.Hash && refold.Find(symbol.Id)?.LastFolded != symbol.LastFolded)));
        var behind = Task.WhenAll(asked);
        await engine.OrFailure(behind).ConfigureAwait(false);
        if ((await behind.ConfigureAwait(false)).FirstOrDefault(symbol => symbol is not null) is { } one) throw Gone(one);
        if (!options.DeletesEvents) return;

        // What was folded a moment ago may be deleted by now. Deletions follow the commits of their snapshots; when the second flush is through, none is under way.
        for (var flush = 0; flush < 2; flush++) await engine.OrFailure(engine.Journal.FlushAsync()).ConfigureAwait(false);
        foreach (var symbol in refold.Symbols)
        {
            var isThere = false;
            store.Read(symbol.Id, 1, 1, (in JournalRow _) => !(isThere = true));
            if (!isThere) throw Gone(symbol);
        }

        static PlanChangeException Gone(HostedSymbol symbol) => new($"The past cannot be folded by another plan: the first events of {symbol.Symbol} were deleted.");
    }

    /// <summary>From here on there is no way back: if the engine did not go over as a whole, its memory would not be what the journal says.</summary>
    private async Task GoOverAsync(Plan plan, Refold refold)
    {
        try
        {
            await JournalAsync(plan).ConfigureAwait(false);
            engine.Administrator.Plan = plan;
            await engine.OrFailure(Task.WhenAll(engine.Parts.Select(partition => partition.AskAsync(asked =>
            {
                asked.GoOver(plan, refold);
                return true;
            })))).ConfigureAwait(false);
            Volatile.Write(ref present, plan);
        }
        catch (Exception e) when (e is not EngineStoppedException)
        {
            engine.Fail(e);
            throw engine.Stopped();
        }
    }

    private async Task JournalAsync(Plan plan)
    {
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = new SimpleWork(() =>
        {
            engine.Retention.Forget();
            durable.TrySetResult();
        });
        PlanCodec.Encode(plan, work.Bytes);
        work.AddEvent(PersistenceIds.Plan, ++lastEvent, EventManifests.Plan, 0);
        engine.Journal.Enqueue(work);
        await engine.OrFailure(durable.Task).ConfigureAwait(false);
    }
}
