using System.Diagnostics;
using System.Globalization;
using ActorTrading.Domain.Values;

namespace ActorTrading.Host.Benching;

/// <summary>
/// Hears the signals that a node prints as they become durable, and tells for each how long it took from the moment at which the record that made it fire
/// was to be sent. That is the first record of its symbol from the signal's time on, which the tape knows. Only of a load with a rate. For one thread.
/// </summary>
internal sealed class SignalListener(Stopwatch clock, TimeSpan beginning)
{
    private readonly Dictionary<string, (MarketTape Tape, SendSchedule Schedule)> feeds = new(StringComparer.Ordinal);

    /// <summary>How long signals took.</summary>
    public LatencyHistogram Latencies { get; } = new();

    /// <summary>From now on signals of this tape's symbols count.</summary>
    public void Follow(MarketTape tape, SendSchedule schedule)
    {
        foreach (var name in tape.Symbols) feeds[name] = (tape, schedule);
    }

    /// <summary>A line of the node: time, action, symbol, and the rest; anything else is none of its business.</summary>
    public void Hear(string line)
    {
        var now = (long)clock.Elapsed.TotalNanoseconds;
        if (line.Split(' ', 4) is not [var time, _, var symbol, _] || !feeds.TryGetValue(symbol, out var feed)) return;
        if (!DateTime.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var at)) return;
        var intended = feed.Schedule.IntendedAt(feed.Tape.FirstAt(symbol, Timestamp.FromDateTime(at)));
        if (intended >= (long)beginning.TotalNanoseconds) Latencies.Add(now - intended);
    }
}
