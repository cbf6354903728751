using System.Diagnostics;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Host.Nodes;

namespace ActorTrading.Host.Web.Live;

/// <summary>
/// The current market row of every symbol, collected once a second for all watchers. Some seconds after the last watcher has left,
/// collection stops, and only the last signals are kept. Thread-safe.
/// </summary>
internal sealed class MarketTable(Node node) : IAsyncDisposable
{
    private const int SignalsRead = 20_000; // of the log, for the last signal of each symbol and the count of the day

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(10);

    private readonly Lock sync = new();
    private readonly Dictionary<Symbol, MarketRow> bySymbol = [];
    private readonly List<MarketRow> rows = [];
    private readonly HashSet<MarketRow> moving = []; // rows whose rate is not zero
    private readonly Dictionary<Symbol, (LoggedSignal Last, int Day, long Count)> signals = [];
    private readonly long[] rounds = new long[MarketRow.Rounds + 1];
    private readonly CancellationTokenSource over = new();
    private Task running = Task.CompletedTask;
    private TaskCompletionSource first = New();
    private long round;
    private long changes;
    private long position;
    private long leftAt;
    private int watchers;
    private bool isRunning;
    private bool isDisposed;
    private Exception? failure;

    /// <summary>Adds a watcher. Dispose the returned object to remove it.</summary>
    public Watch Enter()
    {
        lock (sync)
        {
            if (isDisposed) throw new EngineStoppedException("The node is being stopped.");
            watchers++;
            if (!isRunning)
            {
                isRunning = true;
                first = New();
                running = RunAsync(running, first, over.Token);
            }

            return new Watch(this, first.Task);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (sync) isDisposed = true;
        await over.CancelAsync();
        await running;
        over.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync(Task before, TaskCompletionSource complete, CancellationToken cancellation)
    {
        await Task.Yield(); // the caller holds the lock
        await before;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var logged = New();
        var following = FollowAsync(logged, stop.Token);
        Exception? end = null;
        try
        {
            await foreach (var changed in node.Engine.MarketAsync(Every, stop.Token))
            {
                Take(changed);
                if (!complete.Task.IsCompleted)
                {
                    await Task.WhenAny(logged.Task, following).WaitAsync(stop.Token); // a damaged log has no signals to show
                    complete.TrySetResult();
                }

                if (TryEnd()) break;
            }
        }
        catch (Exception exception)
        {
            end = exception is OperationCanceledException ? new EngineStoppedException("The node is being stopped.") : exception;
        }

        await stop.CancelAsync();
        await Task.WhenAny(following);
        _ = following.Exception; // observed: a damaged log
        if (end is not null) Fail(complete, end);
    }

    /// <summary>Stops the collection when there has been no watcher for some seconds.</summary>
    private bool TryEnd()
    {
        lock (sync)
        {
            if (watchers > 0 || Stopwatch.GetElapsedTime(leftAt) < Linger) return false;
            Clear();
            return true;
        }
    }

    private void Fail(TaskCompletionSource complete, Exception end)
    {
        lock (sync)
        {
            if (!complete.TrySetException(end))
            {
                // Current watchers get the exception at their next read; a later watcher starts a new collection.
                failure = end;
            }

            Clear();
        }

        _ = complete.Task.Exception; // mark as observed, whether or not a caller awaits it
    }

    private void Clear()
    {
        isRunning = false;
        bySymbol.Clear();
        rows.Clear();
        moving.Clear();
        round = 0;
        changes = 0;
    }

    private void Take(IReadOnlyList<MarketReading> changed)
    {
        lock (sync)
        {
            round++;
            rounds[round % rounds.Length] = Stopwatch.GetTimestamp();
            foreach (var reading in changed)
            {
                if (bySymbol.TryGetValue(reading.Symbol, out var row))
                {
                    row.Take(reading, ++changes);
                    moving.Add(row);
                    continue;
                }

                row = new MarketRow(rows.Count, reading);
                row.Begin(++changes);
                if (signals.TryGetValue(reading.Symbol, out var known)) row.Take(known.Last, (known.Day, known.Count), changes);
                rows.Add(row);
                bySymbol.Add(reading.Symbol, row);
                moving.Add(row);
            }

            if (round == 1) return;
            var seconds = Stopwatch.GetElapsedTime(rounds[Math.Max(1, round - MarketRow.Rounds) % rounds.Length]).TotalSeconds;
            moving.RemoveWhere(row => !row.Sample(round, seconds, ++changes));
        }
    }

    /// <summary>Keeps the last signal of each symbol, starting at a limited distance from the end of the log.</summary>
    private async Task FollowAsync(TaskCompletionSource complete, CancellationToken cancellation)
    {
        var last = node.Hosted.LastSignal;
        var from = Math.Max(position, last - SignalsRead);
        if (from >= last) complete.TrySetResult();
        await foreach (var logged in node.Engine.SignalsAsync(from, cancellation))
        {
            Take(logged);
            position = logged.Position;
            if (logged.Position >= last) complete.TrySetResult();
        }
    }

    private void Take(LoggedSignal logged)
    {
        var signal = logged.Signal;
        var day = node.Plan.For(signal.Symbol).Calendar.SessionAt(signal.Trigger.Time).Session;
        lock (sync)
        {
            var (_, countedDay, count) = signals.GetValueOrDefault(signal.Symbol, (logged, int.MinValue, 0));
            if (day > countedDay) (countedDay, count) = (day, 0);
            if (day == countedDay && signal.Action != SignalAction.Withdrawn) count++;
            signals[signal.Symbol] = (logged, countedDay, count);
            if (bySymbol.TryGetValue(signal.Symbol, out var row)) row.Take(logged, (countedDay, count), ++changes);
        }
    }

    /// <summary>A watcher of the table.</summary>
    internal sealed class Watch(MarketTable table, Task complete) : IDisposable
    {
        private bool hasLeft;

        /// <summary>Completes when the table contains every symbol.</summary>
        public Task Complete => complete;

        /// <summary>Reads the rows, under the lock of the table.</summary>
        /// <exception cref="EngineStoppedException">The collection has stopped.</exception>
        public T Read<T>(Func<IReadOnlyList<MarketRow>, T> read)
        {
            lock (table.sync)
            {
                if (!table.isRunning || table.first.Task != complete)
                    throw table.failure ?? new EngineStoppedException("The market table has ended.");
                return read(table.rows);
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (table.sync)
            {
                if (hasLeft) return;
                hasLeft = true;
                table.watchers--;
                table.leftAt = Stopwatch.GetTimestamp();
            }
        }
    }
}
