using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ActorTrading.Host.Logging;

/// <summary>Configures logging: lines to standard error, written by a separate thread, so that a slow terminal blocks nothing.</summary>
internal static class NodeLogging
{
    /// <summary>The log category of a node.</summary>
    public const string Category = "ActorTrading";

    private const int LongestQueue = 4_096;

    /// <summary>Creates the loggers. Disposing them writes the pending lines.</summary>
    public static ILoggerFactory Create(LogOptions options) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(options.LeastLevel);
        logging.AddFilter("Microsoft", LogLevel.None); // the web server; its relevant events are logged by the node
        logging.Services.AddSingleton<ConsoleFormatter>(new LineFormatter(options.Format, TimeProvider.System));
        logging.AddConsole(console =>
        {
            console.FormatterName = LineFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.MaxQueueLength = LongestQueue;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite; // an unread log must not block the node
        });
    });
}
