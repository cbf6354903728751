using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Embedded.Replanning;

/// <summary>
/// The plan of an engine and the journal of its changes, including exclusions; one change at a time. The past is folded with the new plan
/// beside the running engine. The engine pauses only for the events that arrived meanwhile. Thread-safe.
/// </summary>
internal sealed class PlanKeeper(EmbeddedEngine engine, IJournalStore store, EmbeddedOptions options)
{
    private const int FewEvents = 1_000; // few enough to fold during a pause
    private const int PassesAtMost = 8; // if records arrive as fast as they are folded, the rest is folded during the pause

    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource ending = new();
    private Plan present = Plan.Default;
    private long lastEvent;

    /// <summary>The plan in force.</summary>
    public Plan Present => Volatile.Read(ref present);

    /// <summary>The plans in the journal when it was last read.</summary>
    public PlanHistory History { get; private set; } = PlanHistory.None;

    /// <summary>Reads the plans before anything is folded. If there are none, the given plan is the first.</summary>
    /// <exception cref="RecoveryException">A plan is missing or damaged.</exception>
    public void Recover(Plan? given)
    {
        History = PlanHistory.None.ReadOn(store);
        lastEvent = History.Count;
        present = History.Present ?? given ?? Plan.Default;
    }

    /// <summary>Makes the first plan durable. Call after recovery.</summary>
    public async Task BeginAsync()
    {
        if (lastEvent > 0) return;
        var work = EventOf(present);
        await DurableAsync(work, () => engine.Journal.Enqueue(work)).ConfigureAwait(false);
    }

    /// <summary>Switches to another plan.</summary>
    /// <exception cref="PlanChangeException">The past cannot be folded with the plan.</exception>
    public Task ChangeAsync(Plan plan, CancellationToken cancellation) => InTurnAsync(async token =>
    {
        if (plan.Hash == present.Hash) return;
        var next = plan.WithExclusionsOf(present);
        var work = EventOf(next);
        await ChangeInTurnAsync(
            new PlanStep(next), () => Task.FromResult((work, (Action)(() => engine.Journal.Enqueue(work)))), token).ConfigureAwait(false);
    }, cancellation);

    /// <summary>Excludes records of a symbol. Completes when the exclusion and the withdrawals are durable.</summary>
    /// <exception cref="ExclusionException">The exclusion is refused.</exception>
    /// <exception cref="EventsDeletedException">The first events of the symbol were deleted.</exception>
    public async Task<ExclusionOutcome> ExcludeAsync(Symbol symbol, ExclusionRequest request, CancellationToken cancellation)
    {
        ExclusionOutcome? outcome = null;
        await InTurnAsync(async token =>
        {
            var found = await ReadingThreads.OfQueries.RunAsync(
                () => ExclusionSurvey.Find(store.Until(token), present, symbol, request, options.Clock), token)
                .ConfigureAwait(false);
            outcome = found.Number > 0
                ? new ExclusionOutcome(symbol, found, IsChanged: false, SignalChanges.None)
                : await ChangeExclusionsAsync(
                    new ExclusionChange(symbol, found, 0, found.Time, found.By), found with { Number = lastEvent + 1 },
                    token).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        return outcome!;
    }

    /// <summary>Ends an exclusion.</summary>
    /// <exception cref="ExclusionException">There is no exclusion with that number.</exception>
    /// <exception cref="EventsDeletedException">The first events of the symbol were deleted.</exception>
    public async Task<ExclusionOutcome> IncludeAsync(Symbol symbol, long number, string by, CancellationToken cancellation)
    {
        ExclusionOutcome? outcome = null;
        await InTurnAsync(async token =>
        {
            var found = ExclusionSurvey.Required(present, symbol, number);
            await Task.Run(() => ExclusionSurvey.RequireFirstEvent(store, symbol), token).ConfigureAwait(false);
            var now = Timestamp.FromDateTime(options.Clock.GetUtcNow().UtcDateTime);
            outcome = await ChangeExclusionsAsync(new ExclusionChange(symbol, null, number, now, by), found, token).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        return outcome!;
    }

    /// <summary>Logs withdrawals that are missing because another engine crashed during a change. Call after recovery.</summary>
    public async Task WithdrawMissingAsync()
    {
        var parts = engine.Parts.Select(partition => partition.Symbols).ToList();
        var awake = parts.SelectMany(part => part.Active.Select(static symbol => (symbol.Symbol, symbol.LastSnapshot)));
        var asleep = parts.SelectMany(part => part.Asleep.Select(static symbol => (symbol.Symbol, symbol.LastSnapshot)));
        foreach (var (symbol, snapshot) in awake.Concat(asleep))
        {
            if (!WithdrawnSignals.AreDue(store, History, symbol, snapshot)) continue;
            var changes = await Task.Run(() => WithdrawnSignals.Find(store, History, symbol)).ConfigureAwait(false);
            engine.Administrator.Withdraw(changes.Key, changes.Withdrawn, new SimpleWork());
        }

        await engine.OrFailure(engine.Journal.FlushAsync()).ConfigureAwait(false);
    }

    /// <summary>Runs an action while no change of the plan or of exclusions is in progress.</summary>
    public async Task InTurnAsync(Func<CancellationToken, Task> change, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, ending.Token);
        try
        {
            await turn.WaitAsync(either.Token).ConfigureAwait(false);
            try
            {
                await change(either.Token).ConfigureAwait(false);
            }
            finally
            {
                turn.Release();
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new EngineStoppedException("The engine is draining or stopped: its plan cannot be changed.");
        }
    }

    /// <summary>Refuses further changes; completes when no change is in progress.</summary>
    public async Task CloseAsync()
    {
        await ending.CancelAsync().ConfigureAwait(false);
        await turn.WaitAsync().ConfigureAwait(false);
        turn.Release();
    }

    /// <summary>Commits the change together with the withdrawals that it causes.</summary>
    private async Task<ExclusionOutcome> ChangeExclusionsAsync(ExclusionChange change, Exclusion exclusion, CancellationToken cancellation)
    {
        var next = PlanHistory.With(present, change, lastEvent + 1);
        var signals = SignalChanges.None;
        try
        {
            await ChangeInTurnAsync(new PlanStep(next, change.Symbol), PrepareAsync, cancellation).ConfigureAwait(false);
        }
        catch (PlanChangeException)
        {
            // Deleted meanwhile.
            await Task.Run(() => ExclusionSurvey.RequireFirstEvent(store, change.Symbol), cancellation).ConfigureAwait(false);
            throw;
        }

        return new ExclusionOutcome(change.Symbol, exclusion, IsChanged: true, signals);

        async Task<(SimpleWork Work, Action Enqueue)> PrepareAsync()
        {
            await engine.OrFailure(engine.Journal.FlushAsync()).ConfigureAwait(false); // nothing is being folded: the log is complete
            signals = await ReadingThreads.OfQueries.RunAsync(
                () =>
                {
                    var after = History.ReadOn(store).After(next, long.MaxValue);
                    return WithdrawnSignals.Find(store.Until(cancellation), after, change.Symbol, cancellation);
                },
                cancellation).ConfigureAwait(false);
            var work = new SimpleWork();
            ExclusionCodec.Encode(change, work.Bytes);
            work.AddEvent(PersistenceIds.Plan, lastEvent + 1, EventManifests.Exclusion, 0);
            return (work, () => engine.Administrator.Withdraw(signals.Key, signals.Withdrawn, work));
        }
    }

    /// <param name="prepare">
    /// Returns what to make durable, and the action that hands it to the journal. Called while nothing is being folded.
    /// </param>
    private async Task ChangeInTurnAsync(
        PlanStep step, Func<Task<(SimpleWork Work, Action Enqueue)>> prepare, CancellationToken cancellation)
    {
        var refold = new Refold(store, present, step.Plan, engine.Parts.Count, step.Only);
        for (var pass = 1; await CatchUpAsync(refold, cancellation).ConfigureAwait(false) > FewEvents && pass < PassesAtMost;) pass++;
        try
        {
            await engine.OrFailure(engine.Gate.PauseAsync()).ConfigureAwait(false);
            await CatchUpAsync(refold, cancellation).ConfigureAwait(false);
            var (work, enqueue) = await prepare().ConfigureAwait(false);
            await RefuseUnlessWholeAsync(step.Plan, refold).ConfigureAwait(false);
            await SwitchPlanAsync(step, refold, work, enqueue).ConfigureAwait(false);
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
                () => refold.CatchUp(cancellation), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default).ConfigureAwait(false);
        }
        catch (RecoveryException e)
        {
            throw new PlanChangeException($"The history cannot be replayed with this plan: {e.Message}", e);
        }
    }

    /// <summary>Refuses the change unless every symbol was folded up to its last event and a start could fold it again.</summary>
    private async Task RefuseUnlessWholeAsync(Plan plan, Refold refold)
    {
        var asked = engine.Parts.Select(partition => partition.AskAsync(hosts => hosts.FindBehind(plan, refold)));
        var behind = Task.WhenAll(asked);
        await engine.OrFailure(behind).ConfigureAwait(false);
        if ((await behind.ConfigureAwait(false)).FirstOrDefault(symbol => symbol is not null) is { } one) throw Gone(one);
        if (!options.DeletesEvents) return;

        // Events folded a moment ago may be deleted by now. Deletions follow the commits of their snapshots; after the second flush, none
        // is in progress.
        for (var flush = 0; flush < 2; flush++) await engine.OrFailure(engine.Journal.FlushAsync()).ConfigureAwait(false);
        foreach (var symbol in refold.Symbols)
        {
            if (!EventPlaces.IsFirstThere(store, symbol.Id)) throw Gone(symbol.Symbol);
        }

        static PlanChangeException Gone(Symbol symbol) =>
            new($"The history cannot be replayed with this plan: the first events of {symbol} were deleted.");
    }

    /// <summary>The point of no return: if the engine did not switch completely, its memory would differ from the journal.</summary>
    private async Task SwitchPlanAsync(PlanStep step, Refold refold, SimpleWork work, Action enqueue)
    {
        try
        {
            await DurableAsync(work, enqueue).ConfigureAwait(false);
            engine.Administrator.Plan = step.Plan;
            await engine.OrFailure(Task.WhenAll(engine.Parts.Select(partition => partition.AskAsync(asked =>
            {
                asked.SwitchPlan(step.Plan, refold);
                // A snapshot, so that no start looks for withdrawals again.
                if (step.Only is { } symbol && asked.Find(symbol) is { } changed) asked.TakeSnapshot(changed);
                return true;
            })))).ConfigureAwait(false);
            Volatile.Write(ref present, step.Plan);
        }
        catch (Exception e) when (e is not EngineStoppedException)
        {
            engine.Fail(e);
            throw engine.Stopped();
        }
    }

    private SimpleWork EventOf(Plan plan)
    {
        var work = new SimpleWork();
        PlanCodec.Encode(plan, work.Bytes);
        work.AddEvent(PersistenceIds.Plan, lastEvent + 1, EventManifests.Plan, 0);
        return work;
    }

    private async Task DurableAsync(SimpleWork work, Action enqueue)
    {
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Then(() =>
        {
            engine.Retention.Forget();
            durable.TrySetResult();
        });
        lastEvent++;
        enqueue();
        await engine.OrFailure(durable.Task).ConfigureAwait(false);
    }

    /// <summary>A switch to a plan. <paramref name="Only"/>: the only symbol that it changes; null if unknown.</summary>
    private sealed record PlanStep(Plan Plan, Symbol? Only = null);
}
