using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;

namespace ActorTrading.Engine.Symbols;

/// <summary>An output that is told which symbol is being folded.</summary>
internal interface ISymbolOutput : IFoldOutput
{
    /// <summary>The symbol being folded.</summary>
    HostedSymbol? Folding { set; }
}

/// <summary>
/// The output of a past that is folded again: only what the trace of its symbol keeps. For one thread.
/// </summary>
internal sealed class TraceOutput : ISymbolOutput
{
    /// <inheritdoc/>
    public HostedSymbol? Folding { get; set; }

    /// <inheritdoc/>
    public void OnBar(SymbolState symbol, Series series, in Bar bar) => Folding?.Trace.OnBar(symbol, series, bar);

    /// <inheritdoc/>
    public void OnSignal(Signal signal)
    {
    }

    /// <inheritdoc/>
    public void OnLate(in Record record)
    {
    }

    /// <inheritdoc/>
    public void OnFault(IndicatorFault fault)
    {
    }
}
