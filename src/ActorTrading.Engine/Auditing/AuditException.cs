namespace ActorTrading.Engine.Auditing;

/// <summary>A line of the audit log cannot be written; the message gives the reason.</summary>
public sealed class AuditException(string message, Exception? inner = null) : Exception(message, inner);
