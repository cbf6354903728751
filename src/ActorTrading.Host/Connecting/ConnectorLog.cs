using ActorTrading.Connectors;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Connecting;

/// <summary>Log messages of a node about its connectors. Connectors log their own activity.</summary>
internal static partial class ConnectorLog
{
    [LoggerMessage(700, LogLevel.Information, "Connector {Name} ({Kind}, {Direction}) begins")]
    public static partial void ConnectorBegins(this ILogger logger, string name, string kind, ConnectorDirection direction);

    [LoggerMessage(701, LogLevel.Warning, "Connectors have not ended within {Patience}; what they have not acknowledged comes again")]
    public static partial void ConnectorsHang(this ILogger logger, TimeSpan patience);
}
