namespace ActorTrading.Cluster.Messages;

/// <summary>What is wrong with the signal log, told again and again by its administrator while it is.</summary>
/// <param name="Position">The entry that is missing or damaged.</param>
/// <param name="Fault">What is wrong with it; empty when it has been repaired.</param>
internal sealed record SignalLogFault(long Position, string Fault);
