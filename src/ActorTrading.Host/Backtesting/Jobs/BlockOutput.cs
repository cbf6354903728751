namespace ActorTrading.Host.Backtesting.Jobs;

/// <summary>An output of a record: the index of the record in its block, and a signal, fault, rejection or bar row.</summary>
internal readonly record struct BlockOutput(int Record, object What);
