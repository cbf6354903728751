using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Calendars;

/// <summary>Trading around the clock, every day; a day begins at midnight UTC. The calendar of crypto markets, and the default.</summary>
public sealed class ContinuousCalendar : TradingCalendar
{
    /// <inheritdoc/>
    public override string Name => "24h";

    /// <inheritdoc/>
    public override Bucket SessionAt(Timestamp time)
    {
        var day = time.DayNumber;
        var start = day * Timestamp.Day;
        return new Bucket(start, start + Timestamp.Day, day);
    }

    /// <inheritdoc/>
    public override Bucket SessionOfDailyBar(Timestamp stamp) => SessionAt(stamp);
}
