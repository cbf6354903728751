using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Tests.Logging;

/// <summary>Records the ids of the logged events, in order.</summary>
internal sealed class ListLogger : ILogger
{
    private readonly ConcurrentQueue<int> events = new();

    public IEnumerable<int> Events => events;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        events.Enqueue(eventId.Id);
}
