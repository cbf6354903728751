using Akka.Actor;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Cluster.Hosting;

/// <summary>
/// Akka.Hosting's logger with the events of <see cref="AkkaLog"/>: without the stamps that Akka.NET puts before each message. A
/// failed attempt to reach a node that is gone is a debug event: there are many, and the cluster reports the node once.
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

    /// <summary>Whether a pod did not answer once: it has just started, or has gone. One that is silent for seconds is an error.</summary>
    private static bool IsOfContactPoint(string source) =>
        source.Contains("/system/bootstrapCoordinator/contactPointProbe-", StringComparison.Ordinal);

    private static bool IsAboutConnections(string source, string message) =>
        source.StartsWith("remoting", StringComparison.Ordinal) || source.Contains("/system/endpointManager/", StringComparison.Ordinal)
        || message.Contains("Remoting is not running", StringComparison.Ordinal);
}
