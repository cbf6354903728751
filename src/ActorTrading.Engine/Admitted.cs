namespace ActorTrading.Engine;

/// <summary>Input that was admitted: the engine has room for it, and its position in the order is fixed. It may still fail.</summary>
/// <param name="Durable">
/// Completes with the outcome when each accepted record is durable and folded, and each rejected record is durable in the quarantine (if
/// there is one). Fails if the outcome is unknown: the sender must send the input again.
/// </param>
public readonly record struct Admitted<T>(Task<T> Durable);
