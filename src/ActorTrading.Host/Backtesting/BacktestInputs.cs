using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Backtesting;

/// <summary>What a backtest read: what each input was taken for, why some could not be read to their end, and how long it took.</summary>
internal sealed record BacktestInputs(IReadOnlyList<InputTaken> Taken, IReadOnlyList<string> Damage, TimeSpan Elapsed);
