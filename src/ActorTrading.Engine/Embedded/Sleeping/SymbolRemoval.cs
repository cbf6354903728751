using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Deleting;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Embedded.Sleeping;

/// <summary>
/// Deletes a symbol while nothing is being folded. The deletion becomes durable as an event and, in the same commit, as a snapshot. Then
/// the earlier events are deleted in small transactions; if a crash interrupts this, it is completed after the next start. One deletion at
/// a time.
/// </summary>
internal sealed class SymbolRemoval(EmbeddedEngine engine, IJournalStore store, EmbeddedOptions options)
{
    private readonly List<JournalDeletion> unfinished = [];

    /// <summary>Finds interrupted deletions and completes them. Before the partitions run. Blocks.</summary>
    public void Recover()
    {
        foreach (var symbol in engine.Parts.SelectMany(
            partition => partition.Symbols.Active.Select(static symbol => (symbol.Symbol, symbol.DeletedAt))
                .Concat(partition.Symbols.Asleep.Select(static symbol => (symbol.Symbol, symbol.DeletedAt)))))
        {
            if (symbol.DeletedAt > 0 && EventPlaces.First(store, PersistenceIds.Of(symbol.Symbol)) < symbol.DeletedAt)
                Note(symbol.Symbol, symbol.DeletedAt);
        }

        TryPurge();
    }

    public async Task<DeletionOutcome> RunAsync(Symbol symbol, string by)
    {
        var outcome = await DeleteAsync(symbol, by).ConfigureAwait(false);
        return outcome with { IsPurged = await Task.Run(TryPurge).ConfigureAwait(false) };
    }

    private async Task<DeletionOutcome> DeleteAsync(Symbol symbol, string by)
    {
        var partition = engine.Parts[PersistenceIds.PartitionOf(symbol, engine.Parts.Count)];
        try
        {
            await engine.OrFailure(engine.Gate.PauseAsync()).ConfigureAwait(false);
            await engine.OrFailure(engine.Journal.FlushAsync()).ConfigureAwait(false); // its signals are in the log now
            var found = await partition.AskAsync(hosts => hosts.Remember(symbol)).ConfigureAwait(false);
            if (found is not null && found.Current is null)
                found.Current = await Task.Run(() => found.Sleeper!.Read(store, found.Plan)).ConfigureAwait(false);
            if (found?.Current is not { HasRecords: true } current) return Before(symbol, found?.Current);
            var now = Timestamp.FromDateTime(options.Clock.GetUtcNow().UtcDateTime);
            var deleted = new SymbolDeleted(symbol, now, by, current.State.Sources.Newest());
            var number = current.LastEvent + 1;
            await DeleteAsync(partition, deleted, number).ConfigureAwait(false);
            Note(symbol, number);
            return new DeletionOutcome(symbol, number, deleted, IsChanged: true, IsPurged: false);
        }
        finally
        {
            engine.Gate.Resume();
        }
    }

    private static DeletionOutcome Before(Symbol symbol, HostedSymbol? gone) =>
        new(symbol, gone?.DeletedAt ?? 0, gone?.Deletion, IsChanged: false, IsPurged: false);

    /// <summary>The point of no return: if the memory were not updated too, it would differ from the journal.</summary>
    private async Task DeleteAsync(Partition partition, SymbolDeleted deleted, long number)
    {
        try
        {
            var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var work = new SimpleWork(() => durable.TrySetResult());
            var manifest = DeletionCodec.Encode(deleted, work.Bytes);
            var id = PersistenceIds.Of(deleted.Symbol);
            work.AddEvent(id, number, manifest, 0);
            work.AddSnapshot(id, number, manifest, 0);
            engine.Journal.Enqueue(work);
            await engine.OrFailure(durable.Task).ConfigureAwait(false);
            await engine.OrFailure(partition.AskAsync(hosts =>
            {
                hosts.Delete(deleted, number);
                return true;
            })).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not EngineStoppedException)
        {
            engine.Fail(e);
            throw engine.Stopped();
        }
    }

    private void Note(Symbol symbol, long deletedAt)
    {
        lock (unfinished) unfinished.Add(new JournalDeletion(PersistenceIds.Of(symbol), deletedAt - 1, deletedAt));
    }

    /// <summary>Deletes the events of deleted symbols. Returns false if the journal fails; the next deletion tries again.</summary>
    private bool TryPurge()
    {
        lock (unfinished)
        {
            if (unfinished.Count == 0) return true;
            try
            {
                store.Delete(unfinished.ToArray());
                unfinished.Clear();
                return true;
            }
            catch (JournalException e)
            {
                options.Meter?.DeletionFailed();
                options.OnRetention?.Invoke(e);
                return false;
            }
        }
    }
}

/// <summary>A symbol that is to be deleted: its active state, or its passivated data.</summary>
internal sealed class RememberedSymbol(HostedSymbol? current, PassivatedSymbol? sleeper, SymbolPlan plan)
{
    public HostedSymbol? Current { get; set; } = current;

    public PassivatedSymbol? Sleeper => sleeper;

    public SymbolPlan Plan => plan;
}
