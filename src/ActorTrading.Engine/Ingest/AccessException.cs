namespace ActorTrading.Engine.Ingest;

/// <summary>A file of access rules cannot be read; the message names the file and the place, and no secret.</summary>
public sealed class AccessException(string message, Exception? inner = null) : Exception(message, inner);
