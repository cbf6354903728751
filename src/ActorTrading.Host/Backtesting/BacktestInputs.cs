using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Backtesting;

/// <summary>The inputs of a backtest: the detected format of each, why some could not be read completely, and the elapsed time.</summary>
internal sealed record BacktestInputs(IReadOnlyList<InputTaken> Taken, IReadOnlyList<string> Damage, TimeSpan Elapsed);
