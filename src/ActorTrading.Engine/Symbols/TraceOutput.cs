using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;

namespace ActorTrading.Engine.Symbols;

/// <summary>Fold output that also receives the symbol being folded.</summary>
internal interface ISymbolOutput : IFoldOutput
{
    /// <summary>The symbol being folded.</summary>
    HostedSymbol? Folding { set; }
}

/// <summary>Fold output for replays: updates only the market trace of the symbol. Not thread-safe.</summary>
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
