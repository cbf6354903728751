using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Cluster.Tests;

/// <summary>The log entries of nodes, by default from warnings up.</summary>
internal sealed class CapturedLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> lines = new();

    /// <summary>The lowest recorded level.</summary>
    public LogLevel Least { get; init; } = LogLevel.Warning;

    /// <summary>All entries, the oldest first.</summary>
    public IEnumerable<string> Lines => lines;

    public int Count(string part) => lines.Count(line => line.Contains(part, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= Least;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) lines.Enqueue($"{formatter(state, exception)} {exception?.Message}");
    }
}
