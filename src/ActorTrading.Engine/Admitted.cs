namespace ActorTrading.Engine;

/// <summary>Input that was admitted: there is room for it, and its place in the order is fixed. It may still fail.</summary>
/// <param name="Durable">
/// Completes with the outcome once each accepted record is durable and folded, and each rejected one is durable in the quarantine where
/// there is one. Fails if the outcome is unknown: then the sender sends the input again.
/// </param>
public readonly record struct Admitted<T>(Task<T> Durable);
