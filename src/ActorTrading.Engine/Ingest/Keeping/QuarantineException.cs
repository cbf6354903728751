namespace ActorTrading.Engine.Ingest.Keeping;

/// <summary>A refusal could not be made durable before the quarantine was closed; whoever sent it is to send it again.</summary>
public sealed class QuarantineException(string message) : Exception(message);
