namespace ActorTrading.Engine.Ingest.Access;

/// <summary>The file of access rules cannot be read. The message names the file and the position; it contains no secret.</summary>
public sealed class AccessException(string message, Exception? inner = null) : Exception(message, inner);
