using System.Diagnostics;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Host.Archive;
using ActorTrading.Host.Backtesting.Jobs;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Backtesting;

/// <summary>The input of a backtest: files in their order, the plan, and the output files.</summary>
internal sealed record BacktestRequest(
    IReadOnlyList<string> Files, Plan Plan, ReadOptions Read, string? BarsOut, string? SignalsOut, string? RejectsOut)
{
    /// <summary>How far a timestamp may be ahead of this machine's clock; records further ahead are rejected.</summary>
    public TimeSpan MaxAhead { get; init; } = ClockLimit.DefaultMaxAhead;

    /// <summary>Number of threads that parse and fold. The result does not depend on it.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>
    /// Number of text bytes that a thread parses at once when there are several threads. The result does not depend on it.
    /// </summary>
    public int BlockLength { get; init; } = 1 << 17;
}

/// <summary>Folds files and reports the result. For a damaged file, the records before the damage are included.</summary>
internal static class Backtest
{
    public static BacktestReport Run(BacktestRequest request, CancellationToken cancellation)
    {
        using var barsFile = request.BarsOut is { } path ? new StreamWriter(OutputFile.Create(path)) : null;
        using var signals = request.SignalsOut is { } signalsPath ? new NdjsonFile(OutputFile.Create(signalsPath)) : null;
        using var rejects = request.RejectsOut is { } rejectsPath ? new NdjsonFile(OutputFile.Create(rejectsPath)) : null;
        var bars = barsFile is null ? null : new BarsCsv(request.Plan, barsFile);
        bars?.WriteHeader();

        var output = new BacktestOutput(bars, signals, rejects);
        var inputs = new List<InputTaken>();
        var damage = new List<string>();
        var time = Stopwatch.StartNew();
        var state = request.Jobs == 1 ? FoldInOrder() : FoldInParallel();
        var elapsed = time.Elapsed;
        if (bars is not null)
        {
            foreach (var symbol in state.Symbols) bars.WriteOpenBars(symbol);
        }

        return new BacktestReport(request.Plan, state, output, new BacktestInputs(inputs, damage, elapsed));

        BacktestState FoldInOrder()
        {
            var position = new ReadPosition();
            var market = new Market(request.Plan, output, input => output.OnRejected(input with { File = position.Input }), position);
            ReadAll(new ClockGuard(market, Latest(), position), position, market.Flush);
            return new BacktestState(market.Ledger, [.. market.Symbols]);
        }

        BacktestState FoldInParallel()
        {
            var position = new ReadPosition();
            using var market = new ParallelMarket(request, output, Latest(), position);
            ReadAll(market, position, static () => { });
            return market.Complete();
        }

        Timestamp Latest() => ClockLimit.LatestAt(TimeProvider.System, request.MaxAhead);

        // A rejection names its input, so all records are folded before the next input is read.
        void ReadAll(IRecordSink sink, ReadPosition position, Action flush)
        {
            var read = request.Read with
            {
                Position = position,
                OnTaken = input =>
                {
                    flush();
                    inputs.Add(input);
                },
            };
            foreach (var file in request.Files)
            {
                try
                {
                    ArchiveInput.Read(file, read, sink, cancellation);
                }
                catch (InputException exception)
                {
                    damage.Add(exception.Message);
                }
            }
        }
    }
}
