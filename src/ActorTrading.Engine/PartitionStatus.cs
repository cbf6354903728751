namespace ActorTrading.Engine;

/// <summary>
/// Status of a partition: number of symbols, records folded since the start, records that wait for a decision, and the age of the oldest
/// waiting one.
/// </summary>
public sealed record PartitionStatus(int Number, string Owner, int Symbols, long Records, int Waiting, TimeSpan Lag);
