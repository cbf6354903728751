using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;

namespace ActorTrading.TestKit.Folding;

/// <summary>Records the output of a fold: in order as lines, and by kind.</summary>
public sealed class FoldLog : IFoldOutput
{
    /// <summary>The whole output, as <see cref="Seen"/> writes it.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>The bars.</summary>
    public List<(Domain.Calendars.Frame Frame, Bar Bar)> Bars { get; } = [];

    /// <summary>The signals.</summary>
    public List<Signal> Signals { get; } = [];

    /// <summary>The late records.</summary>
    public List<Record> Late { get; } = [];

    /// <summary>The failures of indicators.</summary>
    public List<IndicatorFault> Faults { get; } = [];

    /// <inheritdoc/>
    public void OnBar(SymbolState symbol, Series series, in Bar bar)
    {
        Bars.Add((series.Frame, bar));
        var values = Seen.Values(symbol.Plan.Settings).Where(value => value.Frame == series.Frame);
        Lines.Add(Seen.Closed(symbol.Symbol, series.Frame, bar, values.Select(value => symbol.Ohlcv.Value(value.Frame, value.Spec))));
    }

    /// <inheritdoc/>
    public void OnSignal(Signal signal)
    {
        Signals.Add(signal);
        Lines.Add(Seen.Signal(signal));
    }

    /// <inheritdoc/>
    public void OnLate(in Record record)
    {
        Late.Add(record);
        Lines.Add(Seen.Late(record));
    }

    /// <inheritdoc/>
    public void OnFault(IndicatorFault fault)
    {
        Faults.Add(fault);
        Lines.Add(Seen.Fault(fault.Symbol, fault.Frame, fault.Indicator, fault.Time));
    }
}
