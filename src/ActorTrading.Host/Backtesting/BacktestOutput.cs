using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Wire;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Backtesting;

/// <summary>Counts the output of a backtest, keeps the last signals, and writes the requested files.</summary>
internal sealed class BacktestOutput(BarsCsv? bars, NdjsonFile? signals, NdjsonFile? rejects) : IFoldOutput
{
    private const int SignalsKept = 10;

    private readonly SortedDictionary<Frame, long> barsByFrame = [];
    private readonly SortedDictionary<RejectReason, long> rejectsByReason = [];
    private readonly Dictionary<RejectReason, string> hints = [];
    private readonly Queue<Signal> lastSignals = new();

    public IReadOnlyDictionary<Frame, long> BarsByFrame => barsByFrame;

    public IReadOnlyDictionary<RejectReason, long> RejectsByReason => rejectsByReason;

    /// <summary>The first specific hint of a rejection with that reason; null when there was none.</summary>
    public string? HintOf(RejectReason reason) => hints.GetValueOrDefault(reason);

    public IReadOnlyCollection<Signal> LastSignals => lastSignals;

    public long Signals { get; private set; }

    public List<IndicatorFault> Faults { get; } = [];

    public void OnBar(SymbolState symbol, Series series, in Bar bar)
    {
        barsByFrame[series.Frame] = barsByFrame.GetValueOrDefault(series.Frame) + 1;
        bars?.Write(symbol, series, bar);
    }

    /// <summary>Adds counts of bars from other threads.</summary>
    public void AddBars(IReadOnlyDictionary<Frame, long> counts)
    {
        foreach (var (frame, count) in counts) barsByFrame[frame] = barsByFrame.GetValueOrDefault(frame) + count;
    }

    /// <summary>Adds output from other threads: a signal, a fault, or the row of a bar (counted by <see cref="AddBars"/>).</summary>
    public void OnFolded(object what)
    {
        if (what is string row) bars!.Write(row);
        else if (what is Signal signal) OnSignal(signal);
        else OnFault((IndicatorFault)what);
    }

    public void OnSignal(Signal signal)
    {
        Signals++;
        if (lastSignals.Count == SignalsKept) lastSignals.Dequeue();
        lastSignals.Enqueue(signal);
        signals?.Line(signal, SignalJson.Write);
    }

    public void OnLate(in Record record)
    {
    }

    public void OnFault(IndicatorFault fault) => Faults.Add(fault);

    public void OnRejected(RejectedInput input)
    {
        if (input.Rejection.Hint is { } hint) hints.TryAdd(input.Rejection.Reason, hint);
        rejectsByReason[input.Rejection.Reason] = rejectsByReason.GetValueOrDefault(input.Rejection.Reason) + 1;
        rejects?.Line(input, static (rejected, to) => RejectJson.Write(rejected, to));
    }
}
