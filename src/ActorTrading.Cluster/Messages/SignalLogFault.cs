namespace ActorTrading.Cluster.Messages;

/// <summary>Damage of the signal log. The administrator repeats it until the log is repaired.</summary>
/// <param name="Position">The missing or damaged entry.</param>
/// <param name="Fault">The damage; empty: repaired.</param>
internal sealed record SignalLogFault(long Position, string Fault);
