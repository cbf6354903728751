using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Logging;

/// <summary>
/// What Akka.NET says, in the log of a node: without its own stamps and stack traces, and without each try to reach a node that is gone, of which the cluster tells once.
/// </summary>
internal sealed class AkkaLog(ILogger logger) : ILoggerFactory, ILogger
{
    private static readonly string[] OfConnections = ["/system/endpointManager/", "[remoting ", "Remoting is not running"];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var said = formatter(state, exception);
        if (OfConnections.Any(mark => said.Contains(mark, StringComparison.Ordinal)))
        {
            logger.AkkaConnection(Told(said));
            return;
        }

        if (logLevel >= LogLevel.Error) logger.AkkaError(Told(said));
        else if (logLevel == LogLevel.Warning) logger.AkkaWarning(Told(said));
        else logger.AkkaConnection(Told(said));
    }

    /// <summary>The words behind <c>[WARNING][time][Thread 7][source]</c>, up to a cause's stack trace.</summary>
    internal static string Told(string said)
    {
        var from = 0;
        for (var stamps = 0; stamps < 4 && from < said.Length && said[from] == '['; stamps++)
        {
            if (said.IndexOf(']', from) is var end && end < 0) break;
            from = end + 1;
        }

        var trace = said.IndexOf("\n   at ", from, StringComparison.Ordinal);
        return said[from..(trace < 0 ? said.Length : trace)].Trim();
    }
}
