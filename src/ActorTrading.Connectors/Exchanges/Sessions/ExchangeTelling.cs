using ActorTrading.Connectors.Exchanges.Adapters;
using ActorTrading.Domain.Values;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>
/// Logs the errors of a market: each kind at most once a second, since an exchange may send thousands of messages a second. The counters
/// include all errors.
/// </summary>
internal sealed class ExchangeTelling(string name, ILogger logger, TimeProvider time)
{
    private readonly Dictionary<string, long> told = new(StringComparer.Ordinal);

    /// <summary>The difference by which the exchange's clock is ahead.</summary>
    public TimeSpan Offset { get; set; }

    /// <summary>The current time of the exchange's clock, as a JSON value.</summary>
    public string Now() => ExchangeJson.Moment(time.GetUtcNow() + Offset);

    public void Malformed(string reason)
    {
        if (IsTime(nameof(Malformed))) logger.ExchangeMalformed(name, reason);
    }

    public void Dropped(long count)
    {
        if (IsTime(nameof(Dropped))) logger.ExchangeDropped(name, count);
    }

    public void Gap(ExchangeChannel channel, string symbol, long from, long to)
    {
        if (IsTime(nameof(Gap) + symbol)) logger.ExchangeGap(name, channel.Name(), symbol, from, to);
    }

    public void Break(ExchangeChannel channel, string symbol, long from, long to)
    {
        if (IsTime(nameof(Break) + symbol)) logger.ExchangeTimeGap(name, channel.Name(), symbol, new Timestamp(from), new Timestamp(to));
    }

    /// <summary>Losses are logged each time.</summary>
    public void LostTime(ExchangeChannel channel, string symbol, long from, long to) =>
        logger.ExchangeTimeLost(name, channel.Name(), symbol, new Timestamp(from), new Timestamp(to));

    public void Filled(int count, ExchangeChannel channel, string symbol)
    {
        if (IsTime(nameof(Filled) + symbol)) logger.ExchangeFilled(name, count, channel.Name(), symbol);
    }

    public void Repeat(NumberedItem item)
    {
        if (IsTime(nameof(Repeat) + item.Symbol)) logger.ExchangeRepeats(name, item.Channel.Name(), item.Symbol, item.Number);
    }

    public void Reordered(NumberedItem item)
    {
        if (IsTime(nameof(Reordered) + item.Symbol)) logger.ExchangeReordered(name, item.Channel.Name(), item.Symbol, item.Number);
    }

    public void BookBroken(string symbol)
    {
        if (IsTime(nameof(BookBroken) + symbol)) logger.ExchangeBookBroken(name, symbol);
    }

    /// <summary>Losses are logged each time.</summary>
    public void Lost(long count, ExchangeChannel channel, string symbol, long to) =>
        logger.ExchangeLost(name, count, channel.Name(), symbol, to);

    private bool IsTime(string what)
    {
        var now = time.GetTimestamp();
        if (told.TryGetValue(what, out var at) && time.GetElapsedTime(at, now) < TimeSpan.FromSeconds(1)) return false;
        told[what] = now;
        return true;
    }
}
