using System.Diagnostics;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded.Signals;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Engine.Embedded.Recovering;

/// <summary>
/// Recovers the partitions from the journal: restores the newest usable snapshot of each symbol, then folds the events after it. Partitions
/// fold in parallel. Signals that fire again go to the administrator, which recognises the new ones.
/// </summary>
internal sealed class Recovery(
    IJournalStore store, IReadOnlyList<Partition> partitions, Administrator administrator, PlanHistory plans, EmbeddedOptions options)
{
    private readonly Dictionary<string, (Partition Partition, HostedSymbol Symbol, long Head)> byId = [];
    private readonly List<UnusedSnapshot> unused = [];
    private readonly byte[] hash = new byte[PlanHash.Length];
    private int snapshotsUsed;
    private long eventsToReplay;
    private long events;
    private long records;
    private volatile Exception? failure;

    public RecoveryReport Run()
    {
        var started = Stopwatch.GetTimestamp();
        var logged = 0L;
        var heads = new List<(Symbol Symbol, long Head)>();
        foreach (var head in store.Heads())
        {
            if (head.PersistenceId == PersistenceIds.Administrator) logged = head.HighestSequenceNumber;
            if (PersistenceIds.SymbolOf(head.PersistenceId) is { } symbol) heads.Add((symbol, head.HighestSequenceNumber));
        }

        var signalsRead = administrator.Recover(store, logged, unused);
        foreach (var partition in partitions) partition.Output.IsReplay = true;
        if (options.IdleAfter is not null && heads.Count > options.AwakeAtStart) RecoverOneByOne(heads);
        else RecoverAll(heads);
        foreach (var partition in partitions) partition.Output.IsReplay = partition.Output.IsSilent = false;

        if (failure is RecoveryException found) throw new RecoveryException(found.PersistenceId, found.SequenceNumber, found.Fault);
        if (failure is not null) throw new InvalidOperationException("Recovery failed: " + failure.Message, failure);
        foreach (var (_, symbol, head) in byId.Values) RequireWhole(symbol, head);
        return new RecoveryReport(heads.Count, snapshotsUsed, unused, events, records, Stopwatch.GetElapsedTime(started))
        {
            SignalsRead = signalsRead,
        };
    }

    private void RecoverAll(List<(Symbol Symbol, long Head)> heads)
    {
        foreach (var (symbol, head) in heads)
        {
            var partition = partitions[PersistenceIds.PartitionOf(symbol, partitions.Count)];
            var hosted = new HostedSymbol(new SymbolState(symbol, partition.Symbols.PlanOf(symbol)));
            partition.Symbols.Host(hosted);
            byId.Add(hosted.Id, (partition, hosted, head));
        }

        RestoreSnapshots();
        var all = byId.Values.Sum(entry => entry.Head);
        eventsToReplay = byId.Values.Sum(entry => entry.Head - entry.Symbol.LastEvent);
        if (eventsToReplay > all / 2) ReplayInOneScan();
        else if (eventsToReplay > 0) ReplayEachSymbol();
    }

    /// <summary>
    /// Recovers each symbol separately and passivates it, so that memory does not grow with the number of symbols. Costs two or three
    /// queries per symbol, while <see cref="RecoverAll"/> reads long sequences of rows.
    /// </summary>
    private void RecoverOneByOne(List<(Symbol Symbol, long Head)> heads)
    {
        eventsToReplay = heads.Sum(head => head.Head);
        var each = heads.ToLookup(head => PersistenceIds.PartitionOf(head.Symbol, partitions.Count));
        RunPerPartition(partition =>
        {
            var replay = new EventReplay(partition.Output);
            foreach (var (symbol, head) in each[partition.Number])
            {
                var hosted = new HostedSymbol(new SymbolState(symbol, partition.Symbols.PlanOf(symbol)));
                Restore(partition, hosted, head);
                var (eventsBefore, recordsBefore) = (replay.Events, replay.Records);
                if (hosted.LastEvent < head) Replay(partition, hosted, replay);
                Hand(partition.Output);
                Report(replay.Events - eventsBefore, replay.Records - recordsBefore);
                if (failure is not null) return;
                RequireWhole(hosted, head);
                partition.Symbols.HostAsleep(hosted);
            }
        });
    }

    private void Restore(Partition partition, HostedSymbol symbol, long head)
    {
        lock (unused)
        {
            for (var before = long.MaxValue; before > 0;)
            {
                var (found, isUsed) = (0L, false);
                store.ReadSnapshot(symbol.Id, before, (in JournalRow row) =>
                {
                    found = row.SequenceNumber;
                    isUsed = TryRestore(partition, symbol, head, row, out _);
                    return false;
                });
                before = isUsed ? 0 : found - 1;
            }
        }
    }

    private static void RequireWhole(HostedSymbol symbol, long head)
    {
        if (symbol.LastEvent < head) throw new RecoveryException(symbol.Id, symbol.LastEvent + 1, $"it and all up to {head} are missing");
    }

    private void RestoreSnapshots()
    {
        var damaged = new List<(string Id, long SequenceNumber)>();
        store.ReadLatestSnapshots((in JournalRow row) =>
        {
            if (byId.TryGetValue(row.PersistenceId, out var entry)
                && !TryRestore(entry.Partition, entry.Symbol, entry.Head, row, out var isDamaged) && isDamaged)
                damaged.Add((row.PersistenceId, row.SequenceNumber));
            return true;
        });

        // The snapshot before a damaged one may be usable.
        foreach (var (id, sequenceNumber) in damaged)
        {
            var (partition, symbol, head) = byId[id];
            var before = sequenceNumber - 1;
            var goOn = true;
            while (goOn && before > 0)
            {
                goOn = false;
                store.ReadSnapshot(id, before, (in JournalRow row) =>
                {
                    before = row.SequenceNumber - 1;
                    goOn = !TryRestore(partition, symbol, head, row, out var isDamaged) && isDamaged;
                    return false;
                });
            }
        }
    }

    private bool TryRestore(Partition partition, HostedSymbol symbol, long head, in JournalRow row, out bool isDamaged)
    {
        isDamaged = true;
        var plan = partition.Symbols.PlanOf(symbol.Symbol);
        if (row.SerializerId == EventManifests.SerializerId && row.Manifest == EventManifests.SymbolDeleted)
        {
            if (!SymbolSnapshot.TryDelete(symbol, row.SequenceNumber, row.Payload, out var reason)) return Unused(row, reason);
            symbol.NoteSnapshot();
            snapshotsUsed++;
            return true;
        }

        if (row.SerializerId != EventManifests.SerializerId || row.Manifest != EventManifests.Snapshot)
            return Unused(row, $"not an engine snapshot, but '{row.Manifest}' of serializer {row.SerializerId}");
        if (!SnapshotCodec.TryDecode(row.Payload, out var snapshot, out var error)) return Unused(row, error.ToString());
        plan.Settings.Hash.CopyTo(hash);
        if (!snapshot.PlanHash.SequenceEqual(hash))
        {
            isDamaged = false;
            return Unused(row, $"taken under plan {PlanHash.FromBytes(snapshot.PlanHash).Short}, not {plan.Settings.Hash.Short}");
        }

        if (!snapshot.Symbol.Equals(symbol.Symbol) || snapshot.SequenceNr != row.SequenceNumber)
            return Unused(row, $"its header names {snapshot.Symbol} up to event {snapshot.SequenceNr}");
        if (row.SequenceNumber > head)
            throw new RecoveryException(
                symbol.Id, head + 1, $"it and all up to {row.SequenceNumber}, which a snapshot covers, are missing");
        try
        {
            var state = SymbolState.Read(snapshot.Body, plan);
            if (!state.Symbol.Equals(symbol.Symbol)) return Unused(row, $"its state belongs to {state.Symbol}");
            symbol.State = state;
        }
        catch (StateFormatException e)
        {
            return Unused(row, e.Message);
        }

        symbol.LastEvent = symbol.LastFolded = row.SequenceNumber;
        symbol.NoteSnapshot();
        snapshotsUsed++;
        return true;
    }

    private bool IsSilent(HostedSymbol symbol, long ordering) => !plans.IsInForce(symbol.Symbol, symbol.State.Plan.Settings.Hash, ordering);

    private bool Unused(in JournalRow row, string reason)
    {
        unused.Add(new UnusedSnapshot(row.PersistenceId, row.SequenceNumber, reason));
        return false;
    }

    /// <summary>Each partition reads the events of its symbols, one symbol after another: best if snapshots cover most events.</summary>
    private void ReplayEachSymbol() =>
        RunPerPartition(partition =>
        {
            var replay = new EventReplay(partition.Output);
            foreach (var symbol in partition.Symbols.Active)
            {
                if (symbol.LastEvent == byId[symbol.Id].Head) continue;
                Replay(partition, symbol, replay);
                if (failure is not null) break;
                Hand(partition.Output);
            }

            Report(replay.Events, replay.Records);
        });

    /// <summary>Folds the events of a symbol after its snapshot.</summary>
    private void Replay(Partition partition, HostedSymbol symbol, EventReplay replay)
    {
        Exception? fault = null;
        store.Read(symbol.Id, symbol.LastEvent + 1, long.MaxValue, (in JournalRow row) =>
        {
            try
            {
                partition.Output.IsSilent = IsSilent(symbol, row.Ordering);
                replay.Fold(symbol, row);
            }
            catch (Exception e)
            {
                fault = e;
            }

            return fault is null && failure is null;
        });
        if (fault is not null) throw fault;
    }

    private void ReplayInOneScan()
    {
        var replays = partitions.Select(partition => new EventReplay(partition.Output)).ToList();
        Try(() => new LaneScan(store, partitions.Count).Run(
            0,
            (in JournalRow row) => byId.TryGetValue(row.PersistenceId, out var entry) ? entry.Symbol : null,
            (lane, block) => FoldBlock(block, replays[lane], partitions[lane].Output),
            CancellationToken.None));
    }

    private void FoldBlock(ReplayBlock block, EventReplay replay, SymbolOutput output)
    {
        var (eventsBefore, recordsBefore) = (replay.Events, replay.Records);
        for (var i = 0; i < block.Count; i++)
        {
            var symbol = block.SymbolAt(i);
            var row = block.RowAt(i);
            output.IsSilent = IsSilent(symbol, row.Ordering);
            replay.Fold(symbol, row);
        }

        Hand(output);
        Report(replay.Events - eventsBefore, replay.Records - recordsBefore);
    }

    private void RunPerPartition(Action<Partition> work) =>
        Task.WaitAll([.. partitions.Select(partition => Task.Factory.StartNew(
            () => Try(() => work(partition)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);

    /// <summary>Does a part of the recovery, and keeps the first failure.</summary>
    private void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            failure ??= e;
        }
    }

    private void Hand(SymbolOutput output)
    {
        administrator.Take(output.Signals);
        output.Signals.Clear();
    }

    private void Report(long moreEvents, long moreRecords)
    {
        var soFar = Interlocked.Add(ref events, moreEvents);
        var recordsSoFar = Interlocked.Add(ref records, moreRecords);
        options.Progress?.Report(new RecoveryProgress(soFar, eventsToReplay, recordsSoFar));
    }
}
