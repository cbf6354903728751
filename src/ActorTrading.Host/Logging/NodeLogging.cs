using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ActorTrading.Host.Logging;

/// <summary>
/// Sets up what a node logs: lines on the standard error, written by a thread of their own, so that nobody waits for a terminal.
/// </summary>
internal static class NodeLogging
{
    /// <summary>The category of a node.</summary>
    public const string Category = "ActorTrading";

    private const int LongestQueue = 4_096;

    /// <summary>Makes the loggers. What was logged is written when they are disposed of.</summary>
    public static ILoggerFactory Create(LogOptions options) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(options.LeastLevel);
        logging.AddFilter("Microsoft", LogLevel.None); // the web server: what matters of it is among the events of the node
        logging.Services.AddSingleton<ConsoleFormatter>(new LineFormatter(options.Format, TimeProvider.System));
        logging.AddConsole(console =>
        {
            console.FormatterName = LineFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.MaxQueueLength = LongestQueue;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite; // a log that nobody reads stops no node
        });
    });
}
