using Microsoft.Extensions.Logging;

namespace ActorTrading.Connectors.Tests;

/// <summary>The log of connectors.</summary>
internal sealed class Notices : ILogger
{
    private readonly List<string> lines = [];

    public bool Has(string text)
    {
        lock (lines) return lines.Exists(line => line.Contains(text, StringComparison.Ordinal));
    }

    public IReadOnlyList<string> All
    {
        get
        {
            lock (lines) return [.. lines];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines) lines.Add(formatter(state, exception));
    }
}
