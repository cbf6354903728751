using System.Collections.Concurrent;
using ActorTrading.Host.Logging;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Watching;

/// <summary>
/// Who looks on, by kind (<c>websocket</c>, <c>sse</c>): how many, how far the slowest is behind the signal log, and how much they missed
/// since the start. Safe for any number of threads.
/// </summary>
internal sealed class Subscribers(ILogger logger)
{
    private readonly ConcurrentDictionary<string, Kind> kinds = new(StringComparer.Ordinal);

    /// <summary>The kinds seen so far, each with its count, the largest lag in signals, and events missed.</summary>
    public IEnumerable<(string Kind, int Count, long Lag, long Missed)> All =>
        kinds.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair =>
        {
            var behind = pair.Value.Lags.Values.Select(static lag => lag()).ToList();
            return (pair.Key, behind.Count, behind.Count == 0 ? 0 : Math.Max(0, behind.Max()), Interlocked.Read(ref pair.Value.Missed));
        });

    /// <summary>One has come; it goes when the subscription is disposed of.</summary>
    /// <param name="kind">One of a few fixed words.</param>
    /// <param name="lag">Tells how many signals of the log it has not been sent; 0 where it does not follow the log.</param>
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

    /// <summary>One who looks on.</summary>
    internal sealed class Subscription(string name, Kind kind, ILogger logger) : IDisposable
    {
        /// <summary>It did not keep up, and events were dropped for it.</summary>
        public void Missed(long events)
        {
            Interlocked.Add(ref kind.Missed, events);
            logger.SubscriberMissed(name, events);
        }

        /// <summary>It has gone.</summary>
        public void Dispose()
        {
            if (kind.Lags.TryRemove(this, out _)) logger.SubscriberWent(name);
        }
    }
}
