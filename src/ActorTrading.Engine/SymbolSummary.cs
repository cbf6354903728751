using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>
/// Summary of a symbol: the last price in units of its plan (0 before the first price), its timestamp, counts of records and signals, and
/// the partition that hosts the symbol.
/// </summary>
public sealed record SymbolSummary(Symbol Symbol, long LastPrice, Timestamp LastTime, long Applied, long Late, long Signals, int Partition)
{
    internal static SymbolSummary Of(SymbolState state, int partition) => new(
        state.Symbol, state.Ohlcv.LastPrice, state.Ohlcv.LastTime, state.Sources.Applied, state.Sources.Late, state.Ohlcv.Signals,
        partition);
}
