using ActorTrading.Connectors;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Connecting;

/// <summary>Log messages of a node about its connectors. Connectors log their own activity.</summary>
internal static partial class ConnectorLog
{
    [LoggerMessage(700, LogLevel.Information, "Connector {Name} ({Kind}, {Direction}) starts")]
    public static partial void ConnectorBegins(this ILogger logger, string name, string kind, ConnectorDirection direction);

    [LoggerMessage(701, LogLevel.Warning, "Connectors did not end within {Patience}; their unacknowledged messages are delivered again")]
    public static partial void ConnectorsHang(this ILogger logger, TimeSpan patience);
}
