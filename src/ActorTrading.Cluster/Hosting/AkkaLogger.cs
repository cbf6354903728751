using Akka.Actor;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Cluster.Hosting;

/// <summary>
/// Akka.Hosting's logger with the events of <see cref="AkkaLog"/>, without the prefixes that Akka.NET puts before each message.
/// Failed connection attempts are debug events: there are many, and the cluster reports an unreachable node once.
/// </summary>
internal sealed class AkkaLogger : LoggerFactoryLogger
{
    private readonly ILogger logger =
        Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory.CreateLogger(AkkaLog.Category);

    protected override void Log(LogEvent log, ActorPath path)
    {
        var message = log.Message?.ToString() ?? "";
        var level = log.LogLevel();
        if (level < Akka.Event.LogLevel.WarningLevel || IsAboutConnections(log.LogSource, message)
            || (level == Akka.Event.LogLevel.WarningLevel && IsOfContactPoint(log.LogSource)))
            logger.AkkaConnection(message, log.LogSource, log.Cause);
        else if (level == Akka.Event.LogLevel.WarningLevel)
            logger.AkkaWarning(message, log.LogSource, log.Cause);
        else
            logger.AkkaError(message, log.LogSource, log.Cause);
    }

    /// <summary>
    /// Whether one request to a pod's contact point failed: the pod is starting or stopping. Failures for several seconds are errors.
    /// </summary>
    private static bool IsOfContactPoint(string source) =>
        source.Contains("/system/bootstrapCoordinator/contactPointProbe-", StringComparison.Ordinal);

    private static bool IsAboutConnections(string source, string message) =>
        source.StartsWith("remoting", StringComparison.Ordinal) || source.Contains("/system/endpointManager/", StringComparison.Ordinal)
        || message.Contains("Remoting is not running", StringComparison.Ordinal);
}
