using System.Collections.Concurrent;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded.Recovering;

/// <summary>Says whose a row is; null for one that is passed over.</summary>
internal delegate HostedSymbol? SymbolOfRow(in JournalRow row);

/// <summary>
/// One thread reads the journal and hands each of some lanes the rows of its symbols; lanes fold beside each other, and are bounded.
/// </summary>
internal sealed class LaneScan(IJournalStore store, int lanes)
{
    private const int BlocksAhead = 4;

    private readonly BlockingCollection<ReplayBlock>[] full =
        [.. Enumerable.Range(0, lanes).Select(_ => new BlockingCollection<ReplayBlock>(BlocksAhead))];
    private readonly ConcurrentBag<ReplayBlock>[] empty = [.. Enumerable.Range(0, lanes).Select(_ => new ConcurrentBag<ReplayBlock>())];
    private volatile Exception? failure;

    /// <summary>
    /// Reads all rows after an ordering; returns the last that was read. What a lane throws, the first of them, it throws.
    /// </summary>
    /// <param name="symbolOf">Called by the thread that reads.</param>
    /// <param name="fold">Called by the thread of a lane with its number.</param>
    public long Run(long after, SymbolOfRow symbolOf, Action<int, ReplayBlock> fold, CancellationToken cancellation)
    {
        var threads = Enumerable.Range(0, lanes).Select(lane => Task.Factory.StartNew(
            () => FoldLane(lane, fold), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        var last = after;
        try
        {
            last = Read(after, symbolOf, cancellation);
        }
        catch (Exception e)
        {
            failure ??= e;
        }
        finally
        {
            foreach (var lane in full) lane.CompleteAdding();
        }

        Task.WaitAll(threads, CancellationToken.None);
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        cancellation.ThrowIfCancellationRequested();
        return last;
    }

    private long Read(long after, SymbolOfRow symbolOf, CancellationToken cancellation)
    {
        var filling = full.Select(_ => new ReplayBlock()).ToArray();
        var last = store.ReadAll(after, (in JournalRow row) =>
        {
            if (symbolOf(row) is not { } symbol) return failure is null;
            var lane = PersistenceIds.PartitionOf(symbol.Symbol, lanes);
            if (!filling[lane].HasRoom(row.Payload.Length))
            {
                full[lane].Add(filling[lane], CancellationToken.None);
                filling[lane] = empty[lane].TryTake(out var again) ? again : new ReplayBlock();
            }

            filling[lane].Add(symbol, row);
            return failure is null && !cancellation.IsCancellationRequested;
        });
        for (var lane = 0; lane < lanes; lane++) full[lane].Add(filling[lane], CancellationToken.None);
        return last;
    }

    private void FoldLane(int lane, Action<int, ReplayBlock> fold)
    {
        foreach (var block in full[lane].GetConsumingEnumerable())
        {
            try
            {
                if (failure is null) fold(lane, block);
            }
            catch (Exception e)
            {
                failure ??= e; // and go on taking blocks, so that the reader ends
            }

            block.Clear();
            empty[lane].Add(block);
        }
    }
}
