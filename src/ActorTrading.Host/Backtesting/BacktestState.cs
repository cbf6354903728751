using ActorTrading.Domain.Folding;
using ActorTrading.Engine;

namespace ActorTrading.Host.Backtesting;

/// <summary>The final state of a backtest: the ledger, and all symbols ordered by name.</summary>
internal sealed record BacktestState(Ledger Ledger, IReadOnlyList<SymbolState> Symbols);
