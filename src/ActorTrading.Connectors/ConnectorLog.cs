using Microsoft.Extensions.Logging;

namespace ActorTrading.Connectors;

/// <summary>Log messages of all connectors, for operators. They contain no secret.</summary>
internal static partial class ConnectorLog
{
    [LoggerMessage(710, LogLevel.Information, "Connector {Name} is connected to {Peer}")]
    public static partial void ConnectorConnected(this ILogger logger, string name, string peer);

    [LoggerMessage(711, LogLevel.Warning, "Connector {Name} has failed and retries until it succeeds: {Reason}")]
    public static partial void ConnectorFailed(this ILogger logger, string name, string reason);

    [LoggerMessage(712, LogLevel.Warning, "Connector {Name}: {Notice}")]
    public static partial void ConnectorNotice(this ILogger logger, string name, string notice);

    [LoggerMessage(713, LogLevel.Information, "Connector {Name}: {Event}")]
    public static partial void ConnectorEvent(this ILogger logger, string name, string @event);

    [LoggerMessage(714, LogLevel.Debug, "Connector {Name}, its client: {Message}")]
    public static partial void ConnectorClient(this ILogger logger, string name, string message);
}
