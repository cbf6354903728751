namespace ActorTrading.Connectors;

/// <summary>A connector cannot work; the message has the reason and contains no secret.</summary>
public sealed class ConnectorException(string message, Exception? inner = null) : Exception(message, inner);
