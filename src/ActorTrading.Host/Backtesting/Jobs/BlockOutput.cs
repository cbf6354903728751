namespace ActorTrading.Host.Backtesting.Jobs;

/// <summary>
/// What came of a record: the number of the record in its block, and a signal, a fault, a rejection or the row of a
/// bar.
/// </summary>
internal readonly record struct BlockOutput(int Record, object What);
