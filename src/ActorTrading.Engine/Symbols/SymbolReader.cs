namespace ActorTrading.Engine.Symbols;

/// <summary>Reads symbols of one partition for a single query. Looks up the positions of the plans' values once for all symbols.</summary>
internal sealed class SymbolReader
{
    private readonly BarValues values = new();

    public SymbolReading Read(HostedSymbol symbol)
    {
        var state = symbol.State;
        var frames = new List<FrameReading>();
        foreach (var series in state.Plan.Shown)
        {
            frames.Add(new FrameReading(series.Frame, symbol.BarsClosed[series.Index], values.Read(state, series)));
        }

        return new SymbolReading(
            symbol.Symbol, state.Ohlcv.LastPrice, state.Ohlcv.LastTime, state.Sources.Applied, state.Sources.Late, frames);
    }
}
