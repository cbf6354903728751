using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Live;

namespace ActorTrading.Engine.Symbols;

/// <summary>
/// The output of the fold in a running engine: collects signals for the signal log, and publishes bars, records and late ticks to
/// live readers. Not thread-safe.
/// </summary>
internal sealed class SymbolOutput(LiveHub live, Action<IndicatorFault>? onFault) : ISymbolOutput
{
    private readonly BarValues values = new();

    /// <summary>Signals since the last time they were taken.</summary>
    public List<Signal> Signals { get; } = [];

    /// <summary>The symbol being folded.</summary>
    public HostedSymbol? Folding { get; set; }

    /// <summary>Whether past events are being folded again: if so, only the administrator is notified.</summary>
    public bool IsReplay { get; set; }

    /// <summary>Whether the plan was not in force for the events being folded: their signals are counted and not logged.</summary>
    public bool IsSilent { get; set; }

    public void OnBar(SymbolState symbol, Series series, in Bar bar)
    {
        Folding?.Trace.OnBar(symbol, series, bar);
        if (IsReplay) return;
        if (Folding is { } hosted) hosted.BarsClosed[series.Index]++;
        if (live.WantsBars(symbol.Symbol, series.Frame)) live.Publish(new LiveEvent(values.Take(symbol, series, bar)));
    }

    /// <summary>Whether a live reader wants the records of a symbol; checked once for many records.</summary>
    public bool WantsTicks(Symbol symbol) => live.WantsTicks(symbol);

    /// <summary>Publishes a folded record.</summary>
    public void OnTick(in Record record) => live.Publish(new LiveEvent(Tick: record));

    public void OnSignal(Signal signal)
    {
        if (!IsSilent) Signals.Add(signal);
    }

    public void OnLate(in Record record)
    {
        if (!IsReplay && live.WantsLate(record.Symbol)) live.Publish(new LiveEvent(Late: record));
    }

    public void OnFault(IndicatorFault fault)
    {
        if (!IsReplay) onFault?.Invoke(fault);
    }
}
