using Microsoft.Extensions.Logging;

namespace ActorTrading.Cluster.Hosting;

/// <summary>Log messages of Akka.NET as numbered events; docs/logs.md lists them.</summary>
internal static partial class AkkaLog
{
    /// <summary>Log category of these events.</summary>
    public const string Category = "Akka";

    [LoggerMessage(600, LogLevel.Debug, "{Said} [{Source}]")]
    public static partial void AkkaConnection(this ILogger logger, string said, string source, Exception? cause);

    [LoggerMessage(601, LogLevel.Warning, "{Said} [{Source}]")]
    public static partial void AkkaWarning(this ILogger logger, string said, string source, Exception? cause);

    [LoggerMessage(602, LogLevel.Error, "{Said} [{Source}]")]
    public static partial void AkkaError(this ILogger logger, string said, string source, Exception? cause);
}
