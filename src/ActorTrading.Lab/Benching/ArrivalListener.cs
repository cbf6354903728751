using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Feeding;

namespace ActorTrading.Lab.Benching;

/// <summary>
/// Receives the messages of a subscriber and measures the latency of each signal and bar. The latency starts when the triggering record was
/// due to be sent: the first record of the symbol at or after the signal's time or the bar's end, which the tape knows. Only for a load
/// with a rate, and for frames below a day. Not thread-safe.
/// </summary>
internal sealed class ArrivalListener(Stopwatch clock, TimeSpan beginning)
{
    private readonly Dictionary<string, (MarketTape Tape, SendSchedule Schedule)> feeds = new(StringComparer.Ordinal);
    private long position;

    /// <summary>Latencies of signals.</summary>
    public LatencyHistogram Signals { get; } = new();

    /// <summary>Latencies of bars.</summary>
    public LatencyHistogram Bars { get; } = new();

    /// <summary>Number of bars that the node did not send because the subscriber was too slow.</summary>
    public long Missed { get; private set; }

    /// <summary>The position of the subscriber in the signal log. Safe to read from any thread.</summary>
    public long Position => Volatile.Read(ref position);

    /// <summary>Starts measuring the signals and bars of a tape's symbols.</summary>
    public void Follow(MarketTape tape, SendSchedule schedule)
    {
        foreach (var name in tape.Symbols) feeds[name] = (tape, schedule);
    }

    /// <summary>Processes a message; returns its name.</summary>
    /// <exception cref="JsonException">It is not a message of a node.</exception>
    public string Hear(ReadOnlyMemory<byte> message)
    {
        var now = (long)clock.Elapsed.TotalNanoseconds;
        using var json = JsonDocument.Parse(message);
        if (json.RootElement.ValueKind != JsonValueKind.Object
            || json.RootElement.EnumerateObject().FirstOrDefault() is not { Value.ValueKind: not JsonValueKind.Undefined } said)
            throw new JsonException("The message is no object with a member.");
        switch (said.Name)
        {
            case "signal":
                Take(said.Value, "time", 0, now, Signals);
                Volatile.Write(ref position, said.Value.GetProperty("position").GetInt64());
                break;
            case "bar" when Frames.TryParse(said.Value.GetProperty("frame").GetString(), out var frame) && frame < Frame.OneDay:
                Take(said.Value, "open_time", frame.Length(), now, Bars);
                break;
            case "subscribed":
                Volatile.Write(ref position, said.Value.GetProperty("from").GetInt64());
                break;
            case "missed":
                Missed += said.Value.GetProperty("count").GetInt64();
                break;
        }

        return said.Name;
    }

    private void Take(JsonElement happened, string time, long after, long now, LatencyHistogram into)
    {
        var symbol = happened.GetProperty("symbol").GetString()!;
        if (!feeds.TryGetValue(symbol, out var feed)) return;
        if (!DateTime.TryParse(
            happened.GetProperty(time).GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var at))
            throw new JsonException($"'{time}' is no time.");
        var intended = feed.Schedule.IntendedAt(feed.Tape.FirstAt(symbol, new Timestamp(Timestamp.FromDateTime(at).Nanoseconds + after)));
        if (intended >= (long)beginning.TotalNanoseconds) into.Add(now - intended);
    }
}
