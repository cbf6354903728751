using System.Collections.Concurrent;
using ActorTrading.Host.Logging;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Telemetry;

/// <summary>
/// Statistics of connected subscribers by kind (<c>websocket</c>, <c>sse</c>): their number, the largest lag behind the signal log, and the
/// events they missed since the start. Thread-safe.
/// </summary>
internal sealed class Subscribers(ILogger logger)
{
    private readonly ConcurrentDictionary<string, Kind> kinds = new(StringComparer.Ordinal);

    /// <summary>The kinds seen so far, with the number of subscribers, the largest lag in signals, and the missed events.</summary>
    public IEnumerable<(string Kind, int Count, long Lag, long Missed)> All =>
        kinds.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair =>
        {
            var behind = pair.Value.Lags.Values.Select(static lag => lag()).ToList();
            return (pair.Key, behind.Count, behind.Count == 0 ? 0 : Math.Max(0, behind.Max()), Interlocked.Read(ref pair.Value.Missed));
        });

    /// <summary>Adds a subscriber. Dispose the result to remove it.</summary>
    /// <param name="kind">The kind of connection; one of a few fixed words.</param>
    /// <param name="lag">Returns the number of signals in the log that it has not received; 0 when it does not follow the log.</param>
    public Subscription Enter(string kind, Func<long> lag)
    {
        var entered = kinds.GetOrAdd(kind, static _ => new Kind());
        var subscription = new Subscription(kind, entered, logger);
        entered.Lags[subscription] = lag;
        logger.SubscriberCame(kind);
        return subscription;
    }

    internal sealed class Kind
    {
        public ConcurrentDictionary<Subscription, Func<long>> Lags { get; } = [];

        public long Missed;
    }

    /// <summary>A connected subscriber.</summary>
    internal sealed class Subscription(string name, Kind kind, ILogger logger) : IDisposable
    {
        /// <summary>Counts events that were dropped for a slow subscriber.</summary>
        public void Missed(long events)
        {
            Interlocked.Add(ref kind.Missed, events);
            logger.SubscriberMissed(name, events);
        }

        /// <summary>Removes the subscriber.</summary>
        public void Dispose()
        {
            if (kind.Lags.TryRemove(this, out _)) logger.SubscriberWent(name);
        }
    }
}
