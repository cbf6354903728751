using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Logging;

/// <summary>
/// Limits log events to a number per second for each kind, and counts the suppressed ones, so that clients that open and break connections
/// all day cannot fill the disk. Thread-safe.
/// </summary>
internal sealed class LimitedLogger(ILogger inner, int perSecond, TimeProvider time) : ILogger
{
    private readonly ConcurrentDictionary<int, Kind> kinds = new();
    private long suppressed;

    /// <summary>Number of suppressed events since the start.</summary>
    public long Suppressed => Interlocked.Read(ref suppressed);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var kind = kinds.GetOrAdd(eventId.Id, static _ => new Kind());
        long untold;
        lock (kind)
        {
            var now = time.GetTimestamp();
            if (kind.Count == 0 || time.GetElapsedTime(kind.Since, now) >= TimeSpan.FromSeconds(1)) (kind.Since, kind.Count) = (now, 0);
            if (++kind.Count > perSecond)
            {
                kind.Untold++;
                Interlocked.Increment(ref suppressed);
                return;
            }

            (untold, kind.Untold) = (kind.Untold, 0);
        }

        if (untold > 0) inner.Suppressed(untold, eventId.Name ?? eventId.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        inner.Log(logLevel, eventId, state, exception, formatter);
    }

    private sealed class Kind
    {
        public long Since { get; set; }

        public int Count { get; set; }

        public long Untold { get; set; }
    }
}
