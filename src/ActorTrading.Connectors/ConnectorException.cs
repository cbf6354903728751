namespace ActorTrading.Connectors;

/// <summary>A connector cannot do its work as it is; the message says why, and holds no secret.</summary>
public sealed class ConnectorException(string message, Exception? inner = null) : Exception(message, inner);
