namespace ActorTrading.Engine;

/// <summary>The plan was not changed; the message gives the reason.</summary>
public sealed class PlanChangeException(string message, Exception? inner = null) : Exception(message, inner);
