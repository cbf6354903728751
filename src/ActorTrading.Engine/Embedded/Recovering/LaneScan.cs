using System.Collections.Concurrent;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded.Recovering;

/// <summary>Returns the symbol of a row; null to skip the row.</summary>
internal delegate HostedSymbol? SymbolOfRow(in JournalRow row);

/// <summary>
/// Parallel scan of the journal: one thread reads and passes each row to the lane of its symbol. The lanes fold in parallel; their queues
/// are bounded.
/// </summary>
internal sealed class LaneScan(IJournalStore store, int lanes)
{
    private const int BlocksAhead = 4;

    private readonly BlockingCollection<ReplayBlock>[] full =
        [.. Enumerable.Range(0, lanes).Select(_ => new BlockingCollection<ReplayBlock>(BlocksAhead))];
    private readonly ConcurrentBag<ReplayBlock>[] empty = [.. Enumerable.Range(0, lanes).Select(_ => new ConcurrentBag<ReplayBlock>())];
    private volatile Exception? failure;

    /// <summary>Reads all rows after an ordering. Returns the last ordering read. Rethrows the first exception of a lane.</summary>
    /// <param name="symbolOf">Called on the reading thread.</param>
    /// <param name="fold">Called on the thread of a lane, with the number of the lane.</param>
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
                failure ??= e; // and continue to take blocks, so that the reader can finish
            }

            block.Clear();
            empty[lane].Add(block);
        }
    }
}
