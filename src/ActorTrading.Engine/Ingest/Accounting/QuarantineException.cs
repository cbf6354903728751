namespace ActorTrading.Engine.Ingest.Accounting;

/// <summary>A rejection was not durable when the quarantine was closed; its sender must send the input again.</summary>
public sealed class QuarantineException(string message) : Exception(message);
