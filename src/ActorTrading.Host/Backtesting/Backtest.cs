using System.Diagnostics;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Backtesting;

/// <summary>What to run: files in their order, through a plan, and where to put what comes out.</summary>
internal sealed record BacktestRequest(
    IReadOnlyList<string> Files, Plan Plan, ReadOptions Read, string? BarsOut, string? SignalsOut, string? RejectsOut)
{
    /// <summary>How far a stamp may be ahead of this machine's clock; records further ahead are rejected.</summary>
    public TimeSpan MaxAhead { get; init; } = ClockLimit.DefaultMaxAhead;
}

/// <summary>Runs files through the fold and reports. What was read before a file turned out damaged is folded and reported too.</summary>
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
        var position = new ReadPosition();
        var market = new Market(request.Plan, output, input => output.OnRejected(input with { File = position.Input }), position);
        var inputs = new List<InputTaken>();
        var read = request.Read with { Position = position, OnTaken = inputs.Add };
        var guarded = new ClockGuard(market, ClockLimit.LatestAt(TimeProvider.System, request.MaxAhead), position);
        var damage = new List<string>();
        var time = Stopwatch.StartNew();
        foreach (var file in request.Files)
        {
            try
            {
                RecordFile.Read(file, read, guarded, cancellation);
            }
            catch (InputException exception)
            {
                damage.Add(exception.Message);
            }

            market.Flush(); // a refusal names the file it stood in
        }

        var total = market.Ledger.Total();
        var elapsed = time.Elapsed;
        if (bars is not null)
        {
            foreach (var symbol in market.Symbols) bars.WriteOpenBars(symbol);
        }

        return new BacktestReport(request.Plan, market, total, output, new BacktestInputs(inputs, damage, elapsed));
    }
}
